package io.postpaid.usage.mapping;

import io.postpaid.usage.mapping.Mapping.Format;
import io.postpaid.usage.mapping.Mapping.Input;
import io.postpaid.usage.mapping.RecordSet.Located;
import io.postpaid.usage.mapping.RecordSet.Times;
import io.postpaid.usage.record.Field;
import io.postpaid.usage.record.OwnVoice;
import io.postpaid.usage.record.UsageRecord;
import java.nio.charset.Charset;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a mapping strictly: an unknown key, a missing one or one of the wrong kind is told with its line and place. */
final class MappingFile {
    private static final Set<String> KEYS = Set.of(
            "format",
            "source",
            "timezone",
            "time_format",
            "charset",
            "delimiter",
            "skip_lines",
            "pattern",
            "rows",
            "decimal",
            "thousands",
            "header",
            "round",
            "where",
            "fields",
            "records");
    private static final Set<String> OF_A_SET = Stream.concat(
                    Stream.of("name", "where", "optional"),
                    Field.BY_KEY.keySet().stream().filter(key -> !key.equals("type") && !key.equals("voids")))
            .collect(Collectors.toUnmodifiableSet());

    private final String text;
    private final Yaml root;
    private final RuleReader rules;

    MappingFile(String name, String text) {
        this.text = text;
        this.root = Yaml.read(name, text).only(KEYS);
        this.rules = new RuleReader(numerals());
    }

    Mapping read() {
        var input = input();
        var where = rules.conditions(root.optional("where"));
        var fields = fields(root.at("fields").only(Field.BY_KEY.keySet()), Map.of());
        // Also those that no record takes over.
        fields.forEach(new RuleReader(numerals())::of);
        var records = records(fields);
        for (RecordSet set : records) {
            for (Field needed : Field.NEEDED) {
                if (!set.fields().containsKey(needed)) {
                    throw root.at("fields")
                            .wrong((set.name() == null ? "" : "the record " + set.name() + " ") + "lacks fields."
                                    + needed.key());
                }
            }
        }
        var mapping = new Mapping(
                input,
                source(),
                rules.columns().names(),
                Required.of(where, records),
                where,
                records,
                identity(records),
                text);
        if (input.pattern() != null) groups(input.pattern(), mapping.columns());
        return mapping;
    }

    private Numerals numerals() {
        String decimal = mark("decimal", ".", Set.of(".", ","));
        String thousands = mark("thousands", "", Set.of(".", ",", " ", "'", "\u00a0", "\u202f"));
        if (decimal.equals(thousands)) throw root.at("thousands").wrong("thousands is what decimal is");
        return new Numerals(decimal, thousands);
    }

    private String mark(String key, String usual, Set<String> known) {
        var mark = root.optional(key);
        if (mark == null) return usual;
        if (!known.contains(mark.text())) {
            throw mark.wrong(key + " is none of "
                    + known.stream().sorted().map(each -> '"' + each + '"').toList());
        }
        return mark.text();
    }

    private Input input() {
        var format = format();
        only(format, "delimiter", Format.CSV);
        only(format, "header", Format.CSV);
        only(format, "rows", Format.JSON);
        only(format, "pattern", Format.TEXT);
        only(format, "skip_lines", Format.CSV, Format.TEXT);
        only(format, "charset", Format.CSV, Format.TEXT, Format.NDJSON);
        var skip = root.optional("skip_lines");
        var rows = root.optional("rows");
        var header = root.optional("header");
        return new Input(
                format,
                charset(),
                delimiter(),
                skip == null ? 0 : skip.number(0, 10_000),
                header == null ? List.of() : header.texts(),
                rows == null ? List.of() : List.of(rows.text().split("\\.", -1)),
                format == Format.TEXT ? RuleReader.pattern(root.at("pattern")) : null,
                root.at("pattern").line());
    }

    private Format format() {
        var format = root.optional("format");
        var known = Stream.of(Format.values())
                .collect(Collectors.toMap(each -> each.name().toLowerCase(Locale.ROOT), each -> each));
        var found = format == null ? null : known.get(format.text());
        if (found != null) return found;
        throw root.at("format")
                .wrong("needs format: "
                        + String.join(", ", known.keySet().stream().sorted().toList()));
    }

    private void only(Format format, String key, Format... with) {
        if (root.has(key) && !List.of(with).contains(format)) {
            throw root.at(key)
                    .wrong(key + " is not for format: " + format.name().toLowerCase(Locale.ROOT));
        }
    }

    private @Nullable Charset charset() {
        var charset = root.optional("charset");
        try {
            return charset == null ? null : Charset.forName(charset.text());
        } catch (IllegalArgumentException e) {
            throw charset.wrong("has the unknown charset '" + charset.text() + "'", e);
        }
    }

    private @Nullable Character delimiter() {
        var delimiter = root.optional("delimiter");
        if (delimiter == null) return null;
        String text = delimiter.text();
        if (text.equals("tab")) return '\t';
        if (text.length() != 1 || !CsvLines.DELIMITERS.contains(text)) {
            throw delimiter.wrong("delimiter '" + text + "' is none of , ; | and tab");
        }
        return text.charAt(0);
    }

