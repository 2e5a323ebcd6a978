package io.postpaid.payments.reconciliation;

import io.postpaid.billing.invoicing.LostNumbers.Number;
import io.postpaid.payments.charging.CashStore;
import io.postpaid.payments.charging.SeenIntents;
import io.postpaid.payments.reconciliation.Reconciliation.Orphan;
import io.postpaid.payments.stripe.Installation;
import io.postpaid.payments.stripe.Intent;
import io.postpaid.payments.stripe.PaymentGateway;
import io.postpaid.payments.stripe.StripeBooks;
import io.postpaid.payments.topup.TopUpStore;
import io.postpaid.payments.webhook.CatchUp;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The payment intents of this installation at the provider, also those that it does not know any more. */
@Component
public class ProviderIntents {
    private final StripeBooks stripe;
    private final PaymentGateway gateway;
    private final SeenIntents intents;
    private final Installation installation;
    private final CatchUp catchUp;
    private final CashStore cash;
    private final TopUpStore topUps;

    ProviderIntents(
            StripeBooks stripe,
            PaymentGateway gateway,
            SeenIntents intents,
            Installation installation,
            CatchUp catchUp,
            CashStore cash,
            TopUpStore topUps) {
        this.stripe = stripe;
        this.gateway = gateway;
        this.intents = intents;
        this.installation = installation;
        this.catchUp = catchUp;
        this.cash = cash;
        this.topUps = topUps;
    }

    /**
     * A payment of an invoice that is not known here, or of credit that was bought.
     *
     * @param paid the number of the invoice, or what else it paid
     */
    public record Unknown(String intent, String account, String paid, BigDecimal amount, String currency) {}

    /** Takes over what happened since, as far as the provider still tells. */
    public void catchUp(Instant since) {
        catchUp.events(since);
    }

    /** Books a payment of what is known here; true if it is in the books then. */
    public boolean booked(Orphan charge) {
        book(charge);
        return cash.booked("CARD", charge.reference());
    }

    /** Books what moved money of what is known here. */
    public void book(Orphan orphan) {
        if (!orphan.reference().isEmpty()) catchUp.moved(orphan.kind(), orphan.reference());
    }

    /** What a charge was for, where it was one of ours. */
    public Optional<Unknown> unknown(Orphan orphan) {
        if (!orphan.kind().equals("CARD")
                || orphan.reference().isEmpty()
                || orphan.amount().signum() <= 0) return Optional.empty();
        var seen = stripe.intent(orphan.reference());
        if (!installation.wrote(seen.metadata())) return Optional.empty();
        var paid = seen.metadata()
                .getOrDefault("invoice", "top-up " + seen.metadata().get("top_up"));
        var account = seen.metadata().getOrDefault("account", "");
        return Optional.of(new Unknown(seen.id(), account, paid, orphan.amount(), orphan.currency()));
    }

    /**
     * The last number of each year that an invoice had which was to be charged since.
     *
     * @param cancel whether what can still pay an invoice or a top-up that is not known is cancelled, so that nobody pays it
     */
    public List<Number> given(Instant since, boolean cancel) {
        var last = new TreeMap<Integer, Number>();
        stripe.intents(since)
                .filter(seen -> installation.wrote(seen.metadata()))
                .forEach(seen -> {
                    if (cancel && mayPay(seen) && isOfLostOne(seen)) {
                        gateway.cancel(installation.key("restored/cancel/" + UUID.randomUUID()), seen.id());
                    }
                    var number = seen.metadata().getOrDefault("invoice", "");
                    if (!Number.isOne(number)) return;
                    var parsed = Number.parse(number);
                    last.merge(parsed.year(), parsed, (a, b) -> a.n() > b.n() ? a : b);
                });
        return List.copyOf(last.values());
    }

    /** Of an invoice or a top-up that is not known here. */
    private boolean isOfLostOne(Intent seen) {
        var topUp = seen.metadata().getOrDefault("top_up", "");
        if (topUp.isEmpty()) {
            return Number.isOne(seen.metadata().getOrDefault("invoice", ""))
                    && intents.invoiceOf(seen).isEmpty();
        }
        return !topUps.knows(topUp, seen.metadata().getOrDefault("account", ""));
    }

    private static boolean mayPay(Intent seen) {
        return seen.mayBeConfirmed() || seen.status().equals("requires_action");
    }
}
