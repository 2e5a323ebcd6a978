package io.postpaid.web.portal;

import io.github.bucket4j.Bucket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** How often one network may ask for links to sign in, in this process: an address of IPv4, or the half of one of IPv6 that a customer gets. */
@Component
@ConditionalOnWebApplication
class Networks {
    /** Bounds the memory; who is forgotten begins anew. */
    private static final int REMEMBERED = 100_000;

    private static final int OF_IPV6 = 8;

    private final int perHour;
    private final Map<String, Bucket> buckets = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > REMEMBERED;
        }
    });

    Networks(@Value("${POSTPAID_SIGN_IN_RATE:60}") int perHour) {
        if (perHour < 1) {
            throw new IllegalArgumentException("POSTPAID_SIGN_IN_RATE is " + perHour + ": it must be 1 or more");
        }
        this.perHour = perHour;
    }

    /** Takes a place, if there is one. */
    boolean mayAsk(String address) {
        return buckets.computeIfAbsent(
                        network(address),
                        _ -> Bucket.builder()
                                .addLimit(limit -> limit.capacity(perHour).refillGreedy(perHour, Duration.ofHours(1)))
                                .build())
                .tryConsume(1);
    }

    /** No name is looked up: what is no address counts as it is written. */
    static String network(String address) {
        try {
            var parsed = InetAddress.ofLiteral(address);
            var bytes = parsed.getAddress();
            return HexFormat.of().formatHex(parsed instanceof Inet6Address ? Arrays.copyOf(bytes, OF_IPV6) : bytes);
        } catch (IllegalArgumentException e) {
            return address;
        }
    }
}
