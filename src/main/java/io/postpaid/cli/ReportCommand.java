package io.postpaid.cli;

import io.postpaid.books.report.FinanceReport;
import io.postpaid.books.report.ReportFiles;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "report",
        description =
                "Writes the finance report of a period: its books as CSV files, workbook and page, and what became of its invoices.")
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
        return Answer.of(json(of, files), text(of, files));
    }

    private static Json json(BillingPeriod period, ReportFiles files) {
        var json = new Json()
                .with("period", period.toString())
                .with("directory", files.directory().toString())
                .with("page", files.page().toString())
                .with("workbook", files.workbook().toString())
                .with("files", files.files().stream().map(Path::toString).toList());
        return files.closed() ? json : json.with("summary", files.summary().toString());
    }

    private static String text(BillingPeriod period, ReportFiles files) {
        return "Books of %s   %s, %s and CSV files beside it\n%s"
                .formatted(
                        period,
                        files.page(),
                        files.workbook().getFileName(),
                        files.closed()
                                ? period + " is closed: these are the same bytes as at its close"
                                : "Its invoices now   " + files.summary());
    }
}
