package io.postpaid.web.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.platform.batch.Schedules;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.intake.Ingestion;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import io.postpaid.web.portal.Browser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mends what is in quarantine, and has it billed. */
@NullUnmarked
class QuarantinePagesTest {
    private static final String SCRIPT = "<script>alert('x')</script>";

    @TempDir
    Path home;

    private TestApplication application;
    private String key;
    private Browser operator;

    @BeforeEach
    void serve() throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-11-01T10:00:00Z"), Map.of());
        accounts("acme");
        prices("audio");
        var made = application.get(ApiKeys.class).ofOperator("", Role.OPERATOR);
        key = made.key().id();
        operator = ConsoleTest.signedIn(application, made.secret());
    }

    @AfterEach
    void close() {
        application.close();
    }

    private void accounts(String id) throws IOException {
        application
                .get(Accounts.class)
                .importFile(Files.writeString(
                        home.resolve("accounts.csv"), "id,name,email\n%s,Name,x@%s.test\n".formatted(id, id)));
    }

    private void prices(String product) throws IOException {
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products:
                  %1$s: {unit: second}
                prices:
                  - {product: %1$s, effective_from: 2026-01-01, amount: "0.01"}
                """.formatted(
                        product)));
    }

    private void ingest(String name, String... lines) {
        var bytes = String.join("\n", lines).getBytes(UTF_8);
        application.get(Ingestion.class).ingest(new ByteArrayInputStream(bytes), name, null, _ -> {});
    }

    private static String line(String id, String account, String product, String quantity, String day) {
        return "{\"id\":\"%s\",\"account\":\"%s\",\"product\":\"%s\",\"quantity\":\"%s\",\"occurred_at\":\"%sT12:00:00Z\"}"
                .formatted(id, account, product, quantity, day);
    }

    /** Lines 1 to 6 of the first file, and 7 of another. */
    private void quarantine() {
        ingest(
                SCRIPT + ".ndjson",
                line("1", "initech", "audio", "1", "2026-10-03"),
                line("2", "acme", "fax", "2", "2026-10-03"),
                line("3", "acme", "audio", "4", "2026-01-03"),
                line("4", "acme", "audio", "8", "2026-10-03"),
                line("4", "acme", "audio", "9", "2026-10-03"),
                SCRIPT,
                line("5", "initech", "audio", "16", "2026-10-04"));
        ingest("b.ndjson", line("6", "a&b#c", "audio", "32", "2026-10-03"));
    }

    private String audited() {
        return application.jdbc().sql("""
                        select who || ' ' || split_part(source, ' from ', 1) || ' ' || string_agg(item, ' ' order by id)
                          from audit_told where what = 'usage_quarantine' group by who, source order by min(id)""").query(String.class).list().stream().collect(Collectors.joining("\n"));
    }

    private String billed() {
        return application
                .jdbc()
                .sql(
                        "select account || ' ' || product || ' ' || quantity from daily_usage order by account, product, day")
                .query(String.class)
                .list()
                .stream()
                .collect(Collectors.joining(", "));
    }

    @Test
    void whatIsMendedIsReleasedByOneByGroupAndTogether() throws IOException {
        quarantine();
        var page = operator.get("/console/quarantine");
        assertThat(page.text())
                .contains(
                        "All reasons · malformed 1 · unknown account 3 · unknown product 1 · too late 1 · conflict 1",
                        "2026-11-01 10:00:00 2 1 – 7 Release unknown account of");
        assertThat(page.body()).doesNotContain("<script>alert");
        assertThat(operator.get("/console/quarantine?reason=TOO_LATE").text())
                .contains("It came behind the late window.", "Release though late")
                .doesNotContain("unknown account of");

        accounts("initech");
        operator.get("/console/quarantine/1");
        assertThat(operator.submit("/console/quarantine/1/release", Map.of()).text())
                .contains("1 accepted, 0 known already, 0 still in quarantine.");
        assertThat(operator.get("/console/quarantine/1").text()).contains("released 2026-11-01 10:00:00");
        assertThat(operator.postWithToken("/console/quarantine/1/release", Map.of())
                        .status())
                .isEqualTo(400);
        operator.get("/console/quarantine/lines?reason=UNKNOWN_ACCOUNT&file=1");
        assertThat(operator.submit("/console/quarantine/release", Map.of()).text())
                .contains(
                        "1 accepted, 0 known already, 0 still in quarantine. What was accepted is billed by the next");
        prices("fax");
        operator.get("/console/quarantine");
        assertThat(operator.submit("/console/quarantine/release-all", Map.of()).text())
                .contains(
                        "1 accepted, 0 known already, 3 still in quarantine.",
                        "1 came too late and stay: release those that are to be billed");
        operator.get("/console/quarantine/lines?reason=TOO_LATE&file=1");
        assertThat(operator.submit("/console/quarantine/release", Map.of()).text())
                .contains("1 accepted, 0 known already, 0 still in quarantine.");

        assertThat(audited()).isEqualTo("""
                key %1$s POST /console/quarantine/1/release 1
                key %1$s POST /console/quarantine/release 6 3
                key %1$s POST /console/quarantine/release-all 2""".formatted(key));
        application.moveTo(Instant.parse("2026-11-02T10:00:00Z"));
        application.get(Schedules.class).runDue();
        assertThat(billed()).isEqualTo("acme audio 4, acme audio 8, acme fax 2, initech audio 1, initech audio 16");
    }

    @Test
    void aLineIsShownWithItsTextAndWhatToDoAndIsNoMarkup() {
        quarantine();
        var long_ = SCRIPT + "x".repeat(30_000) + SCRIPT;
        ingest("long.ndjson", long_);
        var malformed = operator.get("/console/quarantine/5");
        assertThat(malformed.text())
                .contains(
                        "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;.ndjson , line 6",
                        "It is here because it is not written as a usage record: not a JSON object",
                        "Mend the line where it comes from");
        assertThat(malformed.body()).contains("<pre>\n&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</pre>");
        var unknown = operator.get("/console/quarantine/7");
        assertThat(unknown.text()).contains("Account: a&b#c, which is not known", "Import the account, then release");
        assertThat(unknown.body()).contains("/console/quarantine/lines?account=a%26b%23c\"");
        assertThat(operator.get("/console/quarantine/lines?account=a%26b%23c").text())
                .contains("Lines in quarantine about a&b#c", "b.ndjson, line 1");
        assertThat(operator.get("/console/quarantine/2").body())
                .contains("<a href=\"/console/accounts/acme\">acme</a>");
        var whole = operator.get("/console/quarantine/8");
        assertThat(whole.body()).hasSizeLessThan(26_000).doesNotContain("<script>alert");
        assertThat(whole.text()).contains("This is the beginning of 30,054 characters.");
        for (var list : new String[] {"/console/quarantine", "/console/quarantine/lines"}) {
            assertThat(operator.get(list).body())
                    .hasSizeLessThan(12_000)
                    .contains("&lt;script&gt;")
                    .doesNotContain("<script>alert");
        }
        var csv = operator.get("/console/quarantine.csv?reason=UNKNOWN_ACCOUNT&file=1");
        assertThat(csv.body()).isEqualTo("""
                id,file,line,came_at,reason,detail,account,begins_with
                1,<script>alert('x')</script>.ndjson,1,2026-11-01T10:00:00Z,UNKNOWN_ACCOUNT,"there is no account 'initech', and none with that alias",initech,"%s"
                6,<script>alert('x')</script>.ndjson,7,2026-11-01T10:00:00Z,UNKNOWN_ACCOUNT,"there is no account 'initech', and none with that alias",initech,"%s"
                """.formatted(
                        line("1", "initech", "audio", "1", "2026-10-03").replace("\"", "\"\""),
                        line("5", "initech", "audio", "16", "2026-10-04").replace("\"", "\"\"")));
        assertThat(operator.get("/console/quarantine.csv").body().lines()).hasSize(9);
    }

    @Test
    void viewersHaveNoForms() {
        quarantine();
        var viewer = ConsoleTest.signedIn(
                application,
                application.get(ApiKeys.class).ofOperator("", Role.VIEWER).secret());
        for (var path : new String[] {"", "/lines?reason=UNKNOWN_ACCOUNT&file=1", "/1"}) {
            var page = viewer.get("/console/quarantine" + path);
            assertThat(page.text()).contains("initech".substring(0, path.isEmpty() ? 0 : 7), "unknown account");
            assertThat(page.body()).doesNotContain("action=\"/console/quarantine/release", "/1/release");
        }
        assertThat(viewer.postWithToken("/console/quarantine/1/release", Map.of())
                        .status())
                .isEqualTo(403);
        assertThat(audited()).isEmpty();
    }

    @Test
    void groupsAndLinesAreReadPageByPage() {
        for (int file = 0; file < 30; file++) {
            ingest("f%02d.ndjson".formatted(file), line("1", "initech", "audio", "1", "2026-10-03"), SCRIPT);
        }
        ingest(
                "many.ndjson",
                IntStream.range(0, 120)
                        .mapToObj(n -> line("m" + n, "initech", "audio", "1", "2026-10-03"))
                        .toArray(String[]::new));
        var first = operator.get("/console/quarantine").body();
        var second = operator.get(next(first, "Further groups")).body();
        var third = operator.get(next(second, "Further groups")).body();
        var fourth = operator.get(next(third, "Further groups")).body();
        assertThat(fourth).doesNotContain("Further groups");
        assertThat(rows(first) + " " + rows(second) + " " + rows(third) + " " + rows(fourth))
                .isEqualTo("20 20 20 1");
        var named = (first + second + third + fourth).split("lines\\?reason=UNKNOWN_ACCOUNT&amp;file=", -1).length - 1;
        assertThat(named).isEqualTo(31);

        var lines = operator.get("/console/quarantine/lines?reason=UNKNOWN_ACCOUNT&file=31")
                .body();
        var more = operator.get(next(lines, "Further lines")).body();
        var last = operator.get(next(more, "Further lines")).body();
        assertThat(rows(lines) + " " + rows(more) + " " + rows(last)).isEqualTo("50 50 20");
        assertThat(last).doesNotContain("Further lines");
    }

    private static int rows(String page) {
        return page.split("<tr><td", -1).length - 1;
    }

    private static String next(String page, String link) {
        var end = page.indexOf("\">" + link);
        return page.substring(page.lastIndexOf("href=\"", end) + 6, end).replace("&amp;", "&");
    }

    @Test
    void whatIsNoNumberOrReasonIsRefusedByAPage() {
        for (var query : new String[] {
            "?reason=NONE",
            "?before=1e9",
            "?behind=%FF",
            "/lines?file=x",
            "/lines?after=99999999999999999999",
            "/x",
            "/%00"
        }) {
            assertThat(operator.get("/console/quarantine" + query).status())
                    .as(query)
                    .isEqualTo(400);
        }
        assertThat(operator.get("/console/quarantine/lines?account=%00").status())
                .isEqualTo(400);
        assertThat(operator.get("/console/quarantine/99").status()).isEqualTo(404);
        operator.get("/console/quarantine");
        assertThat(operator.postWithToken("/console/quarantine/release", Map.of())
                        .status())
                .isEqualTo(400);
        assertThat(operator.postWithToken("/console/quarantine/release", Map.of("reason", "CONFLICT", "file", "9"))
                        .text())
                .contains("0 accepted, 0 known already, 0 still in quarantine.");
    }
}
