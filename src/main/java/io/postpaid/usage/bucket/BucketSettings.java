package io.postpaid.usage.bucket;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Which buckets are looked into, and how they are reached. Who we are there is the client's own environment. */
@Component
final class BucketSettings {
    private final List<Place> places;
    private final Optional<URI> endpoint;
    private final String region;
    private final boolean delete;

    BucketSettings(
            @Value("${POSTPAID_INBOX_BUCKET:}") String places,
            @Value("${POSTPAID_S3_ENDPOINT:}") String endpoint,
            @Value("${POSTPAID_S3_REGION:}") String region,
            @Value("${POSTPAID_INBOX_DELETE:false}") String delete) {
        this.places = Arrays.stream(places.strip().split("\\s+"))
                .filter(place -> !place.isEmpty())
                .map(Place::of)
                .distinct()
                .toList();
        this.endpoint = endpoint.isBlank() ? Optional.empty() : Optional.of(address(endpoint.strip()));
        this.region = region.strip();
        if (!delete.equals("true") && !delete.equals("false")) {
            throw new IllegalArgumentException("POSTPAID_INBOX_DELETE is '" + delete + "': it must be true or false");
        }
        this.delete = delete.equals("true");
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

    List<Place> places() {
        return places;
    }

    /** Of another provider than Amazon. */
    Optional<URI> endpoint() {
        return endpoint;
    }

    /** Empty where the client's environment says it. */
    String region() {
        return region;
    }

    /** Whether an object that was taken is deleted. */
    boolean delete() {
        return delete;
    }
}
