package io.postpaid.sandbox;

import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/payouts}: money that leaves Stripe's balance for the bank, when it is asked for. */
final class Payouts {
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
        payout.put("balance_transaction", BalanceTransactions.write(call, payout, "payout", -amount));
        call.tell("payout.created", payout);
        return payout;
    }
}
