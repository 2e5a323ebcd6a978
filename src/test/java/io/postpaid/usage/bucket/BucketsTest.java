package io.postpaid.usage.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.OutOfReachException;
import io.postpaid.platform.store.Place;
import io.postpaid.platform.store.S3Settings;
import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import software.amazon.awssdk.core.exception.SdkClientException;

class BucketsTest {
    private static final String CONTENT = "0123456789".repeat(250);

    private final S3StandIn s3 = new S3StandIn();
    private final JdbcClient jdbc = JdbcClient.create(TestDatabase.createDataSource());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @SuppressWarnings("NullAway.Init")
    private TestBuckets buckets;

    @SuppressWarnings("NullAway.Init")
    private OpenBuckets open;

    @BeforeEach
    void open() {
        buckets = new TestBuckets(s3, jdbc, () -> Instant.parse("2026-11-01T08:00:00Z"), home);
        open = buckets.open("s3://usage/logs", false);
    }

    @AfterEach
    void close() {
        open.close();
        s3.close();
    }

    @Test
    void anObjectComesInParts() throws IOException {
        s3.put("usage", "logs/a.csv", CONTENT);
        var file = open.fetch(only());
        assertThat(file).hasFileName("a.csv").hasContent(CONTENT);
        assertThat(s3.requests)
                .containsExactly(
                        "GET ", "GET logs/a.csv 0-999", "GET logs/a.csv 1000-1999", "GET logs/a.csv 2000-2499");
        s3.put("usage", "logs/a.csv", "");
        assertThat(open.fetch(only())).isEmptyFile();
    }

    /** What came is kept, and asked for by nobody again. */
    @Test
    void aBrokenLineIsGoneOnWith() throws IOException {
        s3.put("usage", "logs/a.csv", CONTENT);
        var object = only();
        s3.fail(503, 503);
        s3.cut(2, 400);
        assertThat(open.fetch(object)).hasContent(CONTENT);
        assertThat(s3.requests.subList(5, s3.requests.size()))
                .startsWith("GET logs/a.csv 0-999")
                .endsWith("GET logs/a.csv 2000-2499");
    }

    @Test
    void aLineThatAlwaysBreaksBringsItByAndBy() throws IOException {
        s3.put("usage", "logs/a.csv", CONTENT.substring(0, 1000));
        var object = only();
        s3.cut(Integer.MAX_VALUE, 400);
        assertThat(open.fetch(object)).hasContent(CONTENT.substring(0, 1000));
        assertThat(s3.requests).contains("GET logs/a.csv 400-999").endsWith("GET logs/a.csv 800-999");
    }

    @Test
    void aKilledProcessIsGoneOnWith() throws IOException {
        s3.put("usage", "logs/a.csv", CONTENT);
        var object = only();
        var begun = buckets.fetched().resolve(object.id()).resolve("a.csv");
        Files.createDirectories(begun.getParent());
        Files.writeString(begun, CONTENT.substring(0, 1234));
        assertThat(open.fetch(object)).isEqualTo(begun).hasContent(CONTENT);
        assertThat(s3.requests.subList(1, s3.requests.size()))
                .containsExactly("GET logs/a.csv 1234-2233", "GET logs/a.csv 2234-2499");
    }

    @Test
    void whatChangesOnTheWayIsLeftToTheNextRun() throws IOException {
        s3.put("usage", "logs/a.csv", CONTENT);
        var object = only();
        s3.put("usage", "logs/a.csv", "changed");
        assertThatThrownBy(() -> open.fetch(object))
                .isInstanceOf(HeldException.class)
                .hasMessage("s3://usage/logs/a.csv was changed while it was fetched: the next run takes it");
        assertThat(open.fetch(only())).hasContent("changed");
        s3.remove("usage", "logs/a.csv");
        assertThatThrownBy(() -> open.fetch(object)).hasMessageEndingWith("was deleted before it was fetched");
        open.tidy();
        assertThat(buckets.fetched()).doesNotExist();
    }

    @Test
    void aProviderWithoutRangesBringsItAtOnceOrNotAtAll() throws IOException {
        s3.put("usage", "logs/a.csv", CONTENT);
        s3.knowNoRanges();
        var object = only();
        assertThat(open.fetch(object)).hasContent(CONTENT);
        Files.writeString(buckets.fetched().resolve(object.id()).resolve("a.csv"), CONTENT.substring(0, 1234));
        assertThatThrownBy(() -> open.fetch(object)).hasMessageEndingWith("its provider does not know ranges");
        assertThat(open.fetch(object)).hasContent(CONTENT);
    }

    @Test
    void onlyWhatIsNewIsListed() {
        for (int n = 1; n <= 7; n++) s3.put("usage", "logs/" + n + ".csv", "x" + n);
        s3.put("usage", "logs/", "").put("usage", "logs/.hidden", "x").put("usage", "logs/8.csv.part", "x");
        s3.put("usage", "other/9.csv", "x").put("usage", "logs.csv", "x");
        s3.pagesOf(3);
        assertThat(names()).hasSize(7).startsWith("s3://usage/logs/1.csv");
        for (var waiting : listed()) {
            if (!waiting.name().contains("4")) open.taken((BucketObject) waiting, "{}");
        }
        s3.put("usage", "logs/5.csv", "changed");
        assertThat(names()).containsExactly("s3://usage/logs/4.csv", "s3://usage/logs/5.csv");
        assertThat(s3.keys("usage")).hasSize(12);
    }

