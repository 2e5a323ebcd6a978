package io.postpaid.cli;

import io.postpaid.books.report.FinanceReport;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "report", description = "Writes the finance report of a period: CSV files and a summary to read.")
final class ReportCommand implements Callable<Answer> {
    @Option(names = "--period", required = true, paramLabel = "P", description = "A month such as 2026-10.")
    private @Nullable BillingPeriod period;

    @Option(names = "--out", paramLabel = "DIR", description = "Default: POSTPAID_HOME/reports/P.")
    private @Nullable Path directory;

    @Autowired
    private FinanceReport report;

    @Autowired
    private Home home;

    @Override
    public Answer call() {
        var of = Objects.requireNonNull(period);
        var files = report.write(of, directory == null ? home.reports().resolve(of.toString()) : directory);
        return Answer.of(
                new Json()
                        .with("period", of.toString())
                        .with("directory", files.directory().toString())
                        .with("summary", files.summary().toString())
                        .with(
                                "files",
                                files.files().stream().map(Path::toString).toList()),
                "Finance report of " + of + ": " + files.summary() + " and "
                        + (files.files().size() - 1) + " CSV files beside it");
    }
}
