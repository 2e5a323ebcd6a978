package io.postpaid.events;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs as the Standard Webhooks specification says: with each secret, so that a secret can be replaced by another. */
final class Signer {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";
    private static final int BYTES_MIN = 24;
    private static final int BYTES_MAX = 64;

    private final List<SecretKeySpec> keys;

    /**
     * @param secrets one or more, with spaces between them
     * @throws IllegalArgumentException if one is none; it is not in the message
     */
    Signer(String secrets) {
        keys = Stream.of(secrets.strip().split("\\s+")).map(Signer::key).toList();
    }

    private static SecretKeySpec key(String secret) {
        try {
            var bytes = Base64.getDecoder().decode(secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : "");
            if (bytes.length >= BYTES_MIN && bytes.length <= BYTES_MAX) return new SecretKeySpec(bytes, ALGORITHM);
        } catch (IllegalArgumentException _) {
            // Said below, without what it says of the text.
        }
        throw new IllegalArgumentException("POSTPAID_EVENTS_SECRET is 'whsec_' and " + BYTES_MIN + " to " + BYTES_MAX
                + " bytes in Base64: echo whsec_$(openssl rand -base64 32)");
    }

    String signature(String id, long timestamp, byte[] body) {
        return keys.stream().map(key -> "v1," + sign(key, id, timestamp, body)).collect(Collectors.joining(" "));
    }

    private static String sign(SecretKeySpec key, String id, long timestamp, byte[] body) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
