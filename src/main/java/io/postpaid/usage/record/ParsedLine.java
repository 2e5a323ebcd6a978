package io.postpaid.usage.record;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/** What a line of a usage file turned out to be. */
public sealed interface ParsedLine {

    /** A line that states usage or takes it back, and so has an identity. */
    sealed interface Fact extends ParsedLine permits UsageRecord, UsageVoid {
        String source();

        String id();

        String account();

        Instant occurredAt();

        /** The same of another account: the one that is meant by this one's name. */
        Fact of(String account);

        /** The UTC day. */
        default LocalDate day() {
            return LocalDate.ofEpochDay(Math.floorDiv(occurredAt().getEpochSecond(), 86_400L));
        }

        /** What its identity is in the table of all that was ever accepted. */
        default UUID key() {
            return UsageKey.of(source(), id());
        }

        /** Tells a resend from a conflict: equal for equal content, however it was written down. */
        long contentHash();
    }

    /** A line that gives several records; they are taken together, or not at all. */
    record Several(List<UsageRecord> records) implements ParsedLine {
        public Several {
            records = List.copyOf(records);
        }
    }

    /** A line that is none of our business, as its mapping says. */
    enum LeftOut implements ParsedLine {
        BY_CONDITION
    }

    /**
     * A line that cannot be read as any of them.
     *
     * @param detail says why in a sentence
     * @param reserved whether it is only that its source is an account's own, which nobody may send
     */
    record Malformed(Reason reason, String detail, boolean reserved) implements ParsedLine {
        public Malformed(Reason reason, String detail) {
            this(reason, detail, false);
        }

        public static Malformed because(String detail) {
            return new Malformed(Reason.MALFORMED, detail);
        }

        public static Malformed ofReservedSource(String source) {
            return new Malformed(
                    Reason.MALFORMED,
                    "the source '" + source + "' is for usage that an account reports by its own key",
                    true);
        }
    }
}
