package io.postpaid.web.portal;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How often each of many may do something, in this process: so many times in a span, and so many at once. */
final class Rate {
    /** Bounds the memory; who is forgotten begins anew. */
    private static final int REMEMBERED = 100_000;

    private final int times;
    private final Duration span;
    private final Map<String, Bucket> buckets = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > REMEMBERED;
        }
    });

    /** @throws IllegalArgumentException if it is fewer times than the least, by the name of the setting */
    Rate(String setting, int times, int least, Duration span) {
        if (times < least) {
            throw new IllegalArgumentException(setting + " is " + times + ": it must be " + least + " or more");
        }
        this.times = times;
        this.span = span;
    }

    /** Takes places, if there are that many; otherwise says how long to wait for them. */
    Optional<Duration> refusal(String whose, int places) {
        var probe = buckets.computeIfAbsent(
                        whose,
                        _ -> Bucket.builder()
                                .addLimit(limit -> limit.capacity(times).refillGreedy(times, span))
                                .build())
                .tryConsumeAndReturnRemaining(places);
        return probe.isConsumed() ? Optional.empty() : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }
}
