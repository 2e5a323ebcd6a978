package io.postpaid.usage.intake;

import io.postpaid.usage.format.UnreadableUsage;

/** A file without ids of its own that says nothing new. Nothing of it is taken a second time. */
public final class TakenBefore extends UnreadableUsage {
    private static final long serialVersionUID = 1;

    private final long lines;

    TakenBefore(String file, String before, long lines) {
        super(
                "%s was taken before, as %s: nothing of it is taken again. What is still quarantined of it is released by usage quarantine --release"
                        .formatted(file, before));
        this.lines = lines;
    }

    public long lines() {
        return lines;
    }
}
