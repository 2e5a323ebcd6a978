package io.postpaid.privacy;

import io.postpaid.account.Accounts;
import io.postpaid.billing.document.Documents;
import io.postpaid.billing.document.Pdf;
import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.platform.batch.Row;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.WholeFile;
import io.postpaid.usage.archive.AccountRecords;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.StringUtils;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that is kept of an account as one ZIP file: a file of JSON lines for each kind, and the PDF files. Each line and each file is
 * written as it is read, so that memory holds none of it.
 */
@Component
public class Export {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private final Accounts accounts;
    private final Invoices invoices;
    private final CreditNotes notes;
    private final Documents documents;
    private final AccountRecords records;
    private final JdbcClient jdbc;
    private final TransactionTemplate snapshot;

    Export(
            Accounts accounts,
            Invoices invoices,
            CreditNotes notes,
            Documents documents,
            AccountRecords records,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.accounts = accounts;
        this.invoices = invoices;
        this.notes = notes;
        this.documents = documents;
        this.records = records;
        this.jdbc = jdbc;
        this.snapshot = new TransactionTemplate(transactions);
        snapshot.setReadOnly(true);
        // One moment for all kinds.
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    /**
     * Writes it, whole or not at all.
     *
     * @throws io.postpaid.account.UnknownAccountException if there is no such account
     */
    public void write(String id, Path file) throws IOException {
        accounts.get(id);
        var unfinished = WholeFile.unfinished(file.toAbsolutePath());
        try {
            try (var zip = new ZipOutputStream(Files.newOutputStream(unfinished), StandardCharsets.UTF_8)) {
                snapshot.executeWithoutResult(_ -> rows(id, zip));
                archived(id, zip);
                pdfs(id, zip);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            WholeFile.finish(unfinished, file.toAbsolutePath());
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private void rows(String id, ZipOutputStream zip) {
        Kept.kinds().forEach((kind, sql) -> {
            begin(zip, kind + ".jsonl");
            Row.each(
                    jdbc.sql("select exported(line)::text from (" + sql + ") kept")
                            .param("account", id),
                    (row, i) -> Objects.requireNonNull(row.getString(1)),
                    line -> put(zip, line));
        });
    }

    /** Records of months that lie in files. */
    private void archived(String id, ZipOutputStream zip) {
        begin(zip, "usage_record_archived.jsonl");
        for (var month : jdbc.sql(
                        "select distinct month from usage_archive_sum where account = :account order by month")
                .param("account", id)
                .query(LocalDate.class)
                .list()) {
            records.eachArchived(id, BillingPeriod.of(month), record -> put(zip, JSON.writeValueAsString(record)));
        }
    }

    private void pdfs(String id, ZipOutputStream zip) throws IOException {
        for (var invoice : invoices.ofAccount(id)) {
            if (invoice.status() == InvoiceStatus.DRAFT) continue;
            pdf(documents.pdf(invoice), zip);
            for (var note : notes.of(invoice.id())) pdf(documents.pdf(note), zip);
        }
    }

    private static void pdf(Pdf file, ZipOutputStream zip) throws IOException {
        begin(zip, "documents/" + StringUtils.getFilename(file.place()));
        zip.write(file.bytes());
    }

    private static void begin(ZipOutputStream zip, String name) {
        try {
            zip.putNextEntry(new ZipEntry(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void put(OutputStream out, String line) {
        try {
            out.write(line.getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
