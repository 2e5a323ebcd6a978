package io.postpaid.spark;

import static org.apache.spark.sql.functions.col;

import io.postpaid.usage.aggregate.RunResult.FileLine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What files say, as one number: the same content gives the same, whatever else the files are. */
record Tally(SparkSession spark, Job job) {
    /** Reads all lines once, and decides on none. */
    String content() {
        var only = new Job(
                job.snapshot(), job.files(), Job.Reading.FILES, job.wanted(), job.hadoop(), job.taskBytes());
        var rows = read(spark, only).filter(col("verdict").equalTo(Lines.FILE)).collectAsList();
        return content(rows.stream()
                .map(row -> new FileLine(
                        row.getAs("file"),
                        job.files().get(row.<Integer>getAs("file")).name(),
                        row.getAs("reason"),
                        row.getAs("raw"),
                        row.getAs("line"),
                        0,
                        0,
                        0,
                        0,
                        0,
                        row.getAs("content")))
                .toList());
    }

    /** The same files say something else by another mapping. */
    String content(List<FileLine> files) {
        var text = new StringBuilder();
        var mapping = Decided.by(job.snapshot()).mapping();
        if (mapping != null) text.append(mapping.text()).append('\0');
        files.stream().sorted(Comparator.comparingInt(FileLine::number)).forEach(file -> text.append(
                        "%s\0%d\0%d\n".formatted(file.name(), file.lines(), file.fingerprint())));
        return sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    static Dataset<Row> read(SparkSession spark, Job job) {
        return spark.read()
                .format(UsageSource.class.getName())
                .option("job", UsageSource.register(job))
                .load();
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
