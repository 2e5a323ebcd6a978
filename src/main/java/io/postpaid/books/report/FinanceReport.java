package io.postpaid.books.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
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

/** What finance closes a month with: CSV files to compute with, and one page to read. */
@Component
public final class FinanceReport {
    private final JdbcClient jdbc;
    private final TransactionTemplate oneMoment;
    private final SummaryOfPeriod summary;

    FinanceReport(JdbcClient jdbc, PlatformTransactionManager transactions, TemplateFiles templates) {
        this.jdbc = jdbc;
        this.oneMoment = new TransactionTemplate(transactions);
        this.oneMoment.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.oneMoment.setReadOnly(true);
        this.summary = new SummaryOfPeriod(jdbc, templates);
    }

    /**
     * Writes the report of a period into a folder, which is made if it is not there; files of an earlier report are
     * replaced.
     *
     * @throws UncheckedIOException if it cannot be written; the message names the file
     */
    public ReportFiles write(BillingPeriod period, Path directory) {
        var folder = directory.toAbsolutePath().normalize();
        var files = new LinkedHashMap<Path, Path>();
        try {
            Files.createDirectories(folder);
            oneMoment.executeWithoutResult(moment -> writeAll(period, folder, files));
            for (var file : files.entrySet()) WholeFile.finish(file.getValue(), file.getKey());
            return new ReportFiles(folder, List.copyOf(files.keySet()));
        } catch (IOException e) {
            throw new UncheckedIOException("The report cannot be written to " + folder + ": " + e.getMessage(), e);
        } finally {
            files.values().forEach(FinanceReport::discard);
        }
    }

    private void writeAll(BillingPeriod period, Path folder, Map<Path, Path> files) {
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

    /** Two reports of one folder may be written at once; each has unfinished files of its own. */
    private static Path add(Map<Path, Path> files, Path folder, String name) {
        var file = folder.resolve(name);
        var unfinished = WholeFile.unfinished(file);
        files.put(file, unfinished);
        return unfinished;
    }

    private void writeSheet(Sheet sheet, BillingPeriod period, LocalDate asOf, Path file) {
        try (var csv =
                CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(Files.newBufferedWriter(file, UTF_8))) {
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
