package io.postpaid.platform.calendar;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The one clock of the process: the system's, or one that stands still where it was set (rehearsals, reruns, tests). */
public final class BillingClock implements InstantSource {
    private final @Nullable Instant start;
    private volatile @Nullable Instant fixed;

    /** @param fixed where the clock stands still, or null for the system's time */
    public BillingClock(@Nullable Instant fixed) {
        this.start = fixed;
        this.fixed = fixed;
    }

    @Override
    public Instant instant() {
        var standing = fixed;
        return standing != null ? standing : InstantSource.system().instant();
    }

    public boolean standsStill() {
        return fixed != null;
    }

    /** The present UTC day. */
    public LocalDate today() {
        return LocalDate.ofInstant(instant(), ZoneOffset.UTC);
    }

    /** Moves a rehearsal on; the system's clock is not used from here on. */
    public void setTo(Instant instant) {
        fixed = instant;
    }

    /** Ends a rehearsal: the clock is again what it was when the process began. */
    public void reset() {
        fixed = start;
    }
}
