package io.postpaid.usage.bucket;

import io.postpaid.platform.home.Home;
import io.postpaid.platform.store.S3Settings;
import java.time.InstantSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The buckets that are inboxes, if there are any. */
@Component
public class Buckets {
    private final BucketSettings settings;
    private final S3Settings s3;
    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final Home home;

    Buckets(BucketSettings settings, S3Settings s3, JdbcClient jdbc, InstantSource clock, Home home) {
        this.settings = settings;
        this.s3 = s3;
        this.jdbc = jdbc;
        this.clock = clock;
        this.home = home;
    }

    public boolean any() {
        return !settings.places().isEmpty();
    }

    /** For one look into them. The client is loaded here: who has no bucket has no use for its thousand classes. */
    public OpenBuckets open() {
        return new OpenBuckets(
                settings, new S3(s3), new TakenObjects(jdbc), clock, home.path().resolve("fetched"), 8 << 20);
    }
}
