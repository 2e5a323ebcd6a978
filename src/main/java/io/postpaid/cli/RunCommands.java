package io.postpaid.cli;

import io.postpaid.platform.batch.RunLog;
import io.postpaid.platform.batch.RunReport;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "run", description = "Runs a job.")
final class RunCommands {
    @Spec
    private @Nullable CommandSpec spec;

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
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "--from " + from + " is after --date " + date);
        }
        log.listen(terminal.err()::println);
        var done = (from == null ? date : from)
                .datesUntil(date.plusDays(1))
                .map(day -> {
                    terminal.err().println("nightly " + day);
                    return runs.nightly(day);
                })
                .toList();
        return from == null ? told(done.getFirst()) : told(done);
    }

    @Sandboxed
    @Command(name = "monthly", description = "Issues the invoices of a period, renders, charges, mails and reports.")
    Answer monthly(
            @Option(names = "--period", required = true, paramLabel = "P", description = "A month such as 2026-10.")
                    BillingPeriod period) {
        log.listen(terminal.err()::println);
        return told(runs.monthly(period));
    }

    static Answer told(RunReport run) {
        return Answer.of(RunText.listed(run), RunText.line(run));
    }

    static Answer told(List<RunReport> done) {
        return Answer.of(
                done.stream().map(RunText::listed).toList(),
                done.isEmpty()
                        ? "Nothing to run again"
                        : done.stream().map(RunText::line).collect(Collectors.joining("\n")));
    }
}
