package io.postpaid.cli;

import io.postpaid.platform.batch.RunHistory;
import io.postpaid.platform.batch.RunLog;
import io.postpaid.platform.batch.Runs;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Sandboxed
@Command(name = "rerun", description = "Goes on where a failed or killed run stopped.")
final class RerunCommand implements Callable<Answer> {
    @ArgGroup(multiplicity = "1")
    private final Which which = new Which();

    @Autowired
    private Runs runs;

    @Autowired
    private RunHistory history;

    @Autowired
    private RunLog log;

    @Autowired
    private Terminal terminal;

    static final class Which {
        @Parameters(paramLabel = "ID", description = "A run, as ./postpaid runs lists them.")
        private @Nullable Long id;

        @Option(names = "--failed", required = true, description = "All that failed or were killed, oldest first.")
        private boolean failed;
    }

    @Override
    public Answer call() {
        log.listen(terminal.err()::println);
        if (which.id != null) return RunText.done(runs.rerun(which.id));
        return RunText.done(
                history.failed().stream().map(run -> runs.rerun(run.id())).toList());
    }
}
