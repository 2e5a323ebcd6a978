package io.postpaid.usage.intake;

import io.postpaid.usage.record.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of the open lines are decided on again.
 *
 * @param condition on the line, with the parameters ids, reason and file
 */
record Chosen(String condition, List<Long> ids, @Nullable String reason, long file) {
    static final Chosen IN_TIME = new Chosen("reason <> 'TOO_LATE'", List.of(), null, 0);

    static Chosen named(List<Long> ids) {
        return new Chosen("id = any(:ids::bigint[])", ids, null, 0);
    }

    static Chosen group(Reason reason, long file) {
        return new Chosen("reason = :reason and file = :file", List.of(), reason.name(), file);
    }
}
