package io.postpaid.platform.batch;

import java.util.Optional;

/** Does what a step does around its work, without a run. */
public final class Tallies {
    private Tallies() {}

    /** Work that holds what fails. */
    @FunctionalInterface
    public interface Work {
        void run(Run run, Tally tally);
    }

    /** @return the tally; its step fails if {@link IllegalStateException} is thrown */
    public static Tally of(HeldItems held, String step, Run run, Work work) {
        var outcomes = new Outcomes(held, step, run.monthly() ? run.period().firstDay() : null, 1);
        var tally = new Tally(outcomes);
        work.run(run, tally);
        Optional.ofNullable(outcomes.objection()).ifPresent(objection -> {
            throw new IllegalStateException(objection);
        });
        outcomes.end();
        return tally;
    }
}
