package io.postpaid.books.report;

import java.nio.file.Path;
import java.util.List;

/** A finance report as it lies in its folder. */
public record ReportFiles(Path directory, List<Path> files) {
    public ReportFiles {
        files = List.copyOf(files);
    }

    /** The books of the month, to read and to print. */
    public Path page() {
        return directory.resolve("month.html");
    }

    public Path workbook() {
        return directory.resolve("report.xlsx");
    }

    /** What became of its invoices until now, which is not written of a closed month. */
    public Path summary() {
        return directory.resolve("summary.html");
    }

    public boolean closed() {
        return !files.contains(summary());
    }
}
