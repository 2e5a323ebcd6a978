package io.postpaid.usage.intake;

import static io.postpaid.usage.intake.UsageFixture.line;
import static io.postpaid.usage.intake.UsageFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.home.Home;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.bucket.S3StandIn;
import io.postpaid.usage.bucket.TestBuckets;
import io.postpaid.usage.mapping.Mappings;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.core.simple.JdbcClient;

class BucketInboxTest {
    private static final String AT = "2026-10-03T12:00:00Z";
    private static final Run NIGHT = new Run("nightly", LocalDate.of(2026, 11, 1), 1);

    private final S3StandIn s3 = new S3StandIn();
    private final UsageFixture usage = new UsageFixture();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @AfterEach
    void close() {
        s3.close();
    }

    @Test
    void whatIsNewIsTakenAndNothingElse() {
        s3.put("usage", "logs/a.ndjson", lines(1, 60)).put("usage", "logs/b.ndjson", lines(61, 61));
        assertThat(night(false)).isEqualTo(Done.of(61, 61, 0));
        assertThat(night(false)).isEqualTo(Done.of(0, 0, 0));
        s3.put("usage", "logs/b.ndjson", lines(61, 63)).put("usage", "logs/2026/10/c.ndjson.part", "half");
        assertThat(night(false)).isEqualTo(Done.of(3, 2, 1));
        assertThat(s3.keys("usage")).hasSize(3);
        assertThat(s3.requests)
                .filteredOn(request -> request.startsWith("DELETE"))
                .isEmpty();
        assertThat(usage.jdbc
                        .sql(
                                "select key || ' ' || file || ' ' || (tie_out ->> 'accepted') from usage_object order by taken_at, key, 1")
                        .query(String.class)
                        .list())
                .containsExactlyInAnyOrder(
                        "logs/a.ndjson a.ndjson 60", "logs/b.ndjson b.ndjson 1", "logs/b.ndjson b.ndjson 2");
        assertThat(usage.jdbc
                        .sql("select name from usage_file order by id")
                        .query(String.class)
                        .list())
                .containsExactly("a.ndjson", "b.ndjson", "b.ndjson");
        assertThat(usage.records()).containsExactly("acme audio 2026-10-03 63 63 0 0");
        assertThat(home.resolve("fetched")).doesNotExist();
    }

    @Test
    void whatWasTakenIsDeletedWhereThatIsWanted() {
        s3.put("usage", "logs/a.ndjson", lines(1, 3)).put("usage", "logs/b.csv", "neither\n");
        assertThat(night(true)).isEqualTo(Done.of(4, 3, 1));
        assertThat(s3.keys("usage")).containsExactly("logs/b.csv");
    }

    /** And the files of its folders are read by it. */
    @Test
    void theFirstFolderIsTheMapping() {
        write(home.resolve("mappings/gateway.yaml"), """
                format: csv
                fields:
                  id:          {line: true}
                  account:     {column: who}
                  product:     {value: image}
                  quantity:    {column: n}
                  occurred_at: {value: "%s"}
                """.formatted(AT));
        s3.put("usage", "logs/gateway/20261003/a.csv", "who,n\nacme,3\n");
        s3.put("usage", "logs/gateway/a.csv", "who,n\nacme,4\n");
        s3.put("usage", "logs/gatewax/b.csv", "who,n\nacme,3\n").put("usage", "logs/gatewax/c.csv", "who,n\nacme,3\n");
        s3.put("usage", "logs/../c.csv", "who,n\nacme,3\n");
        // A folder that is no mapping is one item, which is held.
        assertThat(night(false)).isEqualTo(Done.of(4, 2, 2));
        assertThat(usage.records()).containsExactly("acme image 2026-10-03 7 2 0 0");
        assertThat(s3.requests)
                .filteredOn(request -> request.contains("gatewax") || request.contains(".."))
                .isEmpty();
    }

    /** The step of the night, with the settings as an operator makes them. */
    @Test
    void theNightLooksIntoBuckets() {
        s3.put("usage", "logs/b.csv", "neither\n")
                .put("usage", "logs/c.ndjson", lines(1, 2))
                .put("usage", "logs/no/d", "x");
        var settings = Map.of(
                "POSTPAID_INBOX_BUCKET", "s3://nowhere s3://usage/logs",
                "POSTPAID_S3_ENDPOINT", s3.endpoint(),
                "POSTPAID_S3_REGION", "eu-central-1");
        try (var application = new TestApplication(
                home, Instant.parse("2026-11-01T08:00:00Z"), settings, new BeanPostProcessor() {})) {
            Alone.step(application, "ingestInbox", NIGHT);
            assertThat(application
                            .get(JdbcClient.class)
                            .sql("select item || ': ' || reason from held where resolved_at is null order by 1")
                            .query(String.class)
                            .list())
                    .containsExactly(
                            "bucket s3://nowhere/: BUCKET",
                            "folder s3://usage/logs/no/: UNREADABLE",
                            "object s3://usage/logs/b.csv: UNREADABLE");
            assertThat(application
                            .get(JdbcClient.class)
                            .sql("select key from usage_object")
                            .query(String.class)
                            .list())
                    .containsExactly("logs/c.ndjson");
        }
    }

    private Done night(boolean delete) {
        var buckets = new TestBuckets(s3, usage.jdbc, usage.clock, home);
        var inbox = usage.inbox(home, 10);
        return Alone.hold(
                usage.database,
                NIGHT,
                run -> UsageSteps.inBuckets(
                        buckets.open("s3://usage/logs", delete), inbox, new Mappings(new Home(home))));
    }

    private static String lines(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(n -> line(Integer.toString(n), "acme", "audio", "1", AT))
                .collect(Collectors.joining());
    }
}
