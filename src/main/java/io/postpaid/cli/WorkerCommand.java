package io.postpaid.cli;

import io.postpaid.platform.batch.WorkerLoop;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Sandboxed
@Command(
        name = "worker",
        description = {
            "Does parts of the runs of other processes on the same database, until it is stopped.",
            "It needs the settings of the process that runs them, and its folder of documents."
        })
final class WorkerCommand implements Callable<Answer> {
    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    @ParentCommand
    private @Nullable PostpaidCommand parent;

    @Autowired
    private WorkerLoop loop;

    @Autowired
    private DataSource database;

    @Autowired
    private ConfigurableApplicationContext context;

    @Autowired
    private Terminal terminal;

    private final String sessions = WorkerLoop.sessions();

    /** Its sessions are told from others, whatever the address of the database says. */
    Map<String, Object> settings() {
        return Map.of(
                "spring.datasource.hikari.connection-init-sql",
                "select set_config('application_name', '" + sessions + "', false)");
    }

    @Override
    public Answer call() throws SQLException {
        // A signal closes the application: what is in hand ends, and that is success, which the JVM would tell
        // otherwise.
        SpringApplication.getShutdownHandlers().add(() -> Runtime.getRuntime().halt(0));
        context.addApplicationListener(event -> {
            if (event instanceof ContextClosedEvent) stop();
        });
        var url = address();
        var json = new Json().with("worker", sessions).with("database", url);
        Answer.of(
                        json,
                        "Worker on " + url
                                + (context.getEnvironment()
                                                .getProperty("spring.datasource.url", "embedded")
                                                .equals("embedded")
                                        ? ", the embedded database: it helps commands with this POSTPAID_HOME on this"
                                                + " machine, and others only with SPRING_DATASOURCE_URL"
                                        : ""))
                .print(terminal.out(), parent != null && parent.json());
        terminal.out().flush();
        loop.work(sessions, terminal.err()::println, why -> {
            terminal.err().println("This worker ends with what it has in hand: " + why + ". Start it again");
            terminal.err().flush();
            Runtime.getRuntime().halt(1);
        });
        return Answer.given(0);
    }

    private void stop() {
        try {
            loop.stop(STOP_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String address() throws SQLException {
        try (var session = database.getConnection()) {
            return Objects.requireNonNull(session.getMetaData().getURL()).replaceFirst("[?].*", "");
        }
    }
}
