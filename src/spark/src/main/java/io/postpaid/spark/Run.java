package io.postpaid.spark;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.postpaid.spark.Job.InputFile;
import io.postpaid.usage.aggregate.RunResult;
import io.postpaid.usage.aggregate.RunResult.Summary;
import io.postpaid.usage.aggregate.Snapshot;
import io.postpaid.usage.aggregate.Snapshot.Corrected;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** One run: brings all lines with a key side by side, decides on them, keeps them as Parquet, and adds up what was kept. */
final class Run {
    private static final StructType KEYS = new StructType()
            .add("k1", DataTypes.LongType, false)
            .add("k2", DataTypes.LongType, false)
            .add("owner", DataTypes.StringType, false);

    /** About so much of the files is decided on in one task. */
    private static final long SHUFFLED_BYTES = 64 << 20;

    private final SparkSession spark;
    private final Job job;
    private final Snapshot snapshot;
    private final String folder;
    private final RunResult result;

    Run(SparkSession spark, Job job, Snapshot snapshot, String folder, RunResult result) {
        this.spark = spark;
        this.job = job;
        this.snapshot = snapshot;
        this.folder = folder;
        this.result = result;
    }

    Summary finish(String snapshotHash) throws IOException {
        keep();
        var lines = lines(folder);
        var corrections = Corrections.decide(lines, snapshot.corrections());
        var matched = matched(lines, corrections);
        var writer = new ResultWriter(result, job, spark);
        var files = writer.files(lines, corrections);
        long records = ResultWriter.sums(result, accepted(lines), matched);
        writer.held(lines, corrections);
        writer.corrections(corrections);
        var sources = lines.filter(col("verdict").equalTo(Lines.ACCEPTED))
                .select("source")
                .distinct()
                .orderBy("source")
                .collectAsList();
        return new Summary(
                snapshot.run(),
                new Tally(spark, job).content(files),
                snapshotHash,
                folder,
                records,
                sources.stream().map(row -> row.getString(0)).toList(),
                applied(matched));
    }

    private Dataset<Row> lines(String of) {
        return lines(spark, of);
    }

    static Dataset<Row> lines(SparkSession spark, String folder) {
        return spark.read().parquet(folder + "/lines");
    }

    static Dataset<Row> accepted(Dataset<Row> lines) {
        return lines.filter(
                col("verdict").equalTo(Lines.ACCEPTED).and(col("corrects").equalTo(false)));
    }

    private int partitions() {
        long bytes = job.files().stream().mapToLong(InputFile::size).sum();
        return (int) Math.max(spark.sparkContext().defaultParallelism(), bytes / SHUFFLED_BYTES + 1);
    }

    /** The one pass over the files. What was there of a run that died is written over. */
    private void keep() {
        var keyed = Tally.read(spark, job).repartition(partitions(), col("k1"), col("k2"));
        var held = earlier();
        var beside = held == null
                ? keyed.withColumn("held", lit(null).cast(DataTypes.LongType))
                : keyed.join(held, col("k1").equalTo(col("held1")).and(col("k2").equalTo(col("held2"))), "left")
                        .drop("held1", "held2");
        decided(beside.sortWithinPartitions("k1", "k2", "file", "line"))
                .drop("held")
                .write()
                .mode(SaveMode.Overwrite)
                .option("compression", "zstd")
                .option("parquet.writer.version", "v2")
                .option("parquet.enable.dictionary#k1", "false")
                .option("parquet.enable.dictionary#k2", "false")
                .option("parquet.enable.dictionary#content", "false")
                .option("parquet.enable.dictionary#line", "false")
                .option("parquet.enable.dictionary#id", "false")
                .parquet(folder + "/lines");
    }

    private static Dataset<Row> decided(Dataset<Row> lines) {
        var rows = lines.queryExecution().toRdd().toJavaRDD().mapPartitions(KeyDecisions::new);
        return ((org.apache.spark.sql.classic.SparkSession) lines.sparkSession())
                .internalCreateDataFrame(rows.rdd(), lines.schema(), false);
    }

    /** The keys that earlier runs hold, with what each stands for; null if there are none. */
    private @Nullable Dataset<Row> earlier() {
        Dataset<Row> all = null;
        for (var before : snapshot.folders()) {
            var accepted = lines(before).filter(col("verdict").equalTo(Lines.ACCEPTED));
            var keys = accepted.filter(col("corrects").equalTo(false)).select("k1", "k2", "content");
            all = all == null ? keys : all.union(keys);
            if (snapshot.corrections().isEmpty()) continue;
            // A correction that was refused holds no key.
            var corrections = accepted.filter(col("corrects").equalTo(true)).select("k1", "k2", "content");
            all = all.union(corrections.join(
                    broadcast(keys(spark, snapshot.corrections().stream()
                            .map(each -> keyRow(each.key(), each.account()))
                            .toList())),
                    scala.collection.JavaConverters.asScala(List.of("k1", "k2")).toSeq(),
                    "left_semi"));
        }
        return all == null ? null : all.toDF("held1", "held2", "held");
    }

    private static Dataset<Row> keys(SparkSession spark, List<Row> rows) {
        return spark.createDataFrame(rows, KEYS);
    }

    static Row keyRow(UUID key, String owner) {
        return RowFactory.create(key.getMostSignificantBits(), key.getLeastSignificantBits(), owner);
    }

    /** The records that corrections take back now: a new correction may name one of an earlier run, a waiting one none of them. */
    private @Nullable Dataset<Row> matched(Dataset<Row> lines, Corrections corrections) {
        var waiting = snapshot.corrections().stream()
                .filter(each -> !each.applied())
                .map(Run::pending)
                .toList();
        var fresh = corrections.accepted().stream()
                .map(each -> keyRow(each.voided(), each.account()))
                .toList();
        if (waiting.isEmpty() && fresh.isEmpty()) return null;
        var now = new java.util.ArrayList<Row>(waiting);
        now.addAll(fresh);
        var found = taken(lines, now);
        if (!fresh.isEmpty()) {
            for (var before : snapshot.folders()) found = found.union(taken(lines(before), fresh));
            for (var before : snapshot.older()) found = found.union(taken(lines(before), fresh));
        }
        return found.localCheckpoint();
    }

    private static Row pending(Corrected correction) {
        return keyRow(correction.voided(), correction.account());
    }

    private Dataset<Row> taken(Dataset<Row> lines, List<Row> voided) {
        return taken(spark, lines, voided);
    }

    static Dataset<Row> taken(SparkSession spark, Dataset<Row> lines, List<Row> voided) {
        var named = broadcast(keys(spark, voided).withColumnsRenamed(java.util.Map.of("k1", "v1", "k2", "v2")));
        return accepted(lines)
                .join(
                        named,
                        col("k1").equalTo(col("v1"))
                                .and(col("k2").equalTo(col("v2")))
                                .and(col("account").equalTo(col("owner"))))
                .select("k1", "k2", "account", "product", "at", "failed", "billable", "quantity");
    }

    private static List<UUID> applied(@Nullable Dataset<Row> matched) {
        return matched == null
                ? List.of()
                : matched.select("k1", "k2").collectAsList().stream()
                        .map(row -> new UUID(row.getLong(0), row.getLong(1)))
                        .toList();
    }
}
