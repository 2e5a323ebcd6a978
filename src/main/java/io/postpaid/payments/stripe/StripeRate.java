package io.postpaid.payments.stripe;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What Stripe allows a key, per endpoint: one for all that call Stripe in this process. */
public final class StripeRate {
    private final int perSecond;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    public StripeRate(int perSecond) {
        this.perSecond = perSecond;
    }

    public Bucket of(String endpoint) {
        return buckets.computeIfAbsent(
                endpoint,
                name -> Bucket.builder()
                        // A tenth of a second's worth at once: a full bucket would double the rate of the first second.
                        .addLimit(limit -> limit.capacity(Math.max(1, perSecond / 10))
                                .refillGreedy(perSecond, Duration.ofSeconds(1)))
                        .build());
    }
}
