package io.postpaid.usage.bucket;

import io.postpaid.platform.store.S3Settings;
import java.nio.file.Path;
import java.time.InstantSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Buckets at the stand-in, with parts that are small enough to have several. */
public record TestBuckets(S3StandIn s3, JdbcClient jdbc, InstantSource clock, Path home) {
    public static final int PART = 1000;

    public OpenBuckets open(String places, boolean delete) {
        var settings = new BucketSettings(places, Boolean.toString(delete));
        return new OpenBuckets(
                settings, new S3(new S3Settings(s3.endpoint(), "")), new TakenObjects(jdbc), clock, fetched(), PART);
    }

    public Path fetched() {
        return home.resolve("fetched");
    }
}
