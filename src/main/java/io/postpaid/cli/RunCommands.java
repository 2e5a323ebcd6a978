package io.postpaid.cli;

import io.postpaid.books.close.Closing;
import io.postpaid.platform.batch.RunLog;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "run", description = "Runs a job.")
final class RunCommands {
    @Autowired
    private Runs runs;

    @Autowired
    private Closing closing;

    @Autowired
    private RunLog log;

    @Autowired
    private Terminal terminal;

    @Sandboxed
    @Command(name = "nightly", description = "Takes in, meters and rates usage, and chases what is unpaid.")
    Answer nightly(
            @Option(names = "--date", required = true, paramLabel = "D", description = "All usage before this UTC day.")
                    LocalDate date,
            @Option(names = "--from", paramLabel = "D1", description = "Runs each day from this one to D.") @Nullable
                    LocalDate from) {
        if (from != null && from.isAfter(date)) {
            throw new WrongUse("--from " + from + " is after --date " + date);
        }
        log.listen(terminal.err()::println);
        var done = (from == null ? date : from)
                .datesUntil(date.plusDays(1))
                .map(day -> {
                    terminal.err().println("nightly " + day);
                    return runs.nightly(day);
                })
                .toList();
        return from == null ? RunText.done(done.getFirst()) : RunText.done(done);
    }

    @Sandboxed
    @Command(name = "monthly", description = "Issues the invoices of a period, renders, charges, mails and reports.")
    Answer monthly(
            @Option(names = "--period", required = true, paramLabel = "P", description = "A month such as 2026-10.")
                    BillingPeriod period) {
        log.listen(terminal.err()::println);
        return RunText.done(runs.monthly(period));
    }

    @Sandboxed
    @Command(
            name = "close",
            description = {
                "Proves a month, writes its journal, locks it and keeps its report.",
                "What blocks it is listed with the commands that help; exit 1 then."
            })
    Answer close(
            @Option(names = "--period", required = true, paramLabel = "P", description = "A month such as 2026-10.")
                    BillingPeriod period,
            @Option(names = "--reopen", description = "Opens a closed month again, the last one first.") boolean reopen,
            @Option(names = "--reason", paramLabel = "R", description = "Why it is opened again; it is kept.") @Nullable
                    String reason) {
        if (reopen != (reason != null)) throw new WrongUse("--reopen and --reason come together");
        if (reason != null) return CloseText.reopened(closing.reopen(period, reason));
        var closed = closing.closed(period);
        if (closed.isPresent()) return CloseText.already(closed.get());
        var blockers = closing.blockers(period);
        if (!blockers.isEmpty()) return CloseText.blocked(period, blockers);
        log.listen(terminal.err()::println);
        var run = runs.close(period);
        return CloseText.closed(run, closing.closed(period).orElseThrow());
    }
}
