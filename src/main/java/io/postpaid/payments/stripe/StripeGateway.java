package io.postpaid.payments.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.StripeError;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentUpdateParams;
import com.stripe.param.PaymentMethodAttachParams;
import com.stripe.service.V1Services;
import io.postpaid.account.Account;
import io.postpaid.account.Card;
import java.time.Duration;
import java.time.YearMonth;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Stripe, at the rate it allows. */
public final class StripeGateway implements PaymentGateway {
    private static final int TRIES_MAX = 5;
    private static final Duration BACK_OFF = Duration.ofMillis(250);
    private static final long PAGE = 100;

    private final StripeClient stripe;
    private final StripeSettings settings;
    private final Duration backOff;
    private final StripeRate rate;

    public StripeGateway(StripeSettings settings, StripeRate rate) {
        this(settings, rate, BACK_OFF);
    }

    public StripeGateway(StripeSettings settings, StripeRate rate, Duration backOff) {
        this.rate = rate;
        this.settings = settings;
        this.backOff = backOff;
        this.stripe = StripeClient.builder()
                .setApiKey(settings.apiKey())
                .setApiBase(settings.apiBase())
                // What is sent again is decided here, with the same key and a token of the bucket for each try.
                .setMaxNetworkRetries(0)
                .setHttpClient(new StripeHttp(settings.connectWithin(), settings.answerWithin()))
                .build();
    }

    /** For what is read of Stripe beside intents, by {@link #call}. */
    public V1Services api() {
        return stripe.v1();
    }

    @Override
    public String name() {
        return "Stripe at " + settings.apiBase();
    }

    @Override
    public String createCustomer(String key, Account account, Map<String, String> metadata) {
        var customer = CustomerCreateParams.builder()
                .setName(account.name())
                .setEmail(account.email())
                .putAllMetadata(metadata)
                .build();
        return call("customers", () -> stripe.v1().customers().create(customer, with(key)))
                .getId();
    }

    @Override
    public Card attach(String key, String customer, String paymentMethod) {
        var to = PaymentMethodAttachParams.builder().setCustomer(customer).build();
        var attached = call(
                "payment_methods/attach", () -> stripe.v1().paymentMethods().attach(paymentMethod, to, with(key)));
        var card = attached.getCard();
        if (card == null) {
            throw new RefusedException(
                    "not_a_card",
                    "payment_method",
                    "It is of the type " + attached.getType() + ", and only cards are charged",
                    new IllegalArgumentException(attached.getId()));
        }
        var expires = YearMonth.of(Math.toIntExact(card.getExpYear()), Math.toIntExact(card.getExpMonth()));
        return new Card(attached.getId(), card.getBrand(), card.getLast4(), expires.atEndOfMonth());
    }

    @Override
    public void makeDefault(String key, String customer, String paymentMethod) {
        var change = CustomerUpdateParams.builder()
                .setInvoiceSettings(CustomerUpdateParams.InvoiceSettings.builder()
                        .setDefaultPaymentMethod(paymentMethod)
                        .build())
                .build();
        call("customers/update", () -> stripe.v1().customers().update(customer, change, with(key)));
    }

    @Override
    public Intent create(String key, NewIntent intent) {
        var parameters = PaymentIntentCreateParams.builder()
                .setAmount(intent.amountMinor())
                .setCurrency(intent.currency().toLowerCase(Locale.ROOT))
                .setCustomer(intent.customer())
                .addPaymentMethodType("card")
                .setDescription(intent.description())
                .setStatementDescriptorSuffix(intent.onStatement())
                .putAllMetadata(intent.metadata())
                .build();
        return intent(call("payment_intents", () -> stripe.v1().paymentIntents().create(parameters, with(key))));
    }

    @Override
    public Intent changeAmount(String key, String intent, long amountMinor) {
        var change = PaymentIntentUpdateParams.builder().setAmount(amountMinor).build();
        return intent(call(
                "payment_intents/update", () -> stripe.v1().paymentIntents().update(intent, change, with(key))));
    }

    @Override
    public Intent confirm(String key, String intent, String paymentMethod) {
        var parameters = PaymentIntentConfirmParams.builder()
                .setPaymentMethod(paymentMethod)
                .setOffSession(true)
                .setErrorOnRequiresAction(true)
                .build();
        return intent(call("payment_intents/confirm", () -> {
            try {
                return stripe.v1().paymentIntents().confirm(intent, parameters, with(key));
            } catch (CardException e) {
                var declined =
                        e.getStripeError() == null ? null : e.getStripeError().getPaymentIntent();
                if (declined == null) throw e;
                if (declined.getLastPaymentError() == null) declined.setLastPaymentError(e.getStripeError());
                return declined;
            }
        }));
    }

