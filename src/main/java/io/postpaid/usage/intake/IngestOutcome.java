package io.postpaid.usage.intake;

/** The tie-out of one file: every line is accepted, a duplicate, or quarantined. */
public record IngestOutcome(String file, long lines, long accepted, long duplicates, long quarantined) {
    public IngestOutcome {
        if (lines != accepted + duplicates + quarantined) {
            throw new IllegalStateException(
                    "%s does not tie out: %d lines, but %d accepted, %d duplicates, %d quarantined"
                            .formatted(file, lines, accepted, duplicates, quarantined));
        }
    }
}
