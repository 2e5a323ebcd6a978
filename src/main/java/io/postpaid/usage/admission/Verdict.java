package io.postpaid.usage.admission;

import io.postpaid.usage.record.Reason;

/** What became of a line. */
public sealed interface Verdict {
    enum Taken implements Verdict {
        ACCEPTED,
        DUPLICATE
    }

    record Refused(Reason reason, String detail) implements Verdict {}
}
