package io.postpaid.usage.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.audit.WhoActs;
import io.postpaid.platform.home.Home;
import io.postpaid.support.CommandLine;
import io.postpaid.usage.mapping.Identity;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.mapping.Mappings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Logs that people have, from the file to the sums that are billed: each once, whatever the file is called and packed in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IngestTheLogsTest {
    private static final Path LOGS = Path.of("src/test/resources/logs");

    private static final String ACCOUNTS = """
            id,name,email,monthly_limit,free_credit,aliases
            acme,Acme,pay@acme.test,1000,0,sub-1 111111111111 cus_acme
            globex,Globex,pay@globex.test,1000,0,222222222222
            """;

    private static final List<String> PRODUCTS = List.of(
            "input",
            "output",
            "uncached",
            "cached",
            "audio",
            "USW1-VpcEndpoint-Hours",
            "EUC1-VpcEndpoint-Hours",
            "Speech",
            "ai_search_api",
            "request",
            "prompt",
            "tts",
            "gpt-4o");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommandLine postpaid;

    @SuppressWarnings("NullAway.Init")
    private Mappings mappings;

    @SuppressWarnings("NullAway.Init")
    private Ingestion ingestion;

    @SuppressWarnings("NullAway.Init")
    private JdbcClient jdbc;

    @BeforeAll
    void open() throws IOException {
        var home = folder.resolve("home");
        postpaid = new CommandLine(home).at(UsageFixture.NOW.toString());
        var products = new StringBuilder("currency: USD\noperations: {cached: {billable: false}}\nproducts:\n");
        var prices = new StringBuilder("prices:\n");
        for (String product : PRODUCTS) {
            products.append("  %s: {unit: unit}\n".formatted(product));
            prices.append("  - {product: %s, effective_from: 2026-01-01, amount: \"0.001\"}\n".formatted(product));
        }
        postpaid.must("accounts", "import", write("accounts.csv", ACCOUNTS).toString());
        postpaid.must(
                "prices",
                "import",
                write("prices.yaml", products.toString() + prices).toString());
        mappings = new Mappings(new Home(home));
        var database = new PGSimpleDataSource();
        database.setUrl(postpaid.database());
        database.setUser("postgres");
        jdbc = JdbcClient.create(database);
        ingestion = ingestion(database);
    }

    private static Ingestion ingestion(DataSource database) {
        var who = new WhoActs(() -> UsageFixture.NOW, List.of(), Actor.SYSTEM);
        return new Ingestion(database, () -> UsageFixture.NOW, UsageFixture.WINDOWS, who, 2, 2);
    }

    private static Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @AfterAll
    void theBooksHold() {
        postpaid.must("verify");
    }

    private static String counts(IngestOutcome outcome) {
        return "%d lines %d records %d accepted %d duplicates %d quarantined %d left out"
                .formatted(
                        outcome.lines(),
                        outcome.records(),
                        outcome.accepted(),
                        outcome.duplicates(),
                        outcome.quarantined(),
                        outcome.leftOut());
    }

    private long lastFile() {
        return jdbc.sql("select coalesce(max(id), 0) from usage_file")
                .query(Long.class)
                .single();
    }

    /** A day's sums of an account and product: quantity and records that are billed, and those that are free. */
    private List<String> sums(long behind) {
        return jdbc.sql("""
                        select concat_ws(' ', account, product, day, trim_scale(sum(quantity)), sum(records),
                                         trim_scale(sum(free_quantity)), sum(free_records))
                          from arrived_usage
                         where file > :behind
                         group by account, product, day
                         order by account, product collate "C", day""").param("behind", behind).query(String.class).list();
    }

    private IngestOutcome ingest(Path file, Mapping mapping) {
        return ingestion.ingest(file, mapping, _ -> {});
    }

    /** The last two columns make the file one line longer: the text there, and what stands in its place. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        litellm-spend.ndjson ~ 3 ~ 4 ~ 1 ~ acme input 2026-10-03 121 1 0 0; acme output 2026-10-03 400 1 0 0; globex input 2026-10-31 1000 1 0 0; globex output 2026-10-31 100 1 0 0 ~ 2 ~ chatcmpl-A3 ~ chatcmpl-A4
        tokens-cached.ndjson ~ 2 ~ 5 ~ 0 ~ acme cached 2026-10-05 115584 1 0 0; acme output 2026-10-05 232 2 0 0; acme uncached 2026-10-05 1697 2 0 0 ~ 2 ~ "r2" ~ "r3"
        whisper-verbose.ndjson ~ 2 ~ 2 ~ 0 ~ acme audio 2026-10-02 11.7900002 2 0 0 ~ 1 ~ "w2" ~ "w3"
        aws-cur.csv ~ 4 ~ 2 ~ 2 ~ acme USW1-VpcEndpoint-Hours 2026-10-11 1 1 0 0; globex EUC1-VpcEndpoint-Hours 2026-10-11 0.25 1 0 0 ~ 1 ~ Tax,2026-10-11T17 ~ Usage,2026-10-11T18
        focus.csv ~ 3 ~ 2 ~ 1 ~ acme Speech 2026-10-01 5400 1 0 0; acme Speech 2026-10-02 1200 1 0 0 ~ 1 ~ 0.21,USD,Tax,Correction,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,,,,acme, ~ 0.21,USD,Usage,,2026-10-03T00:00:00Z,2026-10-04T00:00:00Z,1,Seconds,Speech,acme,
        azure-cost.csv ~ 2 ~ 2 ~ 0 ~ acme Speech 2026-10-01 60.0012 1 0 0; acme Speech 2026-10-02 86400 1 0 0 ~ 1 ~ 10/02/2026 ~ 10/03/2026
        stripe-meter-events.ndjson ~ 3 ~ 3 ~ 0 ~ acme ai_search_api 2026-10-02 1200 3 0 0 ~ 1 ~ stripe ~ stripe
        openmeter-cloudevents.ndjson ~ 2 ~ 2 ~ 0 ~ acme prompt 2026-10-01 123456 1 0 0; acme request 2026-10-01 12 1 0 0 ~ 1 ~ "00002" ~ "00003"
        kong-http-log.json ~ 3 ~ 2 ~ 1 ~ acme tts 2026-10-02 1 1 1 1 ~ 1 ~ }] ~ `}, {"request":{"uri":"/v1/tts?x"},"response":{"status":200},"consumer":{"username":"acme"},"started_at":1790928002000}]`
        nginx-combined.log ~ 4 ~ 3 ~ 1 ~ acme tts 2026-10-10 2 2 0 0; globex tts 2026-11-01 0 0 1 1 ~ 1 ~ globex ~ globex
        cloudflare-ai-gateway.ndjson ~ 3 ~ 3 ~ 0 ~ acme gpt-4o 2026-10-03 150 1 115 2 ~ 1 ~ "01L" ~ "01M"
        openai-usage-page.json ~ 2 ~ 6 ~ 0 ~ acme cached 2026-10-02 800 1 0 0; acme output 2026-10-02 500 1 0 0; acme uncached 2026-10-02 200 1 0 0; globex cached 2026-10-02 0 1 0 0; globex output 2026-10-02 30 1 0 0; globex uncached 2026-10-02 70 1 0 0 ~ 3 ~ }]}],"has_more" ~ `},{"object":"organization.usage.completions.result","input_tokens":1,"output_tokens":2,"input_cached_tokens":0,"project_id":"acme","model":"gpt-5"}]}],"has_more"`
        """)
    void eachIsBilledOnce(
            String name, int lines, int records, int out, String sums, int recordsOfOneMore, String from, String to)
            throws IOException {
        var mapping = mappings.named(name.replaceFirst("\\..*", ""));
        var file = LOGS.resolve(name);
        int taken = lines - out;
        long before = lastFile();

        assertThat(counts(ingest(file, mapping)))
                .isEqualTo("%d lines %d records %d accepted 0 duplicates 0 quarantined %d left out"
                        .formatted(lines, records, taken, out));
        assertThat(sums(before)).containsExactlyElementsOf(Arrays.asList(sums.split("; ")));

        long first = lastFile();
        for (var again : Stream.concat(Stream.of(file), renamed(file)).toList()) {
            if (mapping.identity() == Identity.POSITION) {
                assertThatThrownBy(() -> ingest(again, mapping))
                        .isInstanceOf(TakenBefore.class)
                        .hasMessageContaining("%s was taken before, as %s".formatted(again.getFileName(), name));
            } else {
                assertThat(counts(ingest(again, mapping)))
                        .isEqualTo("%d lines 0 records 0 accepted %d duplicates 0 quarantined %d left out"
                                .formatted(lines, taken, out));
            }
        }
        assertThat(sums(first)).isEmpty();

        var grown = write("grown-" + name, grown(Files.readString(file), from, to));
        assertThat(counts(ingest(grown, mapping)))
                .isEqualTo("%d lines %d records 1 accepted %d duplicates 0 quarantined %d left out"
                        .formatted(lines + 1, recordsOfOneMore, taken, out));
    }

    /** With its last line once more and changed; or, of a document, with one row more. */
    private static String grown(String text, String from, String to) {
        if (to.startsWith("}")) return text.replace(from, to);
        String last = text.lines().reduce((_, line) -> line).orElseThrow();
        return text + (text.endsWith("\n") ? "" : "\n") + last.replace(from, to) + "\n";
    }

    private static Stream<Path> renamed(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        var gzip = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(gzip)) {
            out.write(bytes);
        }
        String name = "october-" + file.getFileName();
        return Stream.of(
                Files.write(folder.resolve(name), bytes),
                Files.write(folder.resolve(name + ".gz"), gzip.toByteArray()),
                Files.write(folder.resolve(name + ".zst"), Zstd.compress(bytes)));
    }

    /** What numbers of the same bucket grew since: told, and never a second bill. */
    @Test
    void grownNumbersAreAConflict() throws IOException {
        var mapping = mappings.named("openai-usage-page");
        String page = Files.readString(LOGS.resolve("openai-usage-page.json"))
                .replace("1790899200", "1790812800")
                .replace("1790985600", "1790899200");
        ingest(write("page.json", page), mapping);
        long before = lastFile();
        assertThat(counts(ingest(
                        write("later.json", page.replace("\"output_tokens\":500", "\"output_tokens\":501")), mapping)))
                .isEqualTo("2 lines 0 records 0 accepted 1 duplicates 1 quarantined 0 left out");
        assertThat(sums(before)).isEmpty();
        assertThat(jdbc.sql("select reason || ' ' || detail from usage_quarantine where file > :before")
                        .param("before", before)
                        .query(String.class)
                        .list())
                .singleElement()
                .asString()
                .startsWith("CONFLICT ");
    }

    // --- As a user types it

    @Test
    void theCommandLineTakesThemByTheNameOfAMapping() throws IOException {
        var file = write(
                "typed.ndjson",
                Files.readString(LOGS.resolve("litellm-spend.ndjson")).replace("chatcmpl", "typed"));
        long before = lastFile();

        var tried = postpaid.must("usage", "try", file.toString(), "--mapping", "litellm-spend");
        assertThat(tried.out())
                .containsPattern("1 +accepted +typed-A1:input +acme +input +121 +2026-10-03T12:47:35.248Z +succeeded")
                .containsPattern("2 +left_out")
                .contains(
                        "3 lines: 2 accepted with 4 new records, 0 duplicates, 0 quarantined, 1 left out; nothing is written");
        var json = postpaid.must(
                        "usage", "try", file.toString(), "--mapping", "litellm-spend", "--lines", "1", "--json")
                .json();
        assertThat(json.at("/lines").asInt()).isOne();
        assertThat(json.at("/tried/0/records/1/id").asString()).isEqualTo("typed-A1:output");
        assertThat(json.at("/tried/0/records/1/quantity").asString()).isEqualTo("400");
        assertThat(lastFile()).isEqualTo(before);

        var ingested = postpaid.must("usage", "ingest", "--mapping", "litellm-spend", file.toString(), "--json")
                .json();
        assertThat(ingested.at("/0/accepted").asInt()).isEqualTo(2);
        assertThat(ingested.at("/0/records").asInt()).isEqualTo(4);
        assertThat(ingested.at("/0/left_out").asInt()).isOne();
        assertThat(sums(before)).hasSize(4);
    }

    @Test
    void whoGivesNoMappingIsToldTheRightOne() {
        long before = lastFile();
        var names = mappings.names();
        assertThat(postpaid.must("usage", "mappings").out()).contains(names);
        var files = names.stream().map(IngestTheLogsTest::log).toList();
        var arguments =
                Stream.concat(Stream.of("usage", "ingest"), files.stream()).toArray(String[]::new);

        var answer = postpaid.run(arguments);
        assertThat(answer.exitCode()).isNotZero();
        assertThat(answer.err().lines().filter(line -> line.contains("give --mapping")))
                .containsExactlyElementsOf(files.stream()
                        .map(file -> Path.of(file).getFileName().toString())
                        .map(file ->
                                "%s has no usage records with Postpaid's own names, but looks like a log that it knows: give --mapping %s"
                                        .formatted(file, file.replaceFirst("\\..*", "")))
                        .toList());
        assertThat(lastFile()).isEqualTo(before);
    }

    private static String log(String mapping) {
        return Stream.of(".ndjson", ".csv", ".json", ".log")
                .map(ending -> LOGS.resolve(mapping + ending))
                .filter(Files::exists)
                .map(Path::toString)
                .findFirst()
                .orElseThrow();
    }
}
