package io.postpaid.pricing.vies;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How VIES is asked.
 *
 * @param url where the service is; null while tax ids are not confirmed
 * @param fresh how long nobody asks again after a yes
 * @param within how long a whole answer may take
 * @param pause before it is asked again where it has too many questions at once
 */
public record ViesSettings(@Nullable URI url, Duration fresh, Duration within, Duration pause) {
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** What the European Commission's own address begins with. */
    static final String OFFICIAL = "https://ec.europa.eu";

    public ViesSettings {
        if (fresh.isNegative()) throw new IllegalArgumentException("POSTPAID_VIES_FRESH is " + fresh);
    }

    /** @param url empty for off */
    static ViesSettings of(String url, Duration fresh) {
        if (url.isBlank()) return new ViesSettings(null, fresh, WITHIN, PAUSE);
        var base = URI.create(url.strip().replaceAll("/+$", ""));
        if (base.getHost() == null || !base.getScheme().matches("https?")) {
            throw new IllegalArgumentException(
                    "POSTPAID_VIES_URL is " + url + ", which is no address such as " + OFFICIAL);
        }
        return new ViesSettings(base, fresh, WITHIN, PAUSE);
    }

    boolean on() {
        return url != null;
    }
}
