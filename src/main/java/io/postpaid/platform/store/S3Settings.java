package io.postpaid.platform.store;

import java.net.URI;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** How buckets are reached. Who we are there is the client's own environment. */
@Component
public final class S3Settings {
    private final Optional<URI> endpoint;
    private final String region;

    public S3Settings(
            @Value("${POSTPAID_S3_ENDPOINT:}") String endpoint, @Value("${POSTPAID_S3_REGION:}") String region) {
        this.endpoint = endpoint.isBlank() ? Optional.empty() : Optional.of(address(endpoint.strip()));
        this.region = region.strip();
    }

    private static URI address(String text) {
        try {
            var url = URI.create(text);
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                    && url.getHost() != null
                    && url.getUserInfo() == null) return url;
        } catch (IllegalArgumentException _) {
            // Said below, without the text, which may have a password.
        }
        throw new IllegalArgumentException(
                "POSTPAID_S3_ENDPOINT is an address such as https://s3.example.com, without a user");
    }

    /** Of another provider than Amazon. */
    Optional<URI> endpoint() {
        return endpoint;
    }

    /** Empty where the client's environment says it. */
    String region() {
        return region;
    }
}
