package io.postpaid.usage.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.home.Home;
import io.postpaid.usage.archive.RawRecord;
import io.postpaid.usage.intake.UsageFixture;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Records are found in files as Spark's job has left them: usage.ndjson with nine lines, one of them a void of the first. */
class KeptRecordsTest {
    private static final Path KEPT = Path.of("src/test/resources/kept").toAbsolutePath();

    @TempDir
    Path home;

    private final UsageFixture books = new UsageFixture();

    private KeptRecords kept() {
        return new KeptRecords(JdbcClient.create(books.database()), new Home(home));
    }

    private List<String> day(String product, String day, long most) {
        var found = new ArrayList<RawRecord>();
        var lines = kept().folder(KEPT.toString()).orElseThrow();
        kept().each("r", lines, "acme", product, LocalDate.parse(day), most, found::add);
        return found.stream()
                .map(each -> "%s %s %s line %d%s%s"
                        .formatted(
                                each.id(),
                                each.quantity().toPlainString(),
                                each.fileName(),
                                each.line(),
                                each.failed() ? " failed" : "",
                                each.voided() ? " taken back" : ""))
                .sorted()
                .toList();
    }

    @Test
    void aDaysRecordsAreFoundWithTheirFilesAndLines() {
        JdbcClient.create(books.database()).sql("""
                insert into usage_file (name, format, started_at) values ('run r', 'parquet', now());
                insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at)
                values ('r', 1, repeat('a', 64), repeat('a', 64), '/f', currval('usage_file_id_seq'), 6, now());
                insert into usage_file (name, format, started_at, run) values ('usage.ndjson', 'json', now(), 'r');
                insert into usage_void (voided_key, key, account, file, line, applied_at)
                select encode(substring(sha256('default\\0001'::bytea) for 16), 'hex')::uuid, gen_random_uuid(), 'acme',
                       currval('usage_file_id_seq'), 9, now()""").update();
        assertThat(day("text", "2026-10-03", Long.MAX_VALUE))
                .containsExactly(
                        "2 50000 usage.ndjson line 2",
                        "3 50000 usage.ndjson line 3",
                        "5 0.000000001 usage.ndjson line 6",
                        "6 9 usage.ndjson line 7 failed");
        assertThat(day("text", "2026-10-04", 5)).containsExactly("4 7 usage.ndjson line 5");
        assertThat(day("audio", "2026-10-03", 5)).containsExactly("1 61.5 usage.ndjson line 1 taken back");
        assertThat(day("text", "2026-10-03", 2)).hasSize(2);
        assertThat(day("text", "2026-10-03", 0)).isEmpty();
    }

    @Test
    void whatLiesElsewhereIsNotReached() {
        assertThat(kept().folder("s3a://usage/kept/r")).isEmpty();
        assertThat(kept().folder("aggregate/gone")).isEmpty();
        assertThat(kept().folder(KEPT.toUri().toString())).contains(KEPT.resolve("lines"));
    }
}
