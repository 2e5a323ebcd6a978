package io.postpaid.usage.aggregate;

import java.util.List;
import java.util.UUID;

/**
 * Imported runs, in their order, for the process that adds up again what they have kept.
 *
 * @param corrections that took a record back
 */
public record KeptRuns(List<Kept> runs, List<Applied> corrections) {

    /** @param proved whether it is asked about; of others only what a later run took back is read */
    public record Kept(String run, int n, String folder, boolean proved) {}

    /** @param n of the run that brought it */
    public record Applied(UUID voided, String account, int n) {}

    /** The runs of which nothing is there. */
    public record Missing(List<String> runs) {}
}
