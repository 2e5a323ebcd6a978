package io.postpaid.books.report;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.template.Seller;
import io.postpaid.platform.template.TemplateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * The books of a month as CSV files, as one workbook and as a page: what the general ledger has up to the month's last day, and
 * no more, so that the same month gives the same bytes for ever once it is closed.
 */
final class MonthReport {
    private static final int FETCHED = 1_000;

    private final JdbcClient jdbc;
    private final TemplateFiles templates;
    private final MonthPage page;

    MonthReport(JdbcClient jdbc, TemplateFiles templates) {
        this.jdbc = jdbc;
        this.templates = templates;
        this.page = new MonthPage(jdbc, templates);
    }

    /**
     * Writes all files, in the caller's transaction.
     *
     * @param file gives the place where the file of a name is written
     */
    void write(BillingPeriod period, Function<String, Path> file) throws IOException {
        // The ledger is read once, and what all reports are sums of is kept until the transaction ends.
        jdbc.sql("drop table if exists report_leg, report_owed").update();
        month("month-legs", period).update();
        month("month-owed", period).update();
        try (var book = new MonthWorkbook(
                file.apply("report.xlsx"), period, Seller.load(templates).name())) {
            for (var sheet : MonthSheet.ALL) write(sheet, period, file.apply(sheet.file()), book::sheet);
            write(
                    MonthSheet.TIES,
                    period,
                    file.apply(MonthSheet.TIES.file()),
                    (of, rows, each) -> book.ties(rows, each));
            book.glossary(Glossary.load(templates));
        }
        page.write(period, file);
    }

    @FunctionalInterface
    private interface IntoWorkbook {
        void write(MonthSheet sheet, ResultSet rows, MonthWorkbook.RowWritten each) throws SQLException, IOException;
    }

    /** Each row is read once, and written into the CSV file and the workbook. */
    private void write(MonthSheet sheet, BillingPeriod period, Path file, IntoWorkbook book) throws IOException {
        try (var csv = CsvCells.writer(file)) {
            month(sheet.name(), period).withFetchSize(FETCHED).query(rows -> {
                csv.writeRecord(CsvCells.header(rows.getMetaData()));
                try {
                    book.write(sheet, rows, row -> csv.writeRecord(CsvCells.of(row)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return sheet;
            });
        }
    }

    private StatementSpec month(String name, BillingPeriod period) {
        return jdbc.sql(new Sheet(name).sql())
                .param("period", period.firstDay())
                .param("last", period.issuedOn().minusDays(1));
    }
}
