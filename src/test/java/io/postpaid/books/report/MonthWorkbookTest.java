package io.postpaid.books.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.template.TemplateFiles;
import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What a spreadsheet finds in the workbook. */
class MonthWorkbookTest {
    private static final String ROWS = """
            select 'KWD' as currency, '=1+' || n || '<&' as name, n::bigint as entries, n + 0.12345 as amount, 25.5 as percent,
                   date '2026-10-31' as posted_on, null::text as reason
              from generate_series(1, 7) n
             union all
            select 'KWD', 'total', 28, 28.5, null, null, null
             order by entries""";

    @TempDir
    private Path folder;

    @Test
    void numbersAreNumbersDaysAreDaysAndTextIsNeverAFormula() throws Exception {
        var book = write("one.xlsx", 1_000);
        assertThat(part(book, "xl/worksheets/sheet2.xml"))
                .contains("<is><t>=1+1&lt;&amp;</t></is>")
                .containsPattern("<c r=\"D2\" s=\"\\d+\" t=\"n\"><v>1.12345</v>")
                .containsPattern("<c r=\"F2\" s=\"\\d+\" t=\"n\"><v>46326.0</v>")
                .contains("state=\"frozen\"")
                .doesNotContain("<f>", "more rows");
        assertThat(part(book, "xl/styles.xml")).contains("#,##0.000", "yyyy-mm-dd");
        assertThat(part(book, "xl/sharedStrings.xml")).contains("Bad debt", "bad-debt.csv", "Net revenue");
        assertThat(part(book, "docProps/core.xml")).contains(">2026-11-01T00:00:00Z<");
    }

    @Test
    void theSameRowsGiveTheSameBytes() throws Exception {
        assertThat(Sha256.of(write("one.xlsx", 1_000))).isEqualTo(Sha256.of(write("two.xlsx", 1_000)));
    }

    @Test
    void rowsThatASheetCannotHoldAreCounted() throws Exception {
        assertThat(part(write("small.xlsx", 6), "xl/worksheets/sheet2.xml"))
                .contains("4 more rows: all are in bad-debt.csv", "=1+4")
                .doesNotContain("=1+5");
    }

    private Path write(String name, int rowsMax) throws SQLException, IOException {
        var file = folder.resolve(name);
        var sheet = new MonthSheet("bad-debt", "Bad debt", "What was written off.");
        var database = new SingleConnectionDataSource(TestDatabase.create(), "postgres", "", true);
        try (var book = new MonthWorkbook(file, BillingPeriod.parse("2026-10"), "Seller", rowsMax)) {
            JdbcClient.create(database).sql(ROWS).query(rows -> {
                try {
                    book.sheet(sheet, rows, _ -> {});
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return name;
            });
            book.glossary(Glossary.load(TemplateFiles.builtIn()));
        } finally {
            database.destroy();
        }
        return file;
    }

    private static String part(Path book, String name) throws IOException {
        try (var zip = new ZipFile(book.toFile());
                var in = zip.getInputStream(zip.getEntry(name))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
