package io.postpaid.payments.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import com.stripe.model.HasId;
import com.stripe.model.StripeCollection;
import com.stripe.net.RequestOptions;
import com.stripe.service.V1Services;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.postpaid.payments.stripe.PaymentGateway.NoAnswerException;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.PaymentGateway.UnusableException;
import io.postpaid.platform.batch.SharedRate;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stripe's API at the rate that it allows a key per endpoint: one for all that call Stripe in this process, and its share of
 * the rate where workers call, too.
 */
public final class StripeCalls implements SharedRate {
    static final long PAGE = 100;
    private static final int TRIES_MAX = 5;
    private static final Duration BACK_OFF = Duration.ofMillis(250);
    /** What moves money, or makes ready to. */
    private static final Set<String> MOVING = Set.of("payment_intents", "payment_intents/confirm", "refunds");

    private final StripeClient stripe;
    private final StripeSettings settings;
    private final Duration backOff;
    private final BooleanSupplier restored;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();
    private volatile int processes = 1;

    /** @param restored whether this installation was restored, and must not move money yet */
    StripeCalls(StripeSettings settings, BooleanSupplier restored) {
        this(settings, BACK_OFF, restored);
    }

    public StripeCalls(StripeSettings settings, Duration backOff) {
        this(settings, backOff, () -> false);
    }

    private StripeCalls(StripeSettings settings, Duration backOff, BooleanSupplier restored) {
        this.settings = settings;
        this.restored = restored;
        this.backOff = backOff;
        this.stripe = StripeClient.builder()
                .setApiKey(settings.apiKey())
                .setApiBase(settings.apiBase())
                // What is sent again is decided here, with the same key and a token of the bucket for each try.
                .setMaxNetworkRetries(0)
                .setHttpClient(new StripeHttp(settings.connectWithin(), settings.answerWithin()))
                .build();
    }

    @FunctionalInterface
    interface Call<T> {
        T send(V1Services api) throws StripeException;
    }

    String name() {
        return "Stripe at " + settings.apiBase();
    }

    static RequestOptions with(String key) {
        return RequestOptions.builder().setIdempotencyKey(key).build();
    }

    /** Sends at the endpoint's rate, and again, with the same key, where Stripe did not begin or says that it may be. */
    <T> T send(String endpoint, Call<T> call) {
        if (settings.apiKey().isBlank()) throw new UnusableException("STRIPE_API_KEY is not set", null);
        if (MOVING.contains(endpoint) && restored.getAsBoolean()) {
            throw new UnusableException(
                    "This installation was restored from a backup, and moves no money before ./postpaid match --lift",
                    null);
        }
        for (int tries = 1; ; tries++) {
            try {
                buckets.computeIfAbsent(endpoint, name -> bucket()).asBlocking().consume(1);
                return call.send(stripe.v1());
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

    /** Pages of a list, each from behind the last object of the one before. */
    <T extends HasId> Iterator<List<T>> pages(
            String endpoint, Function<@Nullable String, Call<StripeCollection<T>>> page) {
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
                var answer = send(endpoint, page.apply(behind));
                var data = answer.getData();
                more = Boolean.TRUE.equals(answer.getHasMore()) && !data.isEmpty();
                if (more) behind = data.getLast().getId();
                return data;
            }
        };
    }

    @Override
    public synchronized void among(int processes) {
        if (this.processes == processes) return;
        this.processes = processes;
        buckets.values()
                .forEach(bucket -> bucket.replaceConfiguration(
                        BucketConfiguration.builder().addLimit(limit()).build(),
                        TokensInheritanceStrategy.PROPORTIONALLY));
    }

    private Bucket bucket() {
        return Bucket.builder().addLimit(limit()).build();
    }

    /** A tenth of a second's worth at once: a full bucket would double the rate of the first second. */
    private Bandwidth limit() {
        int rate = Math.max(1, settings.rate() / processes);
        return Bandwidth.builder()
                .capacity(Math.max(1, rate / 10))
                .refillGreedy(rate, Duration.ofSeconds(1))
                .build();
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
