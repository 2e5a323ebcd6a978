package io.postpaid.sandbox;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/balance_transactions}: what moves the account's balance, and Stripe's fee for it. */
final class BalanceTransactions {
    private static final BigDecimal FEE_RATE = new BigDecimal("0.029");
    private static final long FEE_FIXED = 30;
    private static final long DISPUTE_FEE = 1500;
    private static final Duration PENDING = Duration.ofDays(2);

    private BalanceTransactions() {}

    static Answer read(Call call) throws IOException {
        call.form().allow();
        return Answer.ok(call.expanded(call.load("balance_transaction", "balance transaction")));
    }

    static Answer list(Call call) throws IOException {
        call.form().allow("type", "source", "currency", "created", "limit", "starting_after", "ending_before");
        return Listing.of(call, "balance_transaction", "/v1/balance_transactions", "source", "type", "currency");
    }

    static ObjectNode ofCharge(Call call, ObjectNode charge) {
        var amount = charge.path("amount").longValue();
        var fee = BigDecimal.valueOf(amount)
                        .multiply(FEE_RATE)
                        .setScale(0, RoundingMode.HALF_UP)
                        .longValueExact()
                + FEE_FIXED;
        return write(call, charge, "charge", "charge", amount, fee);
    }

    /** Stripe keeps its fee when money goes back. */
    static ObjectNode ofRefund(Call call, ObjectNode refund) {
        return write(call, refund, "refund", "refund", -refund.path("amount").longValue(), 0);
    }

    /** The bank did not take it: the money is back. */
    static ObjectNode ofFailedRefund(Call call, ObjectNode refund) {
        return write(
                call,
                refund,
                "refund_failure",
                "refund_failure",
                refund.path("amount").longValue(),
                0);
    }

    static ObjectNode ofDispute(Call call, ObjectNode dispute) {
        return write(
                call, dispute, "adjustment", "dispute", -dispute.path("amount").longValue(), DISPUTE_FEE);
    }

    /** Stripe keeps the fee of a dispute that was won. */
    static ObjectNode ofDisputeWon(Call call, ObjectNode dispute) {
        return write(
                call,
                dispute,
                "adjustment",
                "dispute_reversal",
                dispute.path("amount").longValue(),
                0);
    }

    static ObjectNode ofPayout(Call call, ObjectNode payout) {
        return write(call, payout, "payout", "payout", -payout.path("amount").longValue(), 0);
    }

    private static ObjectNode write(Call call, ObjectNode source, String type, String category, long amount, long fee) {
        var currency = Json.text(source, "currency");
        var written = call.create(Blank.BALANCE_TRANSACTION, "txn")
                .put("amount", amount)
                .put("available_on", call.now() + PENDING.toSeconds())
                .put("currency", currency)
                .put("fee", fee)
                .put("net", amount - fee)
                .put("reporting_category", category)
                .put("source", Json.text(source, "id"))
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
        return written;
    }
}
