package io.postpaid.payments.stripe;

import com.stripe.model.Event;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.SetupIntent;
import com.stripe.param.EventListParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import io.postpaid.account.Card;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What Stripe has written down: intents, refunds, disputes, cards, payouts and events. Lists are never searched. */
@Component
public final class StripeBooks {
    private final StripeCalls stripe;
    private final Installation installation;

    StripeBooks(StripeCalls stripe, Installation installation) {
        this.stripe = stripe;
        this.installation = installation;
    }

    /**
     * @param intent the payment that it gives back, or empty
     * @param returned whether money that had left came back
     * @param claim which refund of ours it is, or empty if it was made elsewhere
     */
    public record SeenRefund(
            String id, String intent, BigDecimal amount, String status, String reason, boolean returned, String claim) {
        public boolean isOf(long refund) {
            return claim.equals(Long.toString(refund));
        }

        /** Whether the money stays with us, or has come back. */
        public boolean failed() {
            return status.equals("failed") || status.equals("canceled");
        }
    }

    /** @param evidenceDue until when evidence is taken; null where Stripe does not say so */
    public record SeenDispute(
            String id,
            String intent,
            BigDecimal amount,
            String reason,
            String status,
            @Nullable Instant evidenceDue) {}

    /** @param customer empty if it belongs to nobody */
    public record SeenCard(String customer, Card card) {}

    /**
     * @param paymentMethod empty until there is one
     * @param enteredAt when the card was entered, however long the page had been open
     */
    public record SeenSetup(String id, String customer, String paymentMethod, String status, Instant enteredAt) {}

    public record SeenPayout(BigDecimal amount, String currency, LocalDate arrivesOn) {}

    public Intent intent(String id) {
        return StripeGateway.intent(
                stripe.send("payment_intents/get", api -> api.paymentIntents().retrieve(id)));
    }

    public SeenRefund refund(String id) {
        return seen(stripe.send("refunds/get", api -> api.refunds().retrieve(id)));
    }

    public List<SeenRefund> refundsOfCharge(String charge) {
        return refunds(RefundListParams.builder().setCharge(charge));
    }

    public List<SeenRefund> refundsOfIntent(String intent) {
        return refunds(RefundListParams.builder().setPaymentIntent(intent));
    }

    private List<SeenRefund> refunds(RefundListParams.Builder of) {
        var all = new ArrayList<SeenRefund>();
        var pages = stripe.<Refund>pages("refunds/list", behind -> {
            if (behind != null) of.setStartingAfter(behind);
            return api -> api.refunds().list(of.setLimit(StripeCalls.PAGE).build());
        });
        pages.forEachRemaining(page -> page.forEach(refund -> all.add(seen(refund))));
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
        return seen(stripe.send("refunds", api -> api.refunds().create(parameters, StripeCalls.with(key))));
    }

    private SeenRefund seen(Refund refund) {
        var metadata = Objects.requireNonNullElse(refund.getMetadata(), Map.<String, String>of());
        return new SeenRefund(
                refund.getId(),
                text(refund.getPaymentIntent()),
                amount(refund.getAmount(), refund.getCurrency()),
                text(refund.getStatus()),
                text(refund.getReason()),
                refund.getFailureBalanceTransaction() != null,
                installation.wrote(metadata) ? metadata.getOrDefault("refund", "") : "");
    }

    public SeenDispute dispute(String id) {
        var dispute = stripe.send("disputes/get", api -> api.disputes().retrieve(id));
        var evidence = dispute.getEvidenceDetails();
        var due = evidence == null ? null : evidence.getDueBy();
        return new SeenDispute(
                dispute.getId(),
                text(dispute.getPaymentIntent()),
                amount(dispute.getAmount(), dispute.getCurrency()),
                text(dispute.getReason()),
                text(dispute.getStatus()),
                due == null ? null : Instant.ofEpochSecond(due));
    }

    public Optional<SeenCard> card(String id) {
        var method =
                stripe.send("payment_methods/get", api -> api.paymentMethods().retrieve(id));
        return StripeGateway.card(method).map(card -> new SeenCard(text(method.getCustomer()), card));
    }

    public SeenSetup setup(String id) {
        var setup = stripe.send("setup_intents/get", api -> api.setupIntents().retrieve(id));
        return new SeenSetup(
                setup.getId(),
                text(setup.getCustomer()),
                text(setup.getPaymentMethod()),
                text(setup.getStatus()),
                Instant.ofEpochSecond(Math.max(setup.getCreated(), enteredAt(setup))));
    }

    /** Each entry on a page makes a payment method; one that is set up anew is older than its setup. */
    private long enteredAt(SetupIntent setup) {
        var method = setup.getPaymentMethod();
        if (method == null || !"succeeded".equals(setup.getStatus())) return setup.getCreated();
        return stripe.send("payment_methods/get", api -> api.paymentMethods().retrieve(method))
                .getCreated();
    }

    /** What a customer has set up on a page of Stripe's, or empty if it is not done. */
    public Optional<SeenSetup> setupOnPage(String session) {
        var page = stripe.send(
                "checkout/sessions/get", api -> api.checkout().sessions().retrieve(session));
        var done = "complete".equals(page.getStatus()) && "setup".equals(page.getMode());
        return done && page.getSetupIntent() != null ? Optional.of(setup(page.getSetupIntent())) : Optional.empty();
    }

    public SeenPayout payout(String id) {
        var payout = stripe.send("payouts/get", api -> api.payouts().retrieve(id));
        return new SeenPayout(
                amount(payout.getAmount(), payout.getCurrency()),
                currency(payout.getCurrency()),
                LocalDate.ofInstant(Instant.ofEpochSecond(payout.getArrivalDate()), ZoneOffset.UTC));
    }

    /** Events of these types since an instant, the newest first, read page by page. */
    public Stream<StripeEvent> events(Instant since, List<String> types) {
        var list = EventListParams.builder()
                .setCreated(EventListParams.Created.builder()
                        .setGte(since.getEpochSecond())
                        .build())
                .setLimit(StripeCalls.PAGE)
                .addAllType(types);
        var pages = stripe.<Event>pages("events/list", behind -> {
            if (behind != null) list.setStartingAfter(behind);
            return api -> api.events().list(list.build());
        });
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pages, Spliterator.ORDERED), false)
                .flatMap(List::stream)
                .map(event -> StripeEvent.of(
                        event.getId(),
                        event.getType(),
                        event.getCreated(),
                        event.getDataObjectDeserializer().getRawJson()));
    }

    /** Every payment intent that was created since, the newest first, read page by page. */
    public Stream<Intent> intents(Instant since) {
        var list = PaymentIntentListParams.builder()
                .setCreated(PaymentIntentListParams.Created.builder()
                        .setGte(since.getEpochSecond())
                        .build())
                .setLimit(StripeCalls.PAGE);
        var pages = stripe.<PaymentIntent>pages("payment_intents/list", behind -> {
            if (behind != null) list.setStartingAfter(behind);
            return api -> api.paymentIntents().list(list.build());
        });
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pages, Spliterator.ORDERED), false)
                .flatMap(List::stream)
                .map(StripeGateway::intent);
    }

    static BigDecimal amount(long minor, String currency) {
        return MinorUnits.toAmount(minor, currency(currency));
    }

    static String currency(String currency) {
        return currency.toUpperCase(Locale.ROOT);
    }

    static String text(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }
}