    @Test
    void oneBucketThatIsClosedStopsNoOther() {
        s3.put("usage", "logs/a.csv", "x").put("mine", "b.csv", "x");
        try (var three = buckets.open("s3://nowhere s3://usage/logs s3://mine/", false)) {
            assertThat(three.waiting())
                    .toIterable()
                    .extracting(Waiting::name)
                    .containsExactly("s3://nowhere/", "s3://usage/logs/a.csv", "s3://mine/b.csv");
        }
        s3.fail(403);
        assertThat(listed())
                .singleElement()
                .isInstanceOfSatisfying(
                        Waiting.Closed.class,
                        closed -> assertThat(closed.why())
                                .startsWith("s3://usage/logs/ cannot be listed: The stand-in says AccessDenied")
                                .doesNotContain("secret"));
    }

    @Test
    void aServiceThatIsNotThereStopsTheRun() {
        s3.put("usage", "logs/a.csv", CONTENT);
        var object = only();
        s3.fail(500, 500, 500, 500, 500);
        assertThatThrownBy(() -> open.fetch(object))
                .isInstanceOf(HeldException.class)
                .hasMessageStartingWith("s3://usage/logs/a.csv cannot be fetched: The stand-in says");
        s3.close();
        assertThatThrownBy(() -> open.fetch(object)).isInstanceOf(OutOfReachException.class);
        assertThatThrownBy(this::listed)
                .isInstanceOf(OutOfReachException.class)
                .hasMessageStartingWith("s3://usage/logs/ cannot be listed: ");
    }

    @Test
    void whoHasNoCredentialsIsToldWhatToSet() {
        assertThat(S3.outOfReach(
                        new Place("usage", ""), SdkClientException.create("Unable to load credentials from any of …")))
                .hasMessage("s3://usage/ cannot be listed: there are no credentials. Set AWS_ACCESS_KEY_ID and"
                        + " AWS_SECRET_ACCESS_KEY, or give this machine a role");
    }

    @Test
    void onlyWhatWasTakenIsDeletedAndOnlyWhereThatIsWanted() {
        s3.put("usage", "logs/a.csv", "x").put("usage", "logs/b.csv", "x");
        for (var waiting : listed()) open.taken((BucketObject) waiting, "{}");
        assertThat(s3.keys("usage")).hasSize(2);
        s3.put("usage", "logs/a.csv", "y").put("usage", "logs/b.csv", "y");
        try (var deleting = buckets.open("s3://usage/logs", true)) {
            var taken = new ArrayList<Waiting>();
            deleting.waiting().forEachRemaining(taken::add);
            s3.put("usage", "logs/b.csv", "changed meanwhile");
            for (var waiting : taken) deleting.taken((BucketObject) waiting, "{}");
            assertThat(s3.keys("usage")).containsExactly("logs/b.csv");
            s3.put("usage", "logs/c.csv", "z");
            var object = (BucketObject) List.copyOf(listed()).getLast();
            s3.fail(403);
            deleting.taken(object, "{}");
            assertThat(s3.keys("usage")).contains("logs/c.csv");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../etc/passwd",
                "..\\x",
                "a\nb\u001b[2J.csv",
                "//",
                "/etc/x",
                "März 1.csv",
                "%2e%2e%2fx",
                "a&<>\"'+ .csv",
                "\u202ecsv.exe",
                "CON",
                "-rf",
                "~",
                "x\u0000y.csv"
            })
    void noKeyBecomesAPathOfOurs(String key) throws IOException {
        s3.put("usage", "logs/" + key, "x").put("usage", "logs/" + "long".repeat(200), "x");
        for (var waiting : listed()) {
            assertThat(waiting.name().chars()).allMatch(c -> c >= ' ');
            try {
                var file = open.fetch((BucketObject) waiting);
                assertThat(buckets.fetched().relativize(file))
                        .hasToString(((BucketObject) waiting).id() + "/" + file.getFileName());
                assertThat(file.normalize()).isEqualTo(file).hasContent("x");
                assertThat(file.getFileName().toString()).matches("[A-Za-z0-9._ -]{1,200}");
            } catch (HeldException e) {
                assertThat(key).contains("\u0000");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"usage", "s3://", "s3://a", "https://usage/x", "s3:///x", "s3://us age", "s3://usage/x\u0007"})
    void whatIsNoPlaceIsRefused(String place) {
        assertThatThrownBy(() -> new BucketSettings(place, "false"))
                .hasMessageStartingWith("POSTPAID_INBOX_BUCKET has '");
    }

    @Test
    void settingsAreRefusedWithoutTheirSecrets() {
        assertThatThrownBy(() -> new S3Settings("https://me:secret@s3.example.com", ""))
                .hasMessage("POSTPAID_S3_ENDPOINT is an address such as https://s3.example.com, without a user");
        assertThatThrownBy(() -> new BucketSettings("", "yes"))
                .hasMessage("POSTPAID_INBOX_DELETE is 'yes': it must be true or false");
        assertThat(new BucketSettings(" s3://one  s3://two/a/b/ s3://one ", "false").places())
                .containsExactly(new Place("one", ""), new Place("two", "a/b/"));
    }

    private BucketObject only() {
        return (BucketObject) listed().getFirst();
    }

    private List<Waiting> listed() {
        var listed = new ArrayList<Waiting>();
        open.waiting().forEachRemaining(listed::add);
        return listed;
    }

    private List<String> names() {
        return listed().stream().map(Waiting::name).toList();
    }
}
