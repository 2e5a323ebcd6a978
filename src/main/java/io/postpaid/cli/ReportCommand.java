package io.postpaid.cli;

import io.postpaid.books.report.FinanceReport;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import java.nio.file.Path;
import java.util.List;
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

    private record Written(String period, String directory, String summary, List<String> files) {}

    @Override
    public Answer call() {
        var of = java.util.Objects.requireNonNull(period);
        var files = report.write(of, directory == null ? home.reports().resolve(of.toString()) : directory);
        return Answer.of(
                new Written(
                        of.toString(),
                        files.directory().toString(),
                        files.summary().toString(),
                        files.files().stream().map(Path::toString).toList()),
                "Finance report of " + of + ": " + files.summary() + " and "
                        + (files.files().size() - 1) + " CSV files beside it");
    }
}
