package io.postpaid.cli;

import io.postpaid.keeping.Backup;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        description = {
            "Copies the database, as it is at one moment, and the files under POSTPAID_HOME into a folder.",
            "Others may go on working meanwhile. Whoever can read the folder can read all that customers are told and"
                    + " the hashes of keys: only you may, and it should be encrypted where it is kept."
        })
final class BackupCommand implements Callable<Answer> {
    @Parameters(paramLabel = "DIR", description = "A new or empty folder, outside of POSTPAID_HOME.")
    private @Nullable Path folder;

    @Autowired
    private Backup backup;

    @Autowired
    private Terminal terminal;

    @Override
    public Answer call() throws IOException, SQLException {
        var taken = backup.to(Objects.requireNonNull(folder), terminal::step);
        return Answer.of(
                taken,
                "Backed up as of " + taken.at() + ": " + taken.rows() + " rows of " + taken.tables() + " tables, "
                        + taken.files() + " files, in " + taken.folder());
    }
}
