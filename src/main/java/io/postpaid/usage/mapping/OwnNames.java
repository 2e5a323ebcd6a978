package io.postpaid.usage.mapping;

import io.postpaid.usage.mapping.Mapping.Format;
import io.postpaid.usage.mapping.Mapping.Input;
import io.postpaid.usage.mapping.RecordSet.Located;
import io.postpaid.usage.mapping.RecordSet.Times;
import io.postpaid.usage.record.Field;
import io.postpaid.usage.record.Timestamps;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.stream.Stream;

/** The columns of a CSV file that has the product's own names. */
final class OwnNames {
    static final Mapping CSV = new Mapping(
            new Input(Format.CSV, null, null, 0, List.of(), List.of(), null, Located.NOWHERE),
            null,
            Stream.of(Field.values()).map(Field::key).toList(),
            Field.NEEDED.stream().map(Field::key).sorted().toList(),
            List.of(),
            List.of(new RecordSet(
                    null,
                    List.of(),
                    false,
                    fields(),
                    new Times(Timestamps::parse, ZoneOffset.UTC, Duration.ZERO),
                    null)),
            Identity.OWN,
            "");

    private OwnNames() {}

    private static EnumMap<Field, Located> fields() {
        var fields = new EnumMap<Field, Located>(Field.class);
        for (Field field : Field.values()) {
            fields.put(field, new Located(new Rule.Column(field.key(), field.ordinal()), Located.NOWHERE));
        }
        return fields;
    }
}
