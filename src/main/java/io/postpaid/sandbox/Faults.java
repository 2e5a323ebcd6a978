package io.postpaid.sandbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What goes wrong on the way to the outside world and back, drawn from a seed: the same seed is the same schedule, as
 * long as the calls come in the same order.
 */
public class Faults {
    public static final Faults NONE = new Faults(0, 0);

    private static final int PERCENT = 100;
    private static final int PAUSE_MILLIS_MAX = 20;

    /** What becomes of a call to Stripe. */
    enum OfCall {
        NONE,
        /** The connection is lost before the request is seen. */
        REQUEST_LOST,
        /** The connection is lost, and the request takes effect later, while others are served. */
        REQUEST_LATE,
        /** The connection is lost behind the effect. */
        ANSWER_LOST,
        /** 500 before execution began: nothing is kept. */
        FAILED_BEFORE,
        /** 500 in the middle, nothing took effect: the key answers this from now on. */
        FAILED_WITHIN,
        /** 500 behind the effect: the key answers this from now on. */
        FAILED_BEHIND,
        BAD_GATEWAY,
        RATE_LIMITED,
        LOCK_TIMEOUT,
        SLOW
    }

    /** What becomes of a mail once its last byte has come. */
    enum OfMail {
        NONE,
        LATER,
        NEVER,
        /** The server says good-bye instead of taking it. */
        CLOSING,
        /** The connection is lost, and the mail with it. */
        LOST,
        /** The mail is taken, but nobody is told. */
        ANSWER_LOST
    }

    private final Random random;
    private final int percent;
    private final List<String> drawn = new ArrayList<>();

    /** @param percent how much of all that could go wrong does */
    public Faults(long seed, int percent) {
        if (percent < 0 || percent > PERCENT) {
            throw new IllegalArgumentException("faults are drawn for 0 to 100 percent, not " + percent);
        }
        this.random = new Random(seed);
        this.percent = percent;
    }

    /** @param setting {@code seed:percent}, such as {@code 42:20}; empty is none */
    public static Faults parse(String setting) {
        if (setting.isBlank()) return NONE;
        var parts = setting.strip().split(":");
        try {
            if (parts.length == 2) return new Faults(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
        } catch (NumberFormatException e) {
            // Told below, as anything else that is not two numbers.
        }
        throw new IllegalArgumentException(
                "POSTPAID_SANDBOX_FAULTS is " + setting + ", which is not <seed>:<percent>, such as 42:20");
    }

    OfCall call(String request) {
        return draw(OfCall.NONE, OfCall.values(), request);
    }

    OfMail mail(String messageId) {
        return draw(OfMail.NONE, OfMail.values(), messageId);
    }

    private synchronized <T extends Enum<T>> T draw(T none, T[] all, String about) {
        if (percent == 0 || random.nextInt(PERCENT) >= percent) return none;
        var fault = all[1 + random.nextInt(all.length - 1)];
        drawn.add(fault + " " + about);
        return fault;
    }

    /** Whether what was held back goes on now. */
    synchronized boolean now() {
        return random.nextBoolean();
    }

    synchronized Duration pause() {
        return Duration.ofMillis(random.nextInt(PAUSE_MILLIS_MAX));
    }

    /** How long each delivery of an event is held back: one at once, but for late ones and doubles. */
    synchronized List<Duration> deliveries() {
        if (percent == 0 || random.nextInt(PERCENT) >= percent) return List.of(Duration.ZERO);
        return Stream.generate(this::pause).limit(1 + random.nextInt(3)).toList();
    }

    /** What was drawn so far, in order. */
    public synchronized List<String> drawn() {
        return List.copyOf(drawn);
    }
}
