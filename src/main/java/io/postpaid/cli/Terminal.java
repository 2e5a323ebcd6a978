package io.postpaid.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Where a command's answer goes, and where all else that it says.
 *
 * @param interactive whether somebody watches {@code err}
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive) {

    /** The launcher tells whether standard error is a terminal; Java itself cannot. */
    public static Terminal system() {
        return new Terminal(System.out, System.err, Boolean.getBoolean("postpaid.terminal"));
    }

    /** With hints as they are typed here: the packaged program is on the path. */
    static String typed(String text) {
        var name = System.getProperty("postpaid.command");
        return name == null ? text : text.replace("./postpaid", name);
    }

    /** Says what was done, if somebody watches. */
    void step(String done) {
        if (interactive) err.println(done);
    }

    /** Shows how far a long task is, if somebody watches; {@code total} -1 is unknown. */
    Shown progress(String task, String unit, long total) {
        return new Shown(
                interactive
                        ? new ProgressBarBuilder()
                                .setTaskName(task)
                                .setUnit(" " + unit, 1)
                                .setInitialMax(total)
                                .setStyle(ProgressBarStyle.ASCII)
                                .showSpeed()
                                .build()
                        : null);
    }

    /** A task that is watched. */
    static final class Shown implements AutoCloseable {
        private final @Nullable ProgressBar bar;

        private Shown(@Nullable ProgressBar bar) {
            this.bar = bar;
        }

        void reached(long done) {
            if (bar != null) bar.stepTo(done);
        }

        /** @param more what else there is to say */
        void reached(long done, long of, String more) {
            if (bar != null) bar.maxHint(of).stepTo(done).setExtraMessage(more);
        }

        @Override
        public void close() {
            if (bar != null) bar.close();
        }
    }
}
