package io.postpaid.cli;

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
}