    private @Nullable String source() {
        var source = root.optional("source");
        if (source != null && OwnVoice.isReserved(source.text())) {
            throw source.wrong("cannot have the source '" + source.text()
                    + "', which is for usage that comes from within: choose another");
        }
        return source == null ? null : source.text();
    }

    private List<RecordSet> records(Map<Field, Yaml> fields) {
        if (!root.has("records")) return List.of(set(null, List.of(), false, fields));
        if (fields.containsKey(Field.TYPE) || fields.containsKey(Field.VOIDS)) {
            throw root.at("records")
                    .wrong("has records and corrections (type, voids): give these a mapping of their own");
        }
        var names = new HashSet<String>();
        return root.at("records")
                .elements()
                .map(each -> {
                    each.only(OF_A_SET);
                    if (!each.has("name")) throw each.wrong(each.path() + " needs a name");
                    String name = each.at("name").text();
                    if (!names.add(name)) throw each.at("name").wrong("has two records with the name " + name);
                    var optional = each.optional("optional");
                    return set(
                            name,
                            rules.conditions(each.optional("where")),
                            optional != null && optional.yes(),
                            fields(each, fields));
                })
                .toList();
    }

    /** The fields of this part, and for the others those that hold for all records. */
    private static Map<Field, Yaml> fields(Yaml part, Map<Field, Yaml> others) {
        var fields = new EnumMap<Field, Yaml>(Field.class);
        fields.putAll(others);
        for (String key : part.keys()) {
            Field field = Field.BY_KEY.get(key);
            if (field != null) fields.put(field, part.at(key));
        }
        return fields;
    }

    private RecordSet set(@Nullable String name, List<Condition> where, boolean optional, Map<Field, Yaml> fields) {
        var located = new EnumMap<Field, Located>(Field.class);
        fields.forEach((field, yaml) -> located.put(field, new Located(rules.of(field, yaml), yaml.line())));
        return new RecordSet(
                name,
                where,
                optional,
                located,
                new Times(timeFormat(), timezone(), shift(fields.get(Field.OCCURRED_AT))),
                round(fields.get(Field.QUANTITY)));
    }

    private ZoneId timezone() {
        var zone = root.optional("timezone");
        try {
            return zone == null || zone.text().equals("UTC") ? ZoneOffset.UTC : ZoneId.of(zone.text());
        } catch (DateTimeException e) {
            throw zone.wrong("has the unknown timezone '" + zone.text() + "'", e);
        }
    }

    private TimeFormat timeFormat() {
        var format = root.optional("time_format");
        if (format == null) return TimeFormat.iso();
        var each = format.isText() ? Stream.of(format) : format.elements();
        return TimeFormat.oneOf(each.map(MappingFile::timeFormat).toList());
    }

    private static TimeFormat timeFormat(Yaml format) {
        try {
            return TimeFormat.named(format.text());
        } catch (IllegalArgumentException e) {
            throw format.wrong(
                    "time_format '" + format.text()
                            + "' is neither iso, epoch_seconds, epoch_millis, epoch_micros, epoch_nanos nor a pattern such as dd/MM/yyyy HH:mm:ss: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Stands with the quantity, or for all of the mapping. */
    private @Nullable Integer round(@Nullable Yaml quantity) {
        Integer own = decimals(quantity == null ? null : quantity.optional("round"));
        Integer ofAll = decimals(root.optional("round"));
        return own == null ? ofAll : own;
    }

    private static @Nullable Integer decimals(@Nullable Yaml round) {
        return round == null ? null : (Integer) round.number(0, UsageRecord.MOST_DECIMALS);
    }

    private static Duration shift(@Nullable Yaml occurredAt) {
        var shift = occurredAt == null ? null : occurredAt.optional("shift");
        try {
            return shift == null ? Duration.ZERO : Duration.parse(shift.text());
        } catch (DateTimeException e) {
            throw shift.wrong(shift.path() + " '" + shift.text() + "' is not a duration such as P30D or -PT2H", e);
        }
    }

    private Identity identity(List<RecordSet> records) {
        var found = records.stream()
                .map(set -> set.fields().get(Field.ID))
                .flatMap(id -> all(id.rule()))
                .flatMap(rule -> rule instanceof Rule.LineId line ? Stream.of(line.by()) : Stream.empty())
                .distinct()
                .toList();
        if (found.size() > 1) throw root.at("fields").at("id").wrong("has line and hash: choose one of them");
        return found.isEmpty() ? Identity.OWN : found.getFirst();
    }

    static Stream<Rule> all(Rule rule) {
        return Stream.concat(Stream.of(rule), rule.parts().stream().flatMap(MappingFile::all));
    }

    private void groups(LinearPattern pattern, List<String> columns) {
        for (String column : columns) {
            if (!pattern.namedGroups().containsKey(column)) {
                throw root.at("pattern")
                        .wrong("pattern has no group (?P<%s>…), which the fields name".formatted(column));
            }
        }
    }
}
