package io.postpaid.sandbox;

import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /v1/payouts}: money that leaves Stripe's balance for the bank, when it is asked for. One with the statement descriptor
 * {@code FAILS} comes back on the day of its arrival, as from a bank account that is closed.
 */
final class Payouts {
    private static final String FAILS = "FAILS";
    private static final Duration UNDER_WAY = Duration.ofDays(2);

    private Payouts() {}

    static ObjectNode create(Call call) {
        var form = call.form();
        form.required("amount");
        var amount = form.integer("amount", 0);
        var payout = call.create("payout")
                .put("amount", amount)
                .put("arrival_date", call.now() + UNDER_WAY.toSeconds())
                .put("currency", ChargeableAmounts.checked(form.required("currency")));
        call.take(payout, "description", "statement_descriptor");
        call.takeNested(payout, "metadata");
        payout.put("status", "in_transit")
                .put("balance_transaction", BalanceTransactions.write(call, payout, "payout", -amount));
        call.tell("payout.created", payout);
        return payout;
    }

    /** What becomes of payouts that are due to arrive. */
    static void settle(Call call) {
        for (var id : call.state().newestFirst("payout", "", "", "").toList()) {
            var payout = call.named("payout", id);
            if (!Tree.text(payout, "status").equals("in_transit")
                    || call.now() < payout.path("arrival_date").longValue()) {
                continue;
            }
            if (Tree.text(payout, "statement_descriptor").equals(FAILS)) {
                var amount = payout.path("amount").longValue();
                payout.put("status", "failed")
                        .put("failure_code", "account_closed")
                        .put("failure_message", "The bank account has been closed.")
                        .put(
                                "failure_balance_transaction",
                                BalanceTransactions.write(call, payout, "payout_failure", amount));
                call.tell("payout.failed", payout);
            } else {
                payout.put("status", "paid");
                call.tell("payout.paid", payout);
            }
        }
    }
}
