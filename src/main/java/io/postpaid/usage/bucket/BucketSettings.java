package io.postpaid.usage.bucket;

import io.postpaid.platform.store.Place;
import java.util.Arrays;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Which buckets are looked into. */
@Component
final class BucketSettings {
    private final List<Place> places;
    private final boolean delete;

    BucketSettings(
            @Value("${POSTPAID_INBOX_BUCKET:}") String places, @Value("${POSTPAID_INBOX_DELETE:false}") String delete) {
        this.places = Arrays.stream(places.strip().split("\\s+"))
                .filter(place -> !place.isEmpty())
                .map(place -> Place.of("POSTPAID_INBOX_BUCKET", place))
                .distinct()
                .toList();
        if (!delete.equals("true") && !delete.equals("false")) {
            throw new IllegalArgumentException("POSTPAID_INBOX_DELETE is '" + delete + "': it must be true or false");
        }
        this.delete = delete.equals("true");
    }

    List<Place> places() {
        return places;
    }

    /** Whether an object that was taken is deleted. */
    boolean delete() {
        return delete;
    }
}
