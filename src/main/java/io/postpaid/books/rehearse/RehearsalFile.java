package io.postpaid.books.rehearse;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.postpaid.billing.invoicing.Bill;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.CsvText;
import io.postpaid.platform.home.WholeFile;
import io.postpaid.platform.money.Amounts;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A CSV file of all accounts of a rehearsal, written as they come; it is there once it is whole. */
public final class RehearsalFile implements Consumer<Rehearsed>, AutoCloseable {
    private final Path file;
    private final Path unfinished;
    private final CsvWriter csv;
    private boolean finished;

    public RehearsalFile(Path folder, BillingPeriod period) throws IOException {
        this.file = Files.createDirectories(folder).resolve("rehearsal-" + period + ".csv");
        this.unfinished = WholeFile.unfinished(file);
        this.csv =
                CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(Files.newBufferedWriter(unfinished, UTF_8));
        csv.writeRecord(
                "account",
                "currency",
                "before",
                "after",
                "difference",
                "why",
                "cost_before",
                "cost_after",
                "credits_before",
                "credits_after",
                "tax_before",
                "tax_after",
                "held_before",
                "held_after");
    }

    @Override
    public void accept(Rehearsed account) {
        var before = account.before();
        var after = account.after();
        csv.writeRecord(
                CsvText.cell(account.account()),
                after.currency(),
                plain(before, before.total()),
                plain(after, after.total()),
                plain(after, account.difference()),
                account.why(),
                exact(before),
                exact(after),
                plain(before, before.credits()),
                plain(after, after.credits()),
                plain(before, before.tax()),
                plain(after, after.tax()),
                before.held(),
                after.held());
    }

    private static String plain(Bill bill, BigDecimal amount) {
        return Amounts.plain(amount, bill.currency());
    }

    private static String exact(Bill bill) {
        return Amounts.exact(bill.cost().cost(), bill.currency());
    }

    /** Puts the file in its place. */
    public Path finish() throws IOException {
        csv.close();
        finished = true;
        WholeFile.finish(unfinished, file);
        return file;
    }

    @Override
    public void close() throws IOException {
        if (finished) return;
        csv.close();
        Files.deleteIfExists(unfinished);
    }
}
