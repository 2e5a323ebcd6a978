package io.postpaid.usage.intake;

import io.postpaid.usage.format.UnreadableUsage;

/** A file that cannot be read to its end. What is whole before that is taken. */
public final class BrokenOff extends UnreadableUsage {
    private static final long serialVersionUID = 1;

    private final transient IngestOutcome taken;

    BrokenOff(IngestOutcome taken, Exception why) {
        super(
                "%s breaks off after %d lines, which are taken (%s): ingest it again when it is whole"
                        .formatted(
                                taken.file(),
                                taken.lines(),
                                why.getMessage() == null ? "it ends too soon" : why.getMessage()),
                why);
        this.taken = taken;
    }

    /** What became of the lines before that. */
    public IngestOutcome taken() {
        return taken;
    }
}
