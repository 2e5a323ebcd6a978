package io.postpaid.usage.mapping;

import io.postpaid.usage.format.JsonLines;
import io.postpaid.usage.record.Field;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.RecordDraft;
import io.postpaid.usage.record.RecordDraft.Unfit;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One record that a line gives.
 *
 * @param name ends the record's id where a line gives several; null where it gives one
 * @param where conditions that must hold for the line to give it
 * @param optional whether the line gives none where its quantity is empty
 * @param round to how many decimals the quantity is rounded; null for none
 */
record RecordSet(
        @Nullable String name,
        List<Condition> where,
        boolean optional,
        Map<Field, Located> fields,
        Times times,
        @Nullable Integer round) {

    /** A rule, and the line of the mapping on which it stands. */
    record Located(Rule rule, int yamlLine) {
        /** For the product's own names. */
        static final int NOWHERE = 0;

        /** @param more what the fault does not say itself */
        Unfit told(Unfit fault, String more) {
            return yamlLine == NOWHERE ? fault : fault.withEnd(more + " (line " + yamlLine + " of the mapping)");
        }
    }

    /** How instants are read. */
    record Times(TimeFormat format, ZoneId timezone, Duration shift) {}

    boolean givenBy(Row row) {
        return where.stream().allMatch(condition -> condition.holds(row))
                && !(optional && Rule.none(field(Field.QUANTITY).rule().text(row)));
    }

    /** @throws Unfit that names the line of the mapping */
    ParsedLine read(Row row, @Nullable String source) {
        var draft = new RecordDraft();
        draft.set(Field.SOURCE, source);
        draft.round(round);
        fields.forEach((field, found) -> {
            try {
                set(draft, field, found.rule(), row);
            } catch (Unfit e) {
                throw found.told(e, "");
            }
        });
        try {
            return draft.finish();
        } catch (Unfit e) {
            Located found = e.field() == null ? null : fields.get(e.field());
            if (found == null) throw e;
            var rule = found.rule();
            throw found.told(e, Rule.none(rule.text(row)) ? ": " + rule.missing(row) : ", in " + rule.told());
        }
    }

    private Located field(Field field) {
        return Objects.requireNonNull(fields.get(field));
    }

    private void set(RecordDraft draft, Field field, Rule rule, Row row) {
        String text = rule.text(row);
        if (Rule.none(text)) {
            draft.set(field, null);
            return;
        }
        switch (field) {
            case OCCURRED_AT -> {
                try {
                    draft.occurredAt(times.format().read(text, times.timezone()).plus(times.shift()));
                } catch (DateTimeException | ArithmeticException e) {
                    throw new Unfit(field.key() + " " + e.getMessage() + ", in " + rule.told(), e);
                }
            }
            case METADATA -> draft.set(field, JsonLines.metadata(text));
            case ID -> draft.set(field, name == null ? text : text + ":" + name);
            case QUANTITY -> draft.set(field, text.strip());
            default -> draft.set(field, text);
        }
    }
}
