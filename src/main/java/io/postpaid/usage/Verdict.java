package io.postpaid.usage;

/** What became of a line. */
sealed interface Verdict {
    enum Taken implements Verdict {
        ACCEPTED,
        DUPLICATE
    }

    record Refused(Reason reason, String detail) implements Verdict {}
}