    @Override
    public Intent cancel(String key, String intent) {
        return intent(call(
                "payment_intents/cancel", () -> stripe.v1().paymentIntents().cancel(intent, with(key))));
    }

    @Override
    public Intent get(String intent) {
        return intent(
                call("payment_intents/get", () -> stripe.v1().paymentIntents().retrieve(intent)));
    }

    @Override
    public Optional<Intent> find(String customer, Map<String, String> metadata) {
        @Nullable String behind = null;
        while (true) {
            var parameters =
                    PaymentIntentListParams.builder().setCustomer(customer).setLimit(PAGE);
            if (behind != null) parameters.setStartingAfter(behind);
            var page = call(
                    "payment_intents/list", () -> stripe.v1().paymentIntents().list(parameters.build()));
            for (var intent : page.getData()) {
                if (intent.getMetadata().entrySet().containsAll(metadata.entrySet()))
                    return Optional.of(intent(intent));
            }
            if (!Boolean.TRUE.equals(page.getHasMore()) || page.getData().isEmpty()) return Optional.empty();
            behind = page.getData().getLast().getId();
        }
    }

    public static Intent intent(PaymentIntent intent) {
        var error = intent.getLastPaymentError();
        return new Intent(
                intent.getId(),
                intent.getStatus(),
                intent.getAmount(),
                intent.getLatestCharge(),
                error == null ? null : decline(error));
    }

    private static Decline decline(StripeError error) {
        var code = error.getDeclineCode() != null ? error.getDeclineCode() : error.getCode();
        return new Decline(
                code == null ? "card_error" : code, error.getAdviceCode(), error.getMessage(), error.getCharge());
    }

    public static RequestOptions with(String key) {
        return RequestOptions.builder().setIdempotencyKey(key).build();
    }

    @FunctionalInterface
    interface Call<T> {
        T send() throws StripeException;
    }

    /** Sends at the endpoint's rate, and again, with the same key, where Stripe did not begin or says that it may be. */
    public <T> T call(String endpoint, Call<T> call) {
        if (settings.apiKey().isBlank()) throw new UnusableException("STRIPE_API_KEY is not set", null);
        for (int tries = 1; ; tries++) {
            try {
                rate.of(endpoint).asBlocking().consume(1);
                return call.send();
            } catch (RateLimitException e) {
                if (tries == TRIES_MAX) throw noAnswer(e);
            } catch (CardException | InvalidRequestException e) {
                if (!inUse(e)) throw refused(e);
                if (tries == TRIES_MAX) throw noAnswer(e);
            } catch (AuthenticationException e) {
                throw new UnusableException(
                        name() + " refuses the key in STRIPE_API_KEY (" + e.getMessage()
                                + "): set the right one, then rerun",
                        e);
            } catch (ApiConnectionException e) {
                throw noAnswer(e);
            } catch (ApiException e) {
                if (!inUse(e) || tries == TRIES_MAX) throw noAnswer(e);
            } catch (StripeException e) {
                throw refused(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new NoAnswerException("The call to " + name() + " was interrupted", e);
            }
            pause(tries);
        }
    }

    /** Another request with this key, or on this object, is under way: nothing was executed. */
    private static boolean inUse(StripeException e) {
        return Objects.equals(e.getStatusCode(), 409);
    }

    private NoAnswerException noAnswer(StripeException e) {
        var error = e.getStripeError();
        boolean replayed = error != null
                && error.getLastResponse() != null
                && error.getLastResponse()
                        .headers()
                        .firstValue("Idempotent-Replayed")
                        .isPresent();
        return new NoAnswerException(
                name() + (replayed ? " repeats a failure: " : " did not answer: ") + reason(e), replayed, e);
    }

    private static RefusedException refused(StripeException e) {
        var error = e.getStripeError();
        var code =
                error == null ? e.getCode() : error.getDeclineCode() != null ? error.getDeclineCode() : error.getCode();
        if (code == null && error != null) code = error.getType();
        var param = error == null ? null : error.getParam();
        return new RefusedException(code == null ? "refused" : code, param == null ? "" : param, reason(e), e);
    }

    private static String reason(StripeException e) {
        var error = e.getStripeError();
        var message = error != null && error.getMessage() != null ? error.getMessage() : e.getMessage();
        // Without an answer the library sets the status to 0.
        boolean answered = e.getStatusCode() != null && e.getStatusCode() > 0;
        return answered ? e.getStatusCode() + " " + message : String.valueOf(message);
    }

    private void pause(int tries) {
        try {
            var most = Math.max(1, backOff.toMillis() << tries);
            Thread.sleep(ThreadLocalRandom.current().nextLong(most / 2, most));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
