package io.postpaid.payments.stripe;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Who this installation is among those that use one Stripe account; the front part of every idempotency key. */
@Component
public class Installation {
    /** Stripe may forget a key after 24 hours; it is not used again after this. */
    private static final Duration KEY_LIFETIME = Duration.ofHours(23);

    private final JdbcClient jdbc;
    private volatile @Nullable String id;

    Installation(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public String id() {
        var known = id;
        if (known != null) return known;
        jdbc.sql("insert into installation (id) values (:id) on conflict do nothing")
                .param("id", UUID.randomUUID())
                .update();
        var stored = jdbc.sql("select id from installation")
                .query(UUID.class)
                .single()
                .toString();
        id = stored;
        return stored;
    }

    public String key(String rest) {
        return id() + "/" + rest;
    }

    /** What is written on an object at Stripe, with who wrote it. */
    public Map<String, String> metadata(Map<String, String> more) {
        var all = new HashMap<>(more);
        all.put("installation", id());
        return all;
    }

    /** Whether it was this installation that wrote on an object. */
    public boolean wrote(Map<String, String> metadata) {
        return id().equals(metadata.get("installation"));
    }

    /** Whether a key that was first used behind the claim may be used again. */
    public boolean keyLives(Instant claimedAt, Instant now) {
        return now.isBefore(claimedAt.plus(KEY_LIFETIME));
    }
}
