package io.postpaid.events;

import java.time.Duration;

/** How long an account's next event waits after it was refused: soon at first, every four hours in the end. */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration MOST = Duration.ofHours(4);
    private static final int FACTOR = 4;
    private static final int GROWING = 6;

    private Backoff() {}

    /** @param tries how many were refused before */
    static Duration after(int tries) {
        if (tries > GROWING) return MOST;
        var wait = FIRST.multipliedBy((long) Math.pow(FACTOR, tries));
        return wait.compareTo(MOST) < 0 ? wait : MOST;
    }
}
