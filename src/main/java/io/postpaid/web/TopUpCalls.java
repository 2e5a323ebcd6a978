package io.postpaid.web;

import io.postpaid.account.Accounts;
import io.postpaid.billing.receipt.TopUpDocument;
import io.postpaid.billing.receipt.TopUpDocuments;
import io.postpaid.payments.topup.TopUp;
import io.postpaid.payments.topup.TopUps;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Credit that an account buys with its card. */
@RestController
class TopUpCalls {
    private final TopUps topUps;
    private final TopUpDocuments documents;
    private final Accounts accounts;

    TopUpCalls(TopUps topUps, TopUpDocuments documents, Accounts accounts) {
        this.topUps = topUps;
        this.documents = documents;
        this.accounts = accounts;
    }

    record CreditWanted(
            @Nullable BigDecimal amount, @Nullable String currency) {}

    /**
     * What became of it.
     *
     * @param amount as it was asked for, which is the net
     * @param total what is charged
     * @param invoice its number, once it is charged
     */
    record Bought(
            String reference,
            TopUp.Status status,
            String amount,
            String net,
            String tax,
            String total,
            String currency,
            @Nullable String invoice) {}

    @PostMapping("/v1/credits/top-ups")
    ResponseEntity<Bought> buy(
            Acting acting,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody CreditWanted wish) {
        var reference = GateCalls.mustBeKey(key);
        var amount = Decimals.amount("amount", wish.amount());
        var currency = accounts.get(acting.account()).currency();
        if (!currency.equals(wish.currency())) {
            throw HttpRefusal.invalid("currency", "The currency of the account is needed, which is " + currency);
        }
        return switch (topUps.buy(acting.account(), amount, reference)) {
            case TopUps.Answer.Taken(var topUp, var known) -> told(topUp);
            case TopUps.Answer.AtBank(var topUp, var url) -> told(topUp);
            case TopUps.Answer.Refused(var cause, var why) -> throw refused(cause, why);
        };
    }

    private ResponseEntity<Bought> told(TopUp topUp) {
        var status = switch (topUp.status()) {
            case SUCCEEDED -> HttpStatus.CREATED;
            case CLAIMED, UNKNOWN -> HttpStatus.ACCEPTED;
            case DECLINED, NEEDS_CUSTOMER, NOT_EXECUTED -> throw notCharged(topUp);
        };
        var net = Amounts.plain(topUp.amount(), topUp.currency());
        return ResponseEntity.status(status)
                .body(new Bought(
                        topUp.reference(),
                        topUp.status(),
                        net,
                        net,
                        Amounts.plain(topUp.tax(), topUp.currency()),
                        Amounts.plain(topUp.total(), topUp.currency()),
                        topUp.currency(),
                        documents.of(topUp.id()).stream()
                                .findFirst()
                                .map(TopUpDocument::number)
                                .orElse(null)));
    }

    private static HttpRefusal notCharged(TopUp topUp) {
        return new HttpRefusal(
                HttpStatus.PAYMENT_REQUIRED,
                "PAYMENT_REQUIRED",
                "Nothing was charged. " + topUp.reason(),
                Map.of("status", topUp.status(), "what_to_do", "Try again with another Idempotency-Key"));
    }

    private static HttpRefusal refused(TopUps.Answer.Cause cause, String why) {
        return switch (cause) {
            case AMOUNT -> HttpRefusal.invalid("amount", why);
            case REFERENCE -> HttpRefusal.invalid("Idempotency-Key", why);
            case REFERENCE_TAKEN ->
                new HttpRefusal(
                        HttpStatus.CONFLICT,
                        "IDEMPOTENCY_CONFLICT",
                        "This Idempotency-Key stands for a top-up of another amount: send a key of its own with each");
            case TOO_OFTEN -> new HttpRefusal(HttpStatus.TOO_MANY_REQUESTS, "TOO_MANY_DECLINES", why);
            // What is missing is told to operators, in their words.
            case NOT_BILLABLE -> new HttpRefusal(HttpStatus.CONFLICT, "NOT_BILLABLE", TopUps.NOT_BILLABLE);
            case NO_CARD ->
                new HttpRefusal(
                        HttpStatus.PAYMENT_REQUIRED,
                        "PAYMENT_METHOD_REQUIRED",
                        why,
                        Map.of("what_to_do", "Put a card on file"));
        };
    }
}
