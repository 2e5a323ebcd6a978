package io.postpaid.payments.stripe;

import static io.postpaid.payments.stripe.StripeBooks.amount;
import static io.postpaid.payments.stripe.StripeBooks.currency;
import static io.postpaid.payments.stripe.StripeBooks.text;

import com.stripe.model.BalanceTransaction;
import com.stripe.model.Charge;
import com.stripe.model.Dispute;
import com.stripe.model.Refund;
import com.stripe.param.BalanceTransactionListParams;
import com.stripe.param.ChargeListParams;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Every movement of money that Stripe has written down. */
@Component
public final class StripeMovements {
    private final StripeCalls stripe;

    StripeMovements(StripeCalls stripe) {
        this.stripe = stripe;
    }

    /**
     * One movement of Stripe's balance.
     *
     * @param source what moved it, such as a charge; empty for Stripe's own fees
     * @param intent the payment intent of a charge, or empty
     * @param amount in the currency of what moved it
     * @param gross the same in the balance's currency, where Stripe converts it
     * @param fee what Stripe kept, in the balance's currency
     */
    public record Movement(
            String id,
            String type,
            String category,
            String source,
            String intent,
            BigDecimal amount,
            String currency,
            BigDecimal gross,
            BigDecimal fee,
            String balanceCurrency,
            Instant at) {

        /** What it is called in our books, or, where they have no such thing, at Stripe. */
        public String kind() {
            return switch (type) {
                case "charge", "payment" -> "CARD";
                case "refund", "payment_refund" -> "REFUND";
                case "refund_failure", "payment_failure_refund" -> "REFUND_FAILED";
                case "adjustment" ->
                    switch (category) {
                        case "dispute" -> "DISPUTE";
                        case "dispute_reversal" -> "DISPUTE_WON";
                        case "fee", "network_cost", "tax" -> "fee";
                        default -> category;
                    };
                // Money that the seller sends to Stripe comes from the same bank.
                case "payout", "payout_cancel", "payout_failure", "topup", "topup_reversal" -> "payout";
                case "stripe_fee", "stripe_fx_fee", "tax_fee" -> "fee";
                default -> type;
            };
        }

        /** What our books know it by. */
        public String reference() {
            return kind().equals("CARD") ? intent : source;
        }
    }

    /** Every movement of Stripe's balance from one instant up to another, the newest first, read page by page. */
    public Stream<Movement> between(Instant from, Instant to) {
        var list = BalanceTransactionListParams.builder()
                .setCreated(BalanceTransactionListParams.Created.builder()
                        .setGte(from.getEpochSecond())
                        .setLt(to.getEpochSecond())
                        .build())
                .addExpand("data.source")
                .setLimit(StripeCalls.PAGE);
        var pages = stripe.<BalanceTransaction>pages("balance_transactions/list", behind -> {
            if (behind != null) list.setStartingAfter(behind);
            return api -> api.balanceTransactions().list(list.build());
        });
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pages, Spliterator.ORDERED), false)
                .flatMap(List::stream)
                .map(StripeMovements::movement);
    }

    private static Movement movement(BalanceTransaction moved) {
        // What is charged in another currency than the balance's is compared in its own.
        var own = switch (moved.getSourceObject()) {
            case Charge charge -> new Own(charge.getAmount(), charge.getCurrency(), charge.getPaymentIntent());
            case Refund refund -> new Own(refund.getAmount(), refund.getCurrency(), refund.getPaymentIntent());
            case Dispute dispute -> new Own(dispute.getAmount(), dispute.getCurrency(), dispute.getPaymentIntent());
            case null, default -> new Own(moved.getAmount(), moved.getCurrency(), "");
        };
        var amount = amount(Math.abs(own.amount()), own.currency());
        return new Movement(
                moved.getId(),
                moved.getType(),
                text(moved.getReportingCategory()),
                text(moved.getSource()),
                text(own.intent()),
                moved.getAmount() < 0 ? amount.negate() : amount,
                currency(own.currency()),
                amount(moved.getAmount(), moved.getCurrency()),
                amount(moved.getFee(), moved.getCurrency()),
                currency(moved.getCurrency()),
                Instant.ofEpochSecond(moved.getCreated()));
    }

    private record Own(
            long amount, String currency, @Nullable String intent) {}

    /** Whether money was moved for one of our payments on any day: a successful charge of the intent. */
    public boolean charged(String intent) {
        var list = ChargeListParams.builder()
                .setPaymentIntent(intent)
                .setLimit(StripeCalls.PAGE)
                .build();
        return stripe.send("charges/list", api -> api.charges().list(list)).getData().stream()
                .anyMatch(charge -> "succeeded".equals(charge.getStatus()));
    }
}
