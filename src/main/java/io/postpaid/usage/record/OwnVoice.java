package io.postpaid.usage.record;

import io.postpaid.usage.record.ParsedLine.Fact;
import io.postpaid.usage.record.ParsedLine.Malformed;
import io.postpaid.usage.record.ParsedLine.Several;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an account says about itself with its own key. It speaks for that account alone, takes nothing back, and its records
 * have a namespace of their own: the source {@code account:ACCOUNT/SOURCE}, which nobody else can use. So the account and the
 * operator may both send a record of the same source and id, and neither stands before the other.
 */
public final class OwnVoice {
    public static final String PREFIX = "account:";

    /** The source of calls that the gate has settled: nobody else may take the id of one before it is. */
    public static final String GATE = "gate";

    private OwnVoice() {}

    /** Whether usage with this source can come only from within Postpaid: from the gate, or by an account's own key. */
    public static boolean isReserved(String source) {
        return source.startsWith(PREFIX) || source.equals(GATE);
    }

    /** Why the account may not say this, or null. */
    public static @Nullable String objection(String reporter, ParsedLine line) {
        if (line instanceof Malformed malformed && malformed.reserved()) {
            return "A source cannot begin with '" + PREFIX
                    + "': leave that out, it is put before the source of each record";
        }
        if (line instanceof Several several) {
            return several.records().stream()
                    .map(fact -> objection(reporter, fact))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
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
    public static ParsedLine of(String reporter, ParsedLine line) {
        var objection = objection(reporter, line);
        if (objection != null) return Malformed.because(objection);
        return switch (line) {
            case UsageRecord usage -> named(reporter, usage);
            case Several several -> {
                var named = several.records().stream()
                        .map(usage -> named(reporter, usage))
                        .toList();
                yield named.stream()
                        .filter(Malformed.class::isInstance)
                        .findFirst()
                        .orElseGet(() -> new Several(
                                named.stream().map(UsageRecord.class::cast).toList()));
            }
            default -> line;
        };
    }

    private static ParsedLine named(String reporter, UsageRecord usage) {
        var source = PREFIX + reporter + "/" + usage.source();
        if (source.length() > RecordDraft.TEXT_LIMIT) {
            return Malformed.because("source '" + source + "' has more than " + RecordDraft.TEXT_LIMIT + " characters");
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
