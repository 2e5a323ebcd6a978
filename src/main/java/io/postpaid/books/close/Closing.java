package io.postpaid.books.close;

import io.postpaid.books.close.ClosedMonth.KeptFile;
import io.postpaid.books.journal.Journals;
import io.postpaid.books.report.FinanceReport;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.home.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Closes the books of a month, and opens them again. What is closed takes no more postings, whoever writes them. */
@Component
public class Closing {
    private final CloseStore store;
    private final CloseChecks checks;
    private final Journals journals;
    private final FinanceReport report;
    private final Home home;
    private final BillingClock clock;

    Closing(
            CloseStore store,
            CloseChecks checks,
            Journals journals,
            FinanceReport report,
            Home home,
            BillingClock clock) {
        this.store = store;
        this.checks = checks;
        this.journals = journals;
        this.report = report;
        this.home = home;
        this.clock = clock;
    }

    /** Every closing, the newest month first. */
    public List<ClosedMonth> months() {
        return store.all();
    }

    /** The closing that stands: empty while the month is open. */
    public Optional<ClosedMonth> closed(BillingPeriod period) {
        return store.latest(period).filter(month -> !month.open());
    }

    /** What must be settled first, in the order in which it is done. */
    public List<Blocker> blockers(BillingPeriod period) {
        return checks.blockers(period);
    }

    /** What the books say of a month, beside what each figure must be equal to. */
    public List<Tie> ties(BillingPeriod period) {
        return checks.ties(period);
    }

    /** Proves, writes the journal and locks the month, all or nothing. A month that is closed stays as it is. */
    @Transactional
    void close(BillingPeriod period) {
        store.lock();
        if (closed(period).isPresent()) return;
        mustBeReady(period);
        var ties = ties(period);
        for (var tie : ties) {
            if (!tie.holds()) {
                throw new IllegalStateException(
                        tie.name() + " is " + tie.books().toPlainString() + " " + tie.currency() + " in the books, but "
                                + tie.against() + " are " + tie.other().toPlainString());
            }
        }
        journals.write(period);
        store.close(period, ties, clock.instant());
    }

    void mustBeReady(BillingPeriod period) {
        var blockers = blockers(period);
        if (!blockers.isEmpty()) {
            throw new IllegalStateException(period + " cannot be closed. "
                    + String.join(". ", blockers.stream().map(Blocker::text).toList()));
        }
    }

    /** Writes the report of a closed month, and keeps what its files are. */
    void keepReport(BillingPeriod period) {
        var month = closed(period).orElseThrow();
        var written = report.write(period, home.reports().resolve(period.toString()));
        if (!month.files().isEmpty()) return;
        var files = new LinkedHashMap<KeptFile, byte[]>();
        for (var path : written.files()) {
            try {
                var name = written.directory().relativize(path).toString();
                var content = Files.readAllBytes(path);
                files.put(new KeptFile(name, Sha256.of(content), content.length), content);
            } catch (IOException e) {
                throw new UncheckedIOException(path + " cannot be read: " + e.getMessage(), e);
            }
        }
        store.keep(month, files);
    }

    /**
     * Opens the last month that is closed.
     *
     * @throws IllegalArgumentException if it is not closed, a later one is, or there is no reason
     */
    @Transactional
    public ClosedMonth reopen(BillingPeriod period, String reason) {
        if (reason.isBlank())
            throw new IllegalArgumentException("Opening a closed month needs a reason, which is kept");
        var month = closed(period).orElseThrow(() -> new IllegalArgumentException(period + " is not closed"));
        var later = store.all().stream()
                .filter(other -> !other.open() && other.period().compareTo(period) > 0)
                .findFirst();
        if (later.isPresent()) {
            throw new IllegalArgumentException(later.get().period() + " is closed behind " + period
                    + ": open that first, ./postpaid run close --period "
                    + later.get().period() + " --reopen --reason R");
        }
        store.reopen(month, reason.strip(), clock.instant());
        return store.latest(period).orElseThrow();
    }
}
