package io.postpaid.cli;

import io.postpaid.privacy.Export;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "export", description = "Writes all that is kept of an account into one ZIP file.")
final class ExportCommand implements Callable<Answer> {
    @Autowired
    private Export export;

    @Parameters(paramLabel = "ID")
    private String id = "";

    @Option(names = "--out", paramLabel = "FILE", description = "Default: account-ID.zip in this folder.")
    private @Nullable Path out;

    @Override
    public Answer call() throws IOException {
        var file = out == null ? Path.of("account-" + id + ".zip") : out;
        export.write(id, file);
        return Answer.of(
                new Json().with("id", id).with("file", file.toString()),
                "All that is kept of " + id + " is in " + file);
    }
}
