package io.postpaid.usage.aggregate;

import io.postpaid.platform.home.Home;
import io.postpaid.usage.admission.OwnConnection;
import io.postpaid.usage.aggregate.RunResult.Summary;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.intake.IngestOutcome;
import io.postpaid.usage.mapping.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run of usage aggregate: what lines are decided by is written into a file, a process of its own reads the usage, and what it
 * adds up to is imported in one transaction. Only one runs at a time, because each must know the keys of those before it.
 */
@Component
public class Aggregation {
    static final JsonMapper JSON = JsonMapper.builder().build();

    /** It names a folder. */
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /** How runs begin that release lines. */
    static final String RELEASE = "release-";

    private final DataSource database;
    private final Home home;
    private final SnapshotStore snapshots;
    private final RunImport runs;
    private final SparkProcess spark;

    Aggregation(DataSource database, Home home, SnapshotStore snapshots, RunImport runs, SparkProcess spark) {
        this.database = database;
        this.home = home;
        this.snapshots = snapshots;
        this.runs = runs;
        this.spark = spark;
    }

    /**
     * What is to be aggregated.
     *
     * @param from a folder or a file, as Hadoop names it
     * @param to below which folder the records are kept; null for POSTPAID_HOME
     * @param master Spark's
     */
    public record Request(
            String run,
            String from,
            @Nullable Mapping mapping,
            @Nullable String to,
            String master) {}

    /** Is told how many tasks are done of those that are known so far, and how many lines were read. */
    public interface Progress {
        void reached(long tasks, long of, long lines);
    }

    /** @param before whether the run was imported earlier, and nothing was done */
    public record Outcome(String run, boolean before, String folder, long records, List<IngestOutcome> files) {}

    /** @throws UnreadableUsage if the usage cannot be read, or the ID stands for other usage */
    public Outcome aggregate(Request request, Progress progress) {
        if (request.run().startsWith(RELEASE)) {
            throw new UnreadableUsage("Runs that begin with '%s' release quarantined lines".formatted(RELEASE));
        }
        return alone(connection -> aggregate(connection, request, false, progress, _ -> {}));
    }

    interface Work<T> {
        T with(OwnConnection connection) throws IOException;
    }

    /** What knows the keys of all runs so far must be over before the next begins. */
    <T> T alone(Work<T> work) {
        try (var connection = new OwnConnection(database, true)) {
            if (!connection.commit(() -> runs.lock(connection.jdbc()))) {
                throw new UnreadableUsage("Another run of usage aggregate is not over: wait for it");
            }
            return work.with(connection);
        } catch (IOException e) {
            throw new UnreadableUsage("The run cannot write below %s: %s".formatted(home.path(), e.getMessage()), e);
        }
    }

    /**
     * @param anyAge whether usage of any age is taken
     * @param also what is done in the transaction of the import
     */
    Outcome aggregate(
            OwnConnection connection, Request request, boolean anyAge, Progress progress, Consumer<JdbcClient> also)
            throws IOException {
        check(request);
        var folder = home.path().resolve("aggregate").resolve(request.run());
        var before = connection.commit(() -> runs.imported(connection.jdbc(), request.run()));
        // What an imported run was decided by stays as it is.
        var result = new RunResult(before.isEmpty() ? folder : folder.resolve("again"));
        run(connection, request, anyAge, progress, result, before.isPresent() ? "content" : "run");
        var summary = JSON.readValue(result.summary(), Summary.class);
        if (before.isEmpty()) {
            connection.commit(() -> {
                runs.take(connection.jdbc(), inHome(summary), result);
                also.accept(connection.jdbc());
                return true;
            });
        } else if (!before.get().content().equals(summary.content())) {
            throw new UnreadableUsage(
                    "The run %s was imported with other usage or another mapping: give this one another ID"
                            .formatted(request.run()));
        }
        return connection.commit(() -> runs.outcome(connection.jdbc(), request.run(), before.isPresent()));
    }

    /**
     * Reads the usage as a run does, and imports and keeps nothing.
     *
     * @throws UnreadableUsage also where the run was imported before
     */
    public DryRun dryRun(Request asked, Progress progress) {
        check(asked);
        return alone(connection -> {
            // Its records are no run's.
            var request =
                    new Request("_dry-run-" + asked.run(), asked.from(), asked.mapping(), asked.to(), asked.master());
            if (connection
                    .commit(() -> runs.imported(connection.jdbc(), asked.run()))
                    .isPresent()) {
                throw new UnreadableUsage("The run %s was imported before".formatted(asked.run()));
            }
            var aggregate = Files.createDirectories(home.path().resolve("aggregate"));
            var result = new RunResult(Files.createTempDirectory(aggregate, ".dry-run"));
            try {
                run(connection, request, false, progress, result, "dry-run");
                return DryRun.of(asked.run(), result);
            } finally {
                FileSystemUtils.deleteRecursively(result.folder());
            }
        });
    }

    /** When a run was imported last, as seconds since 1970; 0 if none was. */
    public long lastImport() {
        return JdbcClient.create(database)
                .sql("select coalesce(extract(epoch from max(imported_at)), 0)::bigint from usage_run")
                .query(Long.class)
                .single();
    }

    private static void check(Request request) {
        if (!RUN.matcher(request.run()).matches()) {
            throw new UnreadableUsage(
                    "The ID of a run has letters, digits, dots, underscores and hyphens, not '" + request.run() + "'");
        }
    }

    private void run(
            OwnConnection connection, Request request, boolean anyAge, Progress progress, RunResult result, String mode)
            throws IOException {
        Files.createDirectories(result.folder());
        var snapshot = connection.commit(() -> snapshots.take(connection.jdbc(), request, home.path(), anyAge));
        var file = result.folder().resolve("snapshot.json");
        JSON.writeValue(file, snapshot);
        spark.run(
                request.master(),
                result,
                progress,
                "--snapshot",
                file.toString(),
                "--from",
                request.from(),
                "--to",
                kept(request, mode.equals("dry-run") ? result.folder().resolve("kept") : result.folder()),
                "--mode",
                mode);
    }

    /** What lies below POSTPAID_HOME is named from there, and is found again where a backup is restored. */
    private Summary inHome(Summary summary) {
        var prefix = home.path() + "/";
        return summary.folder().startsWith(prefix) ? summary.in(summary.folder().substring(prefix.length())) : summary;
    }

    private static String kept(Request request, Path otherwise) {
        var to = request.to();
        if (to == null) return otherwise.toString();
        if (SnapshotStore.ELSEWHERE.matcher(to).lookingAt()) return to.replaceFirst("/+$", "") + "/" + request.run();
        return Path.of(to).toAbsolutePath().normalize().resolve(request.run()).toString();
    }
}
