package io.postpaid.sandbox;

import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/balance_transactions}: what moves the account's balance, and Stripe's fee for it. */
final class BalanceTransactions {
    private static final Duration PENDING = Duration.ofDays(2);

    private BalanceTransactions() {}

    /** @return its id */
    static String write(Call call, ObjectNode source, String type, String category, long amount, long fee) {
        var currency = Tree.text(source, "currency");
        var written = call.create("balance_transaction")
                .put("amount", amount)
                .put("available_on", call.now() + PENDING.toSeconds())
                .put("currency", currency)
                .put("fee", fee)
                .put("net", amount - fee)
                .put("reporting_category", category)
                .put("source", Tree.text(source, "id"))
                .put("type", type);
        if (fee > 0) {
            written.withArrayProperty("fee_details")
                    .addObject()
                    .put("amount", fee)
                    .putNull("application")
                    .put("currency", currency)
                    .put("description", "Stripe processing fees")
                    .put("type", "stripe_fee");
        }
        call.save(written);
        return Tree.text(written, "id");
    }

    /** The same without a fee: Stripe keeps the one that it took when money goes back or returns. */
    static String write(Call call, ObjectNode source, String type, long amount) {
        return write(call, source, type, type, amount, 0);
    }
}
