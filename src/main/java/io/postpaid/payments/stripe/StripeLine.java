package io.postpaid.payments.stripe;

import io.postpaid.platform.batch.OutOfReachException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How many charges are under way at a time, and when it is no use to go on because nobody answers. */
public final class StripeLine {
    private final String name;
    private final int width;

    public StripeLine(String name, int width) {
        this.name = name;
        this.width = width;
    }

    public int width() {
        return width;
    }

    public Watch watch() {
        return new Watch();
    }

    /** Watches one piece of work: it is given up when so many calls in a row stay without an answer. */
    public final class Watch {
        private final AtomicInteger silentInARow = new AtomicInteger();
        private volatile boolean answered;
        private volatile @Nullable String why;

        public void answered() {
            answered = true;
            silentInARow.set(0);
        }

        public void silent(String reason) {
            why = reason;
            if (silentInARow.incrementAndGet() >= 2 * width) throw dead(reason);
        }

        /** @throws OutOfReachException if everything stayed without an answer */
        public void end() {
            var reason = why;
            if (reason != null && !answered) throw dead(reason);
        }

        private OutOfReachException dead(String reason) {
            return new OutOfReachException(
                    name + " does not answer. No invoice is charged twice by going on later (" + reason + ")", null);
        }
    }
}
