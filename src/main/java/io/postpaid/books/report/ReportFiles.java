package io.postpaid.books.report;

import java.nio.file.Path;
import java.util.List;

/** A finance report as it lies in its folder. */
public record ReportFiles(Path directory, List<Path> files) {
    public ReportFiles {
        files = List.copyOf(files);
    }

    public Path summary() {
        return directory.resolve("summary.html");
    }
}
