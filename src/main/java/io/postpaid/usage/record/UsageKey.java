package io.postpaid.usage.record;

import io.postpaid.platform.file.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.UUID;

/** The sender's idempotency key of a usage record, as the first 128 bits of SHA-256 over source, NUL and id. */
public final class UsageKey {
    private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(Sha256::digest);

    private UsageKey() {}

    public static UUID of(String source, String id) {
        MessageDigest digest = SHA256.get();
        digest.update(source.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        var hash = ByteBuffer.wrap(digest.digest(id.getBytes(StandardCharsets.UTF_8)));
        return new UUID(hash.getLong(), hash.getLong());
    }
}
