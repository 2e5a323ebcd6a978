package io.postpaid.cli;

import io.postpaid.books.report.Check;
import io.postpaid.keeping.Restore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        description = {
            "Restores a backup into an empty database and an empty POSTPAID_HOME, and checks the books; exit 1 if an"
                    + " invariant is broken.",
            "Nothing is numbered, charged or mailed from there on, until './postpaid match --lift'."
        })
final class RestoreCommand implements Callable<Answer> {
    @Parameters(paramLabel = "DIR", description = "The folder that './postpaid backup' has filled.")
    private @Nullable Path folder;

    @Autowired
    private Restore restore;

    @Autowired
    private Terminal terminal;

    /** The database is made as it was, first. */
    Map<String, Object> settings() {
        return Restore.schemaOf(Objects.requireNonNull(folder))
                .<Map<String, Object>>map(schema -> Map.of("spring.flyway.target", schema + "?"))
                .orElse(Map.of());
    }

    @Override
    public Answer call() throws IOException, SQLException {
        var restored = restore.from(Objects.requireNonNull(folder), terminal::step);
        var broken = restored.checks().stream()
                .filter(check -> !check.holds())
                .map(Check::name)
                .collect(Collectors.joining(", "));
        var text = "Restored as of " + restored.takenAt() + ": " + restored.rows() + " rows of " + restored.tables()
                + " tables, " + restored.files() + " files\n"
                + (broken.isEmpty()
                        ? "All " + restored.checks().size() + " invariants hold"
                        : "BROKEN: " + broken + " (./postpaid verify)")
                + "\nNothing is numbered, charged or mailed until the payment provider was matched: ./postpaid match";
        return Answer.of(restored, text, restored.holds());
    }
}
