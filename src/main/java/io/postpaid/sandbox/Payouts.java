package io.postpaid.sandbox;

import java.io.IOException;
import java.time.Duration;

/** {@code /v1/payouts}: money that leaves Stripe's balance for the bank, when it is asked for. */
final class Payouts {
    private static final Duration UNDER_WAY = Duration.ofDays(2);

    private Payouts() {}

    static Answer create(Call call) throws IOException {
        var form = call.form().allow("amount", "currency", "description", "metadata", "statement_descriptor");
        form.required("amount");
        var payout = call.create(Blank.PAYOUT, "po")
                .put("amount", form.integer("amount", 0))
                .put("arrival_date", call.now() + UNDER_WAY.toSeconds())
                .put("currency", Currencies.checked(form.required("currency")));
        call.take(payout, "description", "statement_descriptor");
        call.takeNested(payout, "metadata");
        payout.put("balance_transaction", Json.text(BalanceTransactions.ofPayout(call, payout), "id"));
        call.tell("payout.created", payout);
        return Answer.ok(call.expanded(payout));
    }

    static Answer read(Call call) throws IOException {
        call.form().allow();
        return Answer.ok(call.expanded(call.load("payout", "payout")));
    }

    static Answer list(Call call) throws IOException {
        call.form().allow("created", "limit", "starting_after", "ending_before");
        return Listing.of(call, "payout", "/v1/payouts");
    }
}
