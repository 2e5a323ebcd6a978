package io.postpaid.payments.stripe;

import com.stripe.model.BalanceTransaction;
import com.stripe.model.Charge;
import com.stripe.model.Dispute;
import com.stripe.model.Payout;
import com.stripe.model.Refund;
import com.stripe.model.StripeCollectionInterface;
import com.stripe.param.BalanceTransactionListParams;
import com.stripe.param.ChargeListParams;
import com.stripe.param.EventListParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import io.postpaid.account.Card;
import io.postpaid.payments.stripe.StripeGateway.Call;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What Stripe has written down: events, refunds, disputes, cards and every movement of money. Lists are never searched. */
public final class StripeBooks {
    private static final long PAGE = 100;

    private final StripeGateway stripe;

    StripeBooks(StripeGateway stripe) {
        this.stripe = stripe;
    }

    /** An intent with what we wrote on it. */
    public record SeenIntent(Intent intent, Map<String, String> metadata) {}

    /**
     * @param intent the payment that it gives back, or empty
     * @param returned whether money that had left came back
     */
    public record SeenRefund(
            String id,
            String intent,
            BigDecimal amount,
            String status,
            String reason,
            boolean returned,
            Map<String, String> metadata) {
        /** Whether the money stays with us, or has come back. */
        public boolean failed() {
            return status.equals("failed") || status.equals("canceled");
        }
    }

    public record SeenDispute(String id, String intent, BigDecimal amount, String reason, String status) {}

    /** @param customer empty if it belongs to nobody */
    public record SeenCard(String customer, Card card) {}

    /** @param paymentMethod empty until there is one */
    public record SeenSetup(String customer, String paymentMethod, String status) {}

    public record SeenPayout(BigDecimal amount, String currency, LocalDate arrivesOn) {}

    /**
     * One movement of Stripe's balance.
     *
     * @param source what moved it, such as a charge; empty for Stripe's own fees
     * @param intent the payment intent of a charge, or empty
     * @param amount in the currency of what moved it
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
            BigDecimal fee,
            String feeCurrency) {}

    public SeenIntent intent(String id) {
        var intent = stripe.call(
                "payment_intents/get", () -> stripe.api().paymentIntents().retrieve(id));
        return new SeenIntent(StripeGateway.intent(intent), metadata(intent.getMetadata()));
    }

    public SeenRefund refund(String id) {
        return refund(stripe.call("refunds/get", () -> stripe.api().refunds().retrieve(id)));
    }

    public List<SeenRefund> refundsOfCharge(String charge) {
        return refunds(RefundListParams.builder().setCharge(charge));
    }

    public List<SeenRefund> refundsOfIntent(String intent) {
        return refunds(RefundListParams.builder().setPaymentIntent(intent));
    }

    private List<SeenRefund> refunds(RefundListParams.Builder of) {
        var all = new ArrayList<SeenRefund>();
        pages(
                        "refunds/list",
                        behind -> {
                            if (behind != null) of.setStartingAfter(behind);
                            return () -> stripe.api()
                                    .refunds()
                                    .list(of.setLimit(PAGE).build());
                        },
                        Refund::getId)
                .forEachRemaining(page -> page.forEach(refund -> all.add(refund(refund))));
        return all;
    }

    /** Gives money back, once for a key. */
    public SeenRefund giveBack(String key, String intent, long amountMinor, Map<String, String> metadata) {
        var parameters = RefundCreateParams.builder()
                .setPaymentIntent(intent)
                .setAmount(amountMinor)
                .setReason(RefundCreateParams.Reason.REQUESTED_BY_CUSTOMER)
                .putAllMetadata(metadata)
                .build();
        return refund(stripe.call("refunds", () -> stripe.api().refunds().create(parameters, StripeGateway.with(key))));
    }

    private static SeenRefund refund(Refund refund) {
        return new SeenRefund(
                refund.getId(),
                text(refund.getPaymentIntent()),
                amount(refund.getAmount(), refund.getCurrency()),
                text(refund.getStatus()),
                text(refund.getReason()),
                refund.getFailureBalanceTransaction() != null,
                metadata(refund.getMetadata()));
    }

    public SeenDispute dispute(String id) {
        var dispute = stripe.call("disputes/get", () -> stripe.api().disputes().retrieve(id));
        return new SeenDispute(
                dispute.getId(),
                text(dispute.getPaymentIntent()),
                amount(dispute.getAmount(), dispute.getCurrency()),
                text(dispute.getReason()),
                text(dispute.getStatus()));
    }

    public Optional<SeenCard> card(String id) {
        var method = stripe.call(
                "payment_methods/get", () -> stripe.api().paymentMethods().retrieve(id));
        var card = method.getCard();
        if (card == null) return Optional.empty();
        var expires = YearMonth.of(Math.toIntExact(card.getExpYear()), Math.toIntExact(card.getExpMonth()));
        return Optional.of(new SeenCard(
                text(method.getCustomer()),
                new Card(method.getId(), card.getBrand(), card.getLast4(), expires.atEndOfMonth())));
    }

