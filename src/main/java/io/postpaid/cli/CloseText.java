package io.postpaid.cli;

import io.postpaid.books.close.Blocker;
import io.postpaid.books.close.ClosedMonth;
import io.postpaid.books.close.ClosedMonth.KeptFile;
import io.postpaid.books.close.Tie;
import io.postpaid.platform.batch.RunReport;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import java.util.List;

/** What the command line says of a month's close. */
final class CloseText {
    private static final Fields<Blocker> BLOCKERS = new Fields<Blocker>()
            .both("what", "WHAT BLOCKS IT", Blocker::what)
            .both("count", "HOW MANY", Blocker::count)
            .both("example", "SUCH AS", Blocker::example)
            .both("command", "WHAT HELPS", Blocker::command)
            .field("page", Blocker::page);

    private static final Fields<Tie> TIES = new Fields<Tie>()
            .both("name", "FIGURE", Tie::name)
            .both("currency", "CURRENCY", Tie::currency)
            .both("books", "IN THE BOOKS", tie -> tie.books().toPlainString())
            .both("against", "TIES TO", Tie::against)
            .both("difference", "DIFFERENCE", tie -> Amounts.plain(tie.difference(), tie.currency()));

    private static final Fields<KeptFile> FILES = new Fields<KeptFile>()
            .both("file", "FILE", KeptFile::file)
            .both("bytes", "BYTES", KeptFile::bytes)
            .both("sha256", "SHA-256", KeptFile::sha256);

    private CloseText() {}

    static Answer blocked(BillingPeriod period, List<Blocker> blockers) {
        return Answer.of(
                new Json()
                        .with("period", period.toString())
                        .with("closed", false)
                        .with("blockers", BLOCKERS.json(blockers)),
                BLOCKERS.table(blockers) + "\n" + period + " is not closed: nothing was done",
                false);
    }

    static Answer closed(RunReport run, ClosedMonth month) {
        return Answer.of(
                json(month).with("run", run.id()),
                TIES.table(month.ties()) + "\n" + closed(month)
                        + ": ./postpaid journal export --period " + month.period()
                        + " --format csv gives its journal, and the report lies in reports/" + month.period());
    }

    static Answer already(ClosedMonth month) {
        return Answer.of(json(month), closed(month) + " already, and stays as it is");
    }

    static Answer reopened(ClosedMonth month) {
        return Answer.of(
                json(month),
                month.period()
                        + " is open again. Closing it again writes what is different: ./postpaid run close --period "
                        + month.period());
    }

    private static String closed(ClosedMonth month) {
        return month.period() + " is closed" + (month.version() == 1 ? "" : " (version " + month.version() + ")")
                + ", by " + month.closedBy() + " at " + month.closedAt();
    }

    private static Json json(ClosedMonth month) {
        return new Json()
                .with("period", month.period().toString())
                .with("closed", !month.open())
                .with("version", month.version())
                .with("closed_at", month.closedAt())
                .with("closed_by", month.closedBy())
                .with("ties", TIES.json(month.ties()))
                .with("files", FILES.json(month.files()));
    }
}
