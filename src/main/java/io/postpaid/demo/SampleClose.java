package io.postpaid.demo;

import io.postpaid.books.close.Blocker;
import io.postpaid.books.close.Closing;
import io.postpaid.books.journal.JournalExport;
import io.postpaid.books.journal.JournalFormat;
import io.postpaid.books.rehearse.Findings;
import io.postpaid.books.rehearse.RehearsalFile;
import io.postpaid.books.rehearse.Rehearsals;
import io.postpaid.books.rehearse.Rehearsals.Wanted;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.platform.home.WholeFile;
import io.postpaid.platform.money.Amounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What finance does when the month is over. */
@Component
class SampleClose {
    private final Closing closing;
    private final JournalExport journals;
    private final Runs runs;
    private final Rehearsals rehearsals;
    private final SampleBooks books;
    private final Home home;
    private final JdbcClient jdbc;

    SampleClose(
            Closing closing,
            JournalExport journals,
            Runs runs,
            Rehearsals rehearsals,
            SampleBooks books,
            Home home,
            JdbcClient jdbc) {
        this.closing = closing;
        this.journals = journals;
        this.runs = runs;
        this.rehearsals = rehearsals;
        this.books = books;
        this.home = home;
        this.jdbc = jdbc;
    }

    /** Closes the month, and exports its journal for each program. */
    void close(BillingPeriod period, Consumer<String> told) throws IOException {
        var blockers = closing.blockers(period);
        if (!blockers.isEmpty()) {
            told.accept(period + " is not closed. "
                    + String.join(". ", blockers.stream().map(Blocker::text).toList()));
            return;
        }
        var run = runs.close(period);
        told.accept("close " + period + ": " + Demo.sum(run) + ", and nothing is posted into it any more");
        for (var format : JournalFormat.values()) {
            for (var file : journals.export(period, format, null, null).files()) {
                WholeFile.write(journal(period, format), file.bytes());
            }
        }
    }

    /** Without fonts for their letters some customers are held; the reason says which to install. */
    List<String> held(BillingPeriod period) {
        return jdbc.sql(
                        "select account || ' is not billed yet: ' || detail from report_hold where period = :period order by account")
                .param("period", period.firstDay())
                .query(String.class)
                .list();
    }

    /** What the month would have cost at prices that are 10 % higher. */
    void rehearse(BillingPeriod period, Consumer<String> told) throws IOException {
        var raised = books.raisedPrices();
        var findings = new Findings();
        try (var file = new RehearsalFile(folder(period), period)) {
            rehearsals.run(new Wanted(period, raised, null, false), total -> {}, account -> {
                findings.accept(account);
                file.accept(account);
            });
            file.finish();
        }
        var differences = findings.differences().entrySet().stream()
                .map(sum -> Amounts.text(sum.getValue(), sum.getKey()))
                .collect(Collectors.joining(", "));
        told.accept("rehearse " + period + " with prices 10 % higher: "
                + findings.changed().size() + " of " + findings.accounts() + " accounts change, by " + differences
                + "; nothing was stored");
    }

    private Path folder(BillingPeriod period) {
        return home.reports().resolve(period.toString());
    }

    private Path journal(BillingPeriod period, JournalFormat format) throws IOException {
        var folder = Files.createDirectories(
                home.reports().resolve(period.toString()).resolve("journal"));
        return folder.resolve(format.name().toLowerCase(Locale.ROOT) + ".csv");
    }
}
