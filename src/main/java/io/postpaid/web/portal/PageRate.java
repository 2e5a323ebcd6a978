package io.postpaid.web.portal;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** How often one customer may have Stripe asked by a page, in this process: runs need its rate, too. */
@Component
@ConditionalOnWebApplication
class PageRate {
    private static final int PER_MINUTE = 20;

    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    /** @throws PageErrors.TooOften if it was too often */
    void take(String account) {
        var bucket = buckets.computeIfAbsent(
                account,
                _ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(PER_MINUTE).refillGreedy(PER_MINUTE, Duration.ofMinutes(1)))
                        .build());
        if (!bucket.tryConsume(1)) throw new PageErrors.TooOften();
    }
}
