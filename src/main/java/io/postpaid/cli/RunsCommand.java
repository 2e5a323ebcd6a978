package io.postpaid.cli;

import io.postpaid.platform.batch.RunFailedException;
import io.postpaid.platform.batch.RunHistory;
import java.util.concurrent.Callable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "runs", description = "Executions with their steps, newest first.")
final class RunsCommand implements Callable<Answer> {
    @Autowired
    private RunHistory history;

    @Option(names = "--failed", description = "Only what failed or was killed, and was not rerun since.")
    private boolean failed;

    @Override
    public Answer call() {
        return RunText.listing(failed ? history.failed()::forEach : history::each);
    }

    @Command(name = "show", description = "Shows a run: its steps, counts, duration and failure, and who did what.")
    Answer show(@Parameters(paramLabel = "ID") Long id) {
        var run = history.find(id)
                .orElseThrow(() -> new RunFailedException("There is no run " + id + ": ./postpaid runs lists them"));
        return RunText.shown(run, history.parts(id));
    }
}
