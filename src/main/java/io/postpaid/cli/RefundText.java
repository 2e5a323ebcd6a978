package io.postpaid.cli;

import io.postpaid.payments.settlement.Refund;
import io.postpaid.platform.money.Amounts;

/** What is printed of a refund that was not made, whatever it is for. */
final class RefundText {
    private RefundText() {}

    /** @param json what it is for */
    static Json json(Json json, Refund refund, String currency) {
        return json.with("status", refund.status())
                .with("amount", Amounts.plain(refund.amount(), currency))
                .with("currency", currency)
                .with("stripe_id", refund.stripeId())
                .with("message", refund.message());
    }

    static boolean isWell(Refund refund) {
        return switch (refund.status()) {
            case SUCCEEDED, PENDING, FAILED -> true;
            case CLAIMED, UNKNOWN, REFUSED -> false;
        };
    }

    static String refused(Refund refund) {
        return "No money was moved, since Stripe refuses the refund (" + refund.message() + ")";
    }

    static String unknown(Refund refund, String amount) {
        return "It is not known whether " + amount + " was given back (" + refund.message()
                + "): run the command again to find out, or leave it to the next nightly run";
    }
}
