package io.postpaid.spark;

import io.postpaid.spark.Job.InputFile;
import io.postpaid.usage.aggregate.KeptRuns;
import io.postpaid.usage.aggregate.RunResult;
import io.postpaid.usage.aggregate.RunResult.Summary;
import io.postpaid.usage.aggregate.Snapshot;
import io.postpaid.usage.mapping.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The job: reads usage files, takes each record once, adds up what is accepted by account, product and day, and leaves what is to
 * be imported in a folder. It writes nothing into the database.
 */
public final class Aggregate {
    private static final String USAGE = "--snapshot FILE --from PATH --to FOLDER --result FOLDER [--mode run|content|dry-run], or --verify FILE --result FOLDER";

    private Aggregate() {}

    public static void main(String[] args) throws IOException {
        var options = options(args);
        if (options.containsKey("--attended")) endWithWhoStartedIt();
        try (var spark = session()) {
            spark.sparkContext().addSparkListener(new Reached());
            if (options.containsKey("--verify")) verify(spark, options);
            else run(spark, options);
        } catch (RuntimeException | IOException e) {
            System.err.println("The run failed: " + cause(e));
            throw e;
        }
    }

    /** Whoever started it holds its standard input open as long as it lives; two drivers would write into one folder. */
    private static void endWithWhoStartedIt() {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (System.in.read() >= 0) Thread.onSpinWait();
            } catch (IOException e) {
                // Nobody is there any more.
            }
            Runtime.getRuntime().halt(1);
        });
    }

    private static Map<String, String> options(String[] args) {
        var options = new TreeMap<String, String>();
        for (int n = 0; n + 1 < args.length; n += 2) options.put(args[n], args[n + 1]);
        var needed =
                options.containsKey("--verify") ? List.of("--result") : List.of("--snapshot", "--from", "--to", "--result");
        if (args.length % 2 != 0 || !options.keySet().containsAll(needed)) {
            throw new IllegalArgumentException(USAGE);
        }
        return options;
    }

    private static SparkSession session() {
        return SparkSession.builder()
                .appName("Postpaid: usage aggregate")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.ansi.enabled", "true")
                // All lines of a key are decided on by one task, however many there are, and whoever reads them.
                .config("spark.sql.adaptive.skewJoin.enabled", "false")
                .config("spark.sql.adaptive.localShuffleReader.enabled", "false")
                .getOrCreate();
    }

    private static void verify(SparkSession spark, Map<String, String> options) throws IOException {
        var kept = Decided.JSON.readValue(Files.readAllBytes(Path.of(options.get("--verify"))), KeptRuns.class);
        var result = new RunResult(Path.of(options.get("--result")));
        Files.write(result.summary(), Decided.JSON.writeValueAsBytes(new Verify(spark, kept, result).missing()));
    }

    private static void run(SparkSession spark, Map<String, String> options) throws IOException {
        byte[] text = Files.readAllBytes(Path.of(options.get("--snapshot")));
        var snapshot = Decided.JSON.readValue(text, Snapshot.class);
        refuseSeveral(snapshot);
        var hadoop = spark.sparkContext().hadoopConfiguration();
        var inputs = Inputs.below(options.get("--from"), hadoop);
        var job = new Job(
                text, inputs, Job.Reading.RECORDS, Map.of(), new SerializableConfiguration(hadoop), taskBytes(spark, inputs));
        var result = new RunResult(Path.of(options.get("--result")));
        Files.createDirectories(result.folder());
        Files.deleteIfExists(result.summary());
        var to = options.get("--to");
        boolean dryRun = "dry-run".equals(options.get("--mode"));
        Summary summary;
        if ("content".equals(options.get("--mode"))) {
            summary = new Summary(snapshot.run(), new Tally(spark, job).content(), "", "", 0, List.of(), List.of());
        } else {
            var folder = new Folder(to, hadoop);
            if (!dryRun) folder.claim(snapshot.keeper());
            try {
                summary = new Run(spark, job, snapshot, to, result).finish(Tally.sha256(text));
            } finally {
                if (dryRun) folder.delete();
            }
        }
        Files.write(result.summary(), Decided.JSON.writeValueAsBytes(summary));
    }

    /** Such lines are taken as a whole or not at all, which is not decided key by key. */
    private static void refuseSeveral(Snapshot snapshot) {
        if (snapshot.mapping() == null) return;
        var mapping =
                Mapping.parse(snapshot.mapping().name(), snapshot.mapping().text());
        if (mapping.records().size() > 1) {
            throw new IllegalArgumentException(
                    "The mapping %s gives several records for a line: such files are taken by usage ingest alone"
                            .formatted(snapshot.mapping().name()));
        }
    }

    /** Small files share a task, but not so many that a core is left without one. */
    private static long taskBytes(SparkSession spark, List<InputFile> inputs) {
        long bytes = inputs.stream().mapToLong(InputFile::size).sum();
        int cores = spark.sparkContext().defaultParallelism();
        return Math.clamp(bytes / (cores * 3L) + 1, 1 << 20, 128 << 20);
    }

    private static String cause(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }
}
