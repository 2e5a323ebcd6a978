package io.postpaid.spark;

import java.time.Duration;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Says on standard output how many tasks are done, how many are known so far, and how many lines were read: three numbers a line. */
final class Reached extends SparkListener {
    private static final long BETWEEN = Duration.ofMillis(500).toNanos();

    private long done;
    private long known;
    private long lines;
    private long said = System.nanoTime() - BETWEEN;

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted stage) {
        known += stage.stageInfo().numTasks();
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
        if (task.taskInfo().successful()) done++;
        if (task.taskMetrics() != null) lines += task.taskMetrics().inputMetrics().recordsRead();
        if (System.nanoTime() - said < BETWEEN) return;
        said = System.nanoTime();
        System.out.println(Math.min(done, known) + " " + known + " " + lines);
    }
}
