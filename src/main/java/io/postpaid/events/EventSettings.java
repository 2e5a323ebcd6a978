package io.postpaid.events;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Where events are delivered. The address may hold a secret too, so that no message has it. */
@Component
final class EventSettings {
    private final Optional<URI> url;
    private final Optional<Signer> signer;
    private final Duration offAfter;

    EventSettings(
            @Value("${POSTPAID_EVENTS_URL:}") String url,
            @Value("${POSTPAID_EVENTS_SECRET:}") String secret,
            @Value("${POSTPAID_EVENTS_OFF_AFTER:P5D}") Duration offAfter) {
        this.url = url.isBlank() ? Optional.empty() : Optional.of(address(url.strip()));
        if (this.url.isPresent() && secret.isBlank()) {
            throw new IllegalArgumentException("POSTPAID_EVENTS_URL is set, and POSTPAID_EVENTS_SECRET is not");
        }
        this.signer = secret.isBlank() ? Optional.empty() : Optional.of(new Signer(secret));
        if (offAfter.compareTo(Duration.ofHours(1)) < 0) {
            throw new IllegalArgumentException("POSTPAID_EVENTS_OFF_AFTER is at least PT1H");
        }
        this.offAfter = offAfter;
    }

    private static URI address(String text) {
        try {
            var url = URI.create(text);
            var scheme = url.getScheme();
            if (("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
                    && url.getHost() != null
                    && url.getUserInfo() == null) return url;
        } catch (IllegalArgumentException _) {
            // Said below, without the text.
        }
        throw new IllegalArgumentException(
                "POSTPAID_EVENTS_URL is an address such as https://gateway.example.com/events, without a user");
    }

    Optional<URI> url() {
        return url;
    }

    Signer signer() {
        return signer.orElseThrow();
    }

    /** How long nothing may be taken before the deliveries are switched off. */
    Duration offAfter() {
        return offAfter;
    }
}
