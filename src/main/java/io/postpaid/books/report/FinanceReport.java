package io.postpaid.books.report;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.WholeFile;
import io.postpaid.platform.template.TemplateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What finance closes a month with: its books as CSV files, as a workbook and as a page to print, and, as long as the month is
 * not closed, files and a page of what became of its invoices until now.
 */
@Component
public final class FinanceReport {
    private final JdbcClient jdbc;
    private final TransactionTemplate oneMoment;
    private final SummaryOfPeriod summary;
    private final MonthReport month;

    FinanceReport(JdbcClient jdbc, PlatformTransactionManager transactions, TemplateFiles templates) {
        this.jdbc = jdbc;
        this.oneMoment = new TransactionTemplate(transactions);
        this.oneMoment.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.summary = new SummaryOfPeriod(jdbc, templates);
        this.month = new MonthReport(jdbc, templates);
    }

    /**
     * Writes the report of a period into a folder, which is made if it is not there; files of an earlier report are
     * replaced. Of a closed period only its books are written, whose bytes never change; what else lies there stays as it is.
     *
     * @throws UncheckedIOException if it cannot be written; the message names the file
     */
    public ReportFiles write(BillingPeriod period, Path directory) {
        var folder = directory.toAbsolutePath().normalize();
        var files = new LinkedHashMap<Path, Path>();
        try {
            Files.createDirectories(folder);
            oneMoment.executeWithoutResult(moment -> {
                if (!writeKept(period, folder, files)) writeAll(period, folder, files);
            });
            for (var file : files.entrySet()) WholeFile.finish(file.getValue(), file.getKey());
            return new ReportFiles(folder, List.copyOf(files.keySet()));
        } catch (IOException e) {
            throw new UncheckedIOException("The report cannot be written to " + folder + ": " + e.getMessage(), e);
        } finally {
            files.values().forEach(FinanceReport::discard);
        }
    }

    /** @return whether the month is closed, and its files are kept */
    private boolean writeKept(BillingPeriod period, Path folder, Map<Path, Path> files) {
        jdbc.sql("""
                        select file, content
                          from ledger_close_file f
                          join ledger_close c using (period, version)
                         where c.period = :period and closed_at(c.period) is not null
                           and c.version = (select max(version) from ledger_close where period = :period)
                         order by file""").param("period", period.firstDay()).query(row -> {
            write(row.getBytes("content"), add(files, folder, row.getString("file")));
        });
        return !files.isEmpty();
    }

    private static void write(byte[] content, Path file) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private void writeAll(BillingPeriod period, Path folder, Map<Path, Path> files) {
        try {
            month.write(period, name -> add(files, folder, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        if (closed(period)) return;
        addUpOnce(period);
        var asOf = asOf(period);
        for (var sheet : Sheet.FILES) {
            writeSheet(sheet, period, asOf, add(files, folder, sheet.file()));
        }
        var currencies = summary.currencies(period);
        for (var currency : currencies) {
            // Money of two currencies does not add up: each has its own page, the first is the one that is most billed
            // in.
            var name = currency.equals(currencies.getFirst()) ? "summary.html" : "summary-" + currency + ".html";
            writePage(summary.page(period, currency, asOf), add(files, folder, name));
        }
    }

    /** The sums of the usage that both files and the page show: until the transaction ends they stand in place of their views. */
    private void addUpOnce(BillingPeriod period) {
        jdbc.sql("drop table if exists pg_temp.report_daily_revenue, pg_temp.report_product_revenue")
                .update();
        jdbc.sql("""
                        create temporary table report_daily_revenue on commit drop as
                        select * from public.report_daily_revenue where period = :period""").param("period", period.firstDay()).update();
        jdbc.sql("""
                        create temporary table report_product_revenue on commit drop as
                        select * from public.report_product_revenue where period = :period""").param("period", period.firstDay()).update();
    }

    /** Two reports of one folder may be written at once; each has unfinished files of its own. */
    private static Path add(Map<Path, Path> files, Path folder, String name) {
        var file = folder.resolve(name);
        var unfinished = WholeFile.unfinished(file);
        files.put(file, unfinished);
        return unfinished;
    }

    private void writeSheet(Sheet sheet, BillingPeriod period, LocalDate asOf, Path file) {
        try (var csv = CsvCells.writer(file)) {
            jdbc.sql(sheet.sql())
                    .params(Map.of(
                            "period", period.firstDay(),
                            "from", period.from().atOffset(ZoneOffset.UTC),
                            "to", period.to().atOffset(ZoneOffset.UTC),
                            "as_of", asOf))
                    .withFetchSize(1000)
                    .query(rows -> {
                        csv.writeRecord(CsvCells.header(rows.getMetaData()));
                        while (rows.next()) {
                            csv.writeRecord(CsvCells.of(rows));
                        }
                        return rows.getRow();
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void writePage(String html, Path file) {
        try {
            Files.writeString(file, html);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private boolean closed(BillingPeriod period) {
        return jdbc.sql("select closed_at(:period) is not null")
                .param("period", period.firstDay())
                .query(Boolean.class)
                .single();
    }

    /** Ages are counted at the last night that is done, so that the same books give the same report on any day. */
    private LocalDate asOf(BillingPeriod period) {
        var issued = period.issuedOn();
        return jdbc.sql("select greatest(date, :issued) from report_as_of")
                .param("issued", issued)
                .query(LocalDate.class)
                .optional()
                .orElse(issued);
    }

    private static void discard(Path unfinished) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            throw new UncheckedIOException(unfinished + " cannot be deleted: " + e.getMessage(), e);
        }
    }
}
