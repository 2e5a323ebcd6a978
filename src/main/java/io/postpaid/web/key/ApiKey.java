package io.postpaid.web.key;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key as it is listed: its public part, never its secret.
 *
 * @param account null for an operator's
 */
public record ApiKey(
        String id,
        @Nullable String account,
        Set<Role> roles,
        String name,
        Instant createdAt,
        @Nullable Instant revokedAt) {}
