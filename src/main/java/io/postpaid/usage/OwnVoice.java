package io.postpaid.usage;

import io.postpaid.usage.ParsedLine.Fact;
import io.postpaid.usage.ParsedLine.Malformed;
import org.jspecify.annotations.Nullable;

/**
 * What an account says about itself with its own key. It speaks for that account alone, takes nothing back, and its records
 * have a namespace of their own: the source {@code account:ACCOUNT/SOURCE}, which nobody else can use. So the account and the
 * operator may both send a record of the same source and id, and neither stands before the other.
 */
record OwnVoice(String reporter, LineParser lines) implements LineParser {
    static final String PREFIX = "account:";

    @Override
    public ParsedLine parse(byte[] bytes, int from, int length, long line, @Nullable String lineId) {
        return of(reporter, lines.parse(bytes, from, length, line, lineId));
    }

    /** Whether usage with this source can come only from within Postpaid: from the gate, or by an account's own key. */
    static boolean isReserved(String source) {
        return source.startsWith(PREFIX) || source.equals(Admission.GATE);
    }

    /** Why the account may not say this, or null. */
    static @Nullable String objection(String reporter, ParsedLine line) {
        if (line instanceof Malformed malformed && malformed.reserved()) {
            return "A source cannot begin with '" + PREFIX
                    + "': leave that out, it is put before the source of each record";
        }
        if (!(line instanceof Fact fact)) return null;
        if (!fact.account().equals(reporter)) return "This key may report usage of its own account only";
        if (fact instanceof UsageVoid)
            return "An account's key cannot take usage back: ask the operator for a correction";
        return isReserved(fact.source())
                ? "The source '" + fact.source() + "' is not for usage that is reported"
                : null;
    }

    /** The line in the account's namespace. */
    static ParsedLine of(String reporter, ParsedLine line) {
        var objection = objection(reporter, line);
        if (objection != null) return Malformed.because(objection);
        if (!(line instanceof UsageRecord usage)) return line;
        var source = PREFIX + reporter + "/" + usage.source();
        if (source.length() > Draft.TEXT_LIMIT) {
            return Malformed.because("source '" + source + "' has more than " + Draft.TEXT_LIMIT + " characters");
        }
        return new UsageRecord(
                source,
                usage.id(),
                usage.account(),
                usage.product(),
                usage.quantity(),
                usage.occurredAt(),
                usage.failed(),
                usage.operation(),
                usage.metadata());
    }
}
