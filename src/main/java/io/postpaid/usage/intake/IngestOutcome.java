package io.postpaid.usage.intake;

/**
 * The tie-out of one file: every line is accepted, a duplicate, quarantined, or left out by its mapping.
 *
 * @param records the usage records and corrections that are new; a line may give several
 */
public record IngestOutcome(
        String file, long lines, long records, long accepted, long duplicates, long quarantined, long leftOut) {
    public IngestOutcome {
        if (lines != accepted + duplicates + quarantined + leftOut) {
            throw new IllegalStateException(
                    "%s does not tie out: %d lines, but %d accepted, %d duplicates, %d quarantined, %d left out"
                            .formatted(file, lines, accepted, duplicates, quarantined, leftOut));
        }
    }

    /** Where each line gives one record, and none is left out. */
    public IngestOutcome(String file, long lines, long accepted, long duplicates, long quarantined) {
        this(file, lines, accepted, accepted, duplicates, quarantined, 0);
    }
}