    public SeenSetup setup(String id) {
        var setup = stripe.call(
                "setup_intents/get", () -> stripe.api().setupIntents().retrieve(id));
        return new SeenSetup(text(setup.getCustomer()), text(setup.getPaymentMethod()), text(setup.getStatus()));
    }

    public SeenPayout payout(String id) {
        var payout = stripe.call("payouts/get", () -> stripe.api().payouts().retrieve(id));
        return new SeenPayout(
                amount(payout.getAmount(), payout.getCurrency()),
                currency(payout.getCurrency()),
                LocalDate.ofInstant(Instant.ofEpochSecond(payout.getArrivalDate()), ZoneOffset.UTC));
    }

    /** Events of these types since an instant, the newest first, page by page. */
    public Iterator<List<StripeEvent>> events(Instant since, List<String> types) {
        var parameters = EventListParams.builder()
                .setCreated(EventListParams.Created.builder()
                        .setGte(since.getEpochSecond())
                        .build())
                .setLimit(PAGE)
                .addAllType(types);
        var pages = pages(
                "events/list",
                behind -> {
                    if (behind != null) parameters.setStartingAfter(behind);
                    return () -> stripe.api().events().list(parameters.build());
                },
                com.stripe.model.Event::getId);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return pages.hasNext();
            }

            @Override
            public List<StripeEvent> next() {
                return pages.next().stream()
                        .map(event -> StripeEvent.of(
                                event.getId(),
                                event.getType(),
                                event.getCreated(),
                                event.getDataObjectDeserializer().getRawJson()))
                        .toList();
            }
        };
    }

    /** Hands over every movement of Stripe's balance from one instant up to another. */
    public void movements(Instant from, Instant to, Consumer<Movement> reader) {
        var parameters = BalanceTransactionListParams.builder()
                .setCreated(BalanceTransactionListParams.Created.builder()
                        .setGte(from.getEpochSecond())
                        .setLt(to.getEpochSecond())
                        .build())
                .addExpand("data.source")
                .setLimit(PAGE);
        pages(
                        "balance_transactions/list",
                        behind -> {
                            if (behind != null) parameters.setStartingAfter(behind);
                            return () -> stripe.api().balanceTransactions().list(parameters.build());
                        },
                        BalanceTransaction::getId)
                .forEachRemaining(page -> page.forEach(movement -> reader.accept(movement(movement))));
    }

    private static Movement movement(BalanceTransaction moved) {
        var source = moved.getSourceObject();
        // What is charged in another currency than the balance's is compared in its own.
        var own = switch (source) {
            case Charge charge -> new Own(charge.getAmount(), charge.getCurrency(), text(charge.getPaymentIntent()));
            case Refund refund -> new Own(refund.getAmount(), refund.getCurrency(), text(refund.getPaymentIntent()));
            case Dispute dispute ->
                new Own(dispute.getAmount(), dispute.getCurrency(), text(dispute.getPaymentIntent()));
            case Payout payout -> new Own(payout.getAmount(), payout.getCurrency(), "");
            case null, default -> new Own(moved.getAmount(), moved.getCurrency(), "");
        };
        var amount = amount(Math.abs(own.amount()), own.currency());
        return new Movement(
                moved.getId(),
                moved.getType(),
                text(moved.getReportingCategory()),
                text(moved.getSource()),
                own.intent(),
                moved.getAmount() < 0 ? amount.negate() : amount,
                currency(own.currency()),
                amount(moved.getFee(), moved.getCurrency()),
                currency(moved.getCurrency()));
    }

    private record Own(long amount, String currency, String intent) {}

    /** Whether money was moved for one of our payments on any day: a successful charge of the intent. */
    public boolean charged(String intent) {
        var charges = stripe.call(
                "charges/list",
                () -> stripe.api()
                        .charges()
                        .list(ChargeListParams.builder()
                                .setPaymentIntent(intent)
                                .setLimit(PAGE)
                                .build()));
        return charges.getData().stream().anyMatch(charge -> "succeeded".equals(charge.getStatus()));
    }

    /** Pages of a list, each from behind the last object of the one before. */
    private <T, C extends StripeCollectionInterface<T>> Iterator<List<T>> pages(
            String endpoint, Function<@Nullable String, Call<C>> page, Function<T, String> id) {
        return new Iterator<>() {
            private @Nullable String behind;
            private boolean more = true;

            @Override
            public boolean hasNext() {
                return more;
            }

            @Override
            public List<T> next() {
                if (!more) throw new NoSuchElementException();
                var answer = stripe.call(endpoint, page.apply(behind));
                var data = answer.getData();
                more = Boolean.TRUE.equals(answer.getHasMore()) && !data.isEmpty();
                if (more) behind = id.apply(data.getLast());
                return data;
            }
        };
    }

    private static BigDecimal amount(long minor, String currency) {
        return MinorUnits.toAmount(minor, currency(currency));
    }

    private static String currency(String currency) {
        return currency.toUpperCase(Locale.ROOT);
    }

    private static String text(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }

    private static Map<String, String> metadata(@Nullable Map<String, String> metadata) {
        return metadata == null ? Map.of() : Map.copyOf(metadata);
    }
}
