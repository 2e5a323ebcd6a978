package io.postpaid.web.key;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** How fast one key may call, in this process: as many requests a second as set, and as many at once. */
@Component
public class KeyRate {
    private final int perSecond;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    KeyRate(@Value("${POSTPAID_KEY_RATE:10000}") int perSecond) {
        if (perSecond < 1) {
            throw new IllegalArgumentException("POSTPAID_KEY_RATE is " + perSecond + ": it must be 1 or more");
        }
        this.perSecond = perSecond;
    }

    /** Takes one request's place; otherwise tells how long to wait for one. */
    public Optional<Duration> refusal(String key) {
        var bucket = buckets.computeIfAbsent(
                key,
                _ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                        .build());
        var probe = bucket.tryConsumeAndReturnRemaining(1);
        return probe.isConsumed()
                ? Optional.empty()
                : Optional.of(Duration.of(probe.getNanosToWaitForRefill(), TimeUnit.NANOSECONDS.toChronoUnit()));
    }
}
