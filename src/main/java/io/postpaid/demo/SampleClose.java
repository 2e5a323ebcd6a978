package io.postpaid.demo;

import io.postpaid.books.close.Blocker;
import io.postpaid.books.close.Closing;
import io.postpaid.books.journal.JournalExport;
import io.postpaid.books.journal.JournalFormat;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.platform.home.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What finance does when the month is over. */
@Component
class SampleClose {
    private final Closing closing;
    private final JournalExport journals;
    private final Runs runs;
    private final Home home;
    private final JdbcClient jdbc;

    SampleClose(Closing closing, JournalExport journals, Runs runs, Home home, JdbcClient jdbc) {
        this.closing = closing;
        this.journals = journals;
        this.runs = runs;
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

    private Path journal(BillingPeriod period, JournalFormat format) throws IOException {
        var folder = Files.createDirectories(
                home.reports().resolve(period.toString()).resolve("journal"));
        return folder.resolve(format.name().toLowerCase(Locale.ROOT) + ".csv");
    }
}
