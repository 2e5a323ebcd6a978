package io.postpaid.usage.mapping;

import io.postpaid.usage.record.Field;
import java.util.List;
import java.util.stream.Stream;

/** The columns without which a file is not one that the mapping is for. */
final class Required {
    private Required() {}

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
