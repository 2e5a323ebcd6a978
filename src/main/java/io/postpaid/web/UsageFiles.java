package io.postpaid.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.books.usage.AccountUsage;
import io.postpaid.books.usage.UsedRecord;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.CsvText;
import io.postpaid.usage.intake.Quarantine;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** An account's records as CSV, a row each. */
@Component
public final class UsageFiles {
    private static final int PAGE = 1_000;

    private final AccountUsage usage;
    private final Quarantine quarantine;

    UsageFiles(AccountUsage usage, Quarantine quarantine) {
        this.usage = usage;
        this.quarantine = quarantine;
    }

    /** The records of a month of use, and behind them what came in that month and is in quarantine. */
    public void ofMonth(String account, BillingPeriod month, OutputStream out) throws IOException {
        write(out, rows -> {
            usage.ofMonth(account, month, used -> row(rows, used));
            var page = quarantine.open(account, month.from(), month.to(), Long.MAX_VALUE, PAGE);
            while (!page.isEmpty()) {
                page.forEach(line -> quarantined(rows, line));
                page = quarantine.open(
                        account, month.from(), month.to(), page.getLast().id(), PAGE);
            }
        });
    }

    /** The records behind an invoice. */
    public void behind(Invoice invoice, OutputStream out) throws IOException {
        write(out, rows -> usage.behind(invoice, used -> row(rows, used)));
    }

    private static void write(OutputStream out, Consumer<CsvWriter> rows) throws IOException {
        var csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(new OutputStreamWriter(out, UTF_8));
        csv.writeRecord(
                "status",
                "occurred_at",
                "product",
                "quantity",
                "source",
                "id",
                "outcome",
                "operation",
                "late",
                "billed_in",
                "received_at",
                "reason");
        rows.accept(csv);
        csv.flush();
    }

    private static void row(CsvWriter rows, UsedRecord used) {
        var record = used.record();
        rows.writeRecord(
                status(used),
                record.occurredAt().toString(),
                CsvText.cell(record.product()),
                plain(record.quantity()),
                CsvText.cell(record.source()),
                CsvText.cell(record.id()),
                record.failed() ? "failed" : "succeeded",
                CsvText.cell(record.operation()),
                used.late() ? "yes" : "no",
                used.billedIn().stream().map(BillingPeriod::toString).collect(Collectors.joining(" ")),
                "",
                "");
    }

    private static void quarantined(CsvWriter rows, Quarantine.OfAccount line) {
        rows.writeRecord(
                "quarantined",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                line.receivedAt().toString(),
                line.reason().name());
    }

    /** Without trailing zeros, and never in scientific notation. */
    static String plain(BigDecimal quantity) {
        return quantity.signum() == 0 ? "0" : quantity.stripTrailingZeros().toPlainString();
    }

    static String status(UsedRecord used) {
        return used.status().name().toLowerCase(Locale.ROOT);
    }
}
