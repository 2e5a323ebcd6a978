package io.postpaid.usage.admission;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * When usage may come.
 *
 * @param late how long after it happened
 * @param clockSkew how far the clocks of those who report it may run ahead
 */
@Component
public record Windows(Period late, Duration clockSkew) {
    // Not the compact form, whose annotations would also be those of the fields.
    public Windows(
            @Value("${postpaid.late-window:P90D}") Period late,
            @Value("${postpaid.clock-skew:PT5M}") Duration clockSkew) {
        if (clockSkew.isNegative() || clockSkew.compareTo(Admission.TRIED_AGAIN) > 0) {
            throw new IllegalArgumentException("POSTPAID_CLOCK_SKEW must be from PT0S to PT1H, not " + clockSkew);
        }
        this.late = late;
        this.clockSkew = clockSkew;
    }

    /** Usage from before this comes too late. */
    public Instant earliest(Instant cameAt) {
        return cameAt.atZone(ZoneOffset.UTC).minus(late).toInstant();
    }
}
