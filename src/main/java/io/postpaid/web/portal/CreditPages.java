package io.postpaid.web.portal;

import io.postpaid.account.Accounts;
import io.postpaid.credit.CreditGrant;
import io.postpaid.credit.CreditLedger;
import io.postpaid.mail.Wording;
import io.postpaid.payments.topup.TopUp;
import io.postpaid.payments.topup.TopUps;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Credit: what is left of it, in the order of use, and more of it by the card on file. */
@CustomerPages
class CreditPages {
    private final Pages pages;
    private final Accounts accounts;
    private final CreditLedger ledger;
    private final TopUps topUps;
    private final PortalLinks links;
    private final PageRate rate;
    private final BillingClock clock;

    CreditPages(
            Pages pages,
            Accounts accounts,
            CreditLedger ledger,
            TopUps topUps,
            PortalLinks links,
            PageRate rate,
            BillingClock clock) {
        this.pages = pages;
        this.accounts = accounts;
        this.ledger = ledger;
        this.topUps = topUps;
        this.links = links;
        this.rate = rate;
        this.clock = clock;
    }

    @GetMapping("/billing/credit")
    ResponseEntity<String> credit(HttpServletRequest request, Principal customer) {
        return credit(request, customer, HttpStatus.OK, "", "");
    }

    /** The key of the form makes pressing its button twice one top-up. */
    @PostMapping("/billing/credit/top-ups")
    ResponseEntity<String> buy(
            HttpServletRequest request,
            Principal customer,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String key) {
        var wanted = Figures.amount(amount);
        if (wanted.isEmpty() || !key.matches("[0-9a-f-]{36}")) {
            return credit(request, customer, HttpStatus.BAD_REQUEST, "An amount is needed, such as 25.00", amount);
        }
        rate.asksStripe(customer.getName());
        return switch (topUps.buy(
                customer.getName(), wanted.get(), "page-" + key, links.url("/billing/credit/top-ups/" + key))) {
            case TopUps.Answer.Refused(var cause, var why) ->
                credit(
                        request,
                        customer,
                        HttpStatus.BAD_REQUEST,
                        cause == TopUps.Answer.Cause.NOT_BILLABLE ? TopUps.NOT_BILLABLE : why,
                        amount);
            case TopUps.Answer.Taken(var topUp, var known) -> bought(request, topUp);
            case TopUps.Answer.AtBank(var topUp, var url) ->
                pages.leave(request, "Your bank asks you to confirm the payment", url);
        };
    }

    /** The way back from the bank: looks what became of the top-up, as an event of Stripe's would. */
    @GetMapping("/billing/credit/top-ups/{key}")
    ResponseEntity<String> back(HttpServletRequest request, Principal customer, @PathVariable String key) {
        rate.asksStripe(customer.getName());
        return topUps.back(customer.getName(), "page-" + key)
                .map(topUp -> bought(request, topUp))
                .orElseThrow(PageNotFound::new);
    }

    private ResponseEntity<String> bought(HttpServletRequest request, TopUp topUp) {
        var text = Amounts.text(topUp.amount(), topUp.currency());
        return switch (topUp.status()) {
            case SUCCEEDED ->
                pages.message(request, HttpStatus.OK, "Thank you", text + " was charged and is on your account.");
            case CLAIMED, UNKNOWN ->
                pages.message(
                        request,
                        HttpStatus.ACCEPTED,
                        "Your payment is under way",
                        "The credit of " + text
                                + " is there as soon as the payment is confirmed. What you do not confirm within half an hour"
                                + " is not charged.");
            case DECLINED, NEEDS_CUSTOMER, NOT_EXECUTED ->
                pages.message(
                        request, HttpStatus.PAYMENT_REQUIRED, "Nothing was charged", String.valueOf(topUp.reason()));
        };
    }

    private ResponseEntity<String> credit(
            HttpServletRequest request, Principal customer, HttpStatus status, String error, String amount) {
        var account = accounts.get(customer.getName());
        var today = clock.today();
        var card = account.card();
        var view = new HashMap<String, @Nullable Object>();
        view.put("balance", Amounts.text(ledger.balance(account.id(), today), account.currency()));
        view.put("currency", account.currency());
        view.put("card", card == null ? null : card.label());
        view.put("error", error);
        view.put("amount", amount);
        view.put(
                "grants",
                ledger.grants(account.id()).stream()
                        .sorted(CreditGrant.BURN_DOWN_ORDER)
                        .map(grant -> grant(grant, today))
                        .toList());
        return pages.page(request, status, "credit", view);
    }

    private static Map<String, ?> grant(CreditGrant grant, LocalDate today) {
        var expires = grant.expiresOn();
        return Map.of(
                "kind", grant.kind().name().replace('_', '-').toLowerCase(Locale.ROOT),
                "granted", Wording.day(LocalDate.ofInstant(grant.grantedAt(), ZoneOffset.UTC)),
                "amount", Amounts.plain(grant.amount(), grant.currency()),
                "left", Amounts.plain(grant.remaining(), grant.currency()),
                "expires", expires == null ? "never" : Wording.day(expires),
                "used_up", grant.remaining().signum() == 0 || !grant.usableOn(today));
    }
}
