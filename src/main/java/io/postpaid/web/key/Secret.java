package io.postpaid.web.key;

import io.postpaid.platform.file.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** A key's text, {@code pp_live_<id>_<secret>}: the id finds it, the 256 random bits of the secret prove it. */
record Secret(String text, String id) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern FORM = Pattern.compile("pp_(?:live|op)_([0-9a-f]{12})_[0-9a-f]{64}");

    static Secret random(boolean operator) {
        var id = hex(6);
        return new Secret((operator ? "pp_op_" : "pp_live_") + id + "_" + hex(32), id);
    }

    private static String hex(int bytes) {
        var random = new byte[bytes];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    static Optional<Secret> parse(String text) {
        var match = FORM.matcher(text);
        return match.matches() ? Optional.of(new Secret(text, match.group(1))) : Optional.empty();
    }

    /** A plain hash is enough: nobody can try 256 random bits. */
    byte[] hash() {
        return Sha256.digest().digest(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Not shown by accident, in a log or a failure. */
    @Override
    public String toString() {
        return "key " + id;
    }
}
