package io.postpaid.usage.mapping;

import io.postpaid.usage.record.Field;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a mapping asks of columns: which a file must have, and which must name something. */
final class Required {
    private static final Set<Field> NAMES =
            EnumSet.of(Field.ID, Field.SOURCE, Field.ACCOUNT, Field.PRODUCT, Field.VOIDS);

    private Required() {}

    /** The columns without which a file is not one that the mapping is for. */
    static List<String> of(List<Condition> where, List<RecordSet> records) {
        return Stream.concat(
                        conditions(where),
                        records.stream()
                                .flatMap(set -> Stream.concat(
                                        conditions(set.where()),
                                        set.fields().entrySet().stream()
                                                .filter(field -> needed(
                                                        field.getKey(),
                                                        field.getValue().rule()))
                                                .flatMap(field ->
                                                        columns(field.getValue().rule())))))
                .sorted()
                .distinct()
                .toList();
    }

    /** The columns that say who and what, which neither {@code true} nor a list or an object does. */
    static Set<String> plain(List<RecordSet> records) {
        return records.stream()
                .flatMap(set -> NAMES.stream()
                        .flatMap(field -> Stream.ofNullable(set.fields().get(field))))
                .flatMap(field -> plain(field.rule()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> plain(Rule rule) {
        return switch (rule) {
            case Rule.Column column -> Stream.of(column.name());
            case Rule.Key _, Rule.Inside _, Rule.Translated _ -> Stream.empty();
            default -> rule.parts().stream().flatMap(Required::plain);
        };
    }

    private static Stream<String> conditions(List<Condition> where) {
        return where.stream()
                .filter(condition -> condition.present() == null)
                .flatMap(condition -> columns(condition.rule()));
    }

    /** Other fields may be left out by a file; not where the mapping lists all that can stand there. */
    private static boolean needed(Field field, Rule rule) {
        return Field.NEEDED.contains(field) || rule instanceof Rule.Translated translated && translated.only();
    }

    private static Stream<String> columns(Rule rule) {
        return switch (rule) {
            case Rule.Column column -> Stream.of(column.name());
            case Rule.FirstOf _ -> Stream.empty();
            case Rule.Substituted instead when instead.otherwise() != null -> Stream.empty();
            default -> rule.parts().stream().flatMap(Required::columns);
        };
    }
}
