package io.postpaid.spark;

import io.postpaid.usage.aggregate.KeptRuns;
import io.postpaid.usage.aggregate.KeptRuns.Kept;
import io.postpaid.usage.aggregate.KeptRuns.Missing;
import io.postpaid.usage.aggregate.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Adds up once more what runs have kept; the sums of each lie in a folder of its own, whose name is the run's. */
record Verify(SparkSession spark, KeptRuns kept, RunResult result) {

    Missing missing() throws IOException {
        var missing = new ArrayList<String>();
        var there = new ArrayList<Kept>();
        for (var run : kept.runs()) {
            if (isThere(run)) there.add(run);
            else if (run.proved()) missing.add(run.run());
        }
        for (var run : there) {
            if (!run.proved()) continue;
            var sums = new RunResult(result.folder().resolve(run.run()));
            Files.createDirectories(sums.folder());
            ResultWriter.sums(sums, Run.accepted(Run.lines(spark, run.folder())), takenBack(run, there));
        }
        return new Missing(missing);
    }

    private boolean isThere(Kept run) throws IOException {
        var lines = new Path(run.folder(), "lines");
        return lines.getFileSystem(spark.sparkContext().hadoopConfiguration()).exists(new Path(lines, "_SUCCESS"));
    }

    /** A correction counts in the run by which both it and its record were there. */
    private Dataset<Row> takenBack(Kept run, List<Kept> there) {
        var found = Run.taken(spark, Run.lines(spark, run.folder()), corrections(n -> n <= run.n()));
        var own = corrections(n -> n == run.n());
        if (own.isEmpty()) return found;
        for (var before : there) {
            if (before.n() < run.n()) found = found.union(Run.taken(spark, Run.lines(spark, before.folder()), own));
        }
        return found;
    }

    private List<Row> corrections(IntPredicate of) {
        return kept.corrections().stream()
                .filter(each -> of.test(each.n()))
                .map(each -> Run.keyRow(each.voided(), each.account()))
                .toList();
    }
}
