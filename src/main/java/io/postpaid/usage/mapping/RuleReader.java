package io.postpaid.usage.mapping;

import com.google.re2j.PatternSyntaxException;
import io.postpaid.usage.record.Field;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads how values are found. */
final class RuleReader {
    /** Where a value comes from: exactly one of them. */
    private static final Set<String> ANYWHERE = Set.of("column", "value", "first_of", "join");

    private static final Set<String> COMPUTED = Set.of("sum", "product", "difference");
    private static final Set<String> LINE_IDS = Set.of("line", "hash");
    private static final Map<Field, Set<String>> OF_FIELD = Map.of(
            Field.ID, Set.of("line", "hash", "columns"),
            Field.ACCOUNT, Set.of("rotate"),
            Field.QUANTITY, COMPUTED,
            Field.METADATA, Set.of("columns"));

    /** What is done with it. */
    private static final Set<String> MODIFIERS = Set.of("with", "json", "match", "map", "only", "empty", "default");

    private static final Map<Field, Set<String>> MODIFIERS_OF_FIELD =
            Map.of(Field.QUANTITY, Set.of("times", "round"), Field.OCCURRED_AT, Set.of("shift"));
    private static final Set<String> CONDITIONS = Set.of("in", "out", "present", "like", "unlike");

    private final Columns columns = new Columns();
    private final Numerals numerals;

    RuleReader(Numerals numerals) {
        this.numerals = numerals;
    }

    Columns columns() {
        return columns;
    }

    Rule of(Field field, Yaml yaml) {
        var sources = union(ANYWHERE, OF_FIELD.getOrDefault(field, Set.of()));
        return rule(field, yaml, sources, union(MODIFIERS, MODIFIERS_OF_FIELD.getOrDefault(field, Set.of())), Set.of());
    }

    List<Condition> conditions(@Nullable Yaml where) {
        if (where == null) return List.of();
        return where.elements()
                .map(each -> {
                    var rule = rule(null, each, ANYWHERE, MODIFIERS, CONDITIONS);
                    if (CONDITIONS.stream().noneMatch(each::has)) {
                        throw each.wrong(each.path() + " needs at least one of " + list(CONDITIONS));
                    }
                    var in = each.optional("in");
                    var out = each.optional("out");
                    var present = each.optional("present");
                    var like = each.optional("like");
                    var unlike = each.optional("unlike");
                    return new Condition(
                            rule,
                            in == null ? null : in.values(),
                            out == null ? null : out.values(),
                            present == null ? null : (Boolean) present.yes(),
                            like == null ? null : pattern(like),
                            unlike == null ? null : pattern(unlike),
                            each.line());
                })
                .toList();
    }

    private Rule rule(@Nullable Field field, Yaml yaml, Set<String> sources, Set<String> modifiers, Set<String> more) {
        yaml.only(union(union(sources, modifiers), more));
        var said = yaml.keys().stream().filter(sources::contains).toList();
        if (said.size() != 1) throw yaml.wrong(yaml.path() + " needs exactly one of " + list(sources));
        if (yaml.has("with") && !yaml.has("join")) throw yaml.at("with").wrong(yaml.path() + " has with and no join");
        var rule = source(field, yaml, yaml.at(said.getFirst()));
        var json = yaml.optional("json");
        if (json != null) rule = new Rule.Inside(rule, json.text());
        var match = yaml.optional("match");
        if (match != null) rule = new Rule.Matched(rule, pattern(match));
        if (yaml.has("map") && yaml.has("only")) throw yaml.wrong(yaml.path() + " has map and only: choose one");
        for (String key : List.of("map", "only")) {
            if (yaml.has(key))
                rule = new Rule.Translated(rule, table(yaml.at(key)), key.equals("only"), yaml.has("default"));
        }
        rule = substituted(yaml, rule);
        return field == Field.QUANTITY ? number(yaml, rule) : rule;
    }

    private Rule source(@Nullable Field field, Yaml rule, Yaml value) {
        String kind = value.path().substring(value.path().lastIndexOf('.') + 1);
        return switch (kind) {
            case "column" -> column(value.text());
            case "value" -> new Rule.Value(value.text());
            case "first_of" -> new Rule.FirstOf(parts(field, value));
            case "join" ->
                new Rule.Join(
                        parts(field, value), rule.has("with") ? rule.at("with").value() : "");
            case "columns" ->
                field == Field.ID
                        ? new Rule.Key(parts(field, value))
                        : new Rule.Members(
                                value.texts().stream().map(this::column).toList());
            case "rotate" -> new Rule.Rotation(value.texts());
            case "sum" -> computed(rule, value, BigDecimal::add);
            case "product" -> computed(rule, value, BigDecimal::multiply);
            case "difference" -> computed(rule, value, BigDecimal::subtract);
            default -> {
                if (!value.yes()) throw value.wrong(value.path() + " can only be true");
                yield new Rule.LineId(kind.equals("line") ? Identity.POSITION : Identity.CONTENT);
            }
        };
    }

    private Rule.Column column(String name) {
        return new Rule.Column(name, columns.of(name));
    }

    /** A part that is a mere text is a column. */
    private List<Rule> parts(@Nullable Field field, Yaml list) {
        var more = field == Field.ID ? LINE_IDS : field == Field.QUANTITY ? COMPUTED : Set.<String>of();
        var modifiers = field == Field.QUANTITY ? union(MODIFIERS, Set.of("times")) : MODIFIERS;
        return list.elements()
                .map(each -> each.isText()
                        ? column(each.text())
                        : rule(
                                field == Field.QUANTITY ? field : null,
                                each,
                                union(ANYWHERE, more),
                                modifiers,
                                Set.of()))
                .toList();
    }

    /** An empty value counts in each of the parts. */
    private Rule computed(Yaml rule, Yaml list, BinaryOperator<BigDecimal> operation) {
        return new Rule.Computed(
                parts(Field.QUANTITY, list).stream()
                        .map(part -> plain(substituted(rule, part)))
                        .toList(),
                operation);
    }

    private static Rule substituted(Yaml yaml, Rule rule) {
        var empty = yaml.optional("empty");
        var otherwise = yaml.optional("default");
        return empty == null && otherwise == null
                ? rule
                : new Rule.Substituted(
                        rule, empty == null ? null : empty.text(), otherwise == null ? null : otherwise.text());
    }

    private Rule number(Yaml yaml, Rule quantity) {
        var number = plain(quantity);
        var times = yaml.optional("times");
        if (times == null) return number;
        Rule factor = times.isText()
                ? new Rule.Value(factor(times))
                : rule(null, times.object(), ANYWHERE, MODIFIERS, Set.of());
        return new Rule.Computed(List.of(number, factor), BigDecimal::multiply);
    }

    private static String factor(Yaml times) {
        try {
            return new BigDecimal(times.text()).toString();
        } catch (NumberFormatException e) {
            throw times.wrong(times.path() + " '" + times.text() + "' is not a decimal number", e);
        }
    }

    /** With a number of the log written as one of the product's own. */
    private Rule plain(Rule number) {
        return numerals.arePlain()
                        || number instanceof Rule.Value
                        || number instanceof Rule.Computed
                        || number instanceof Rule.Plain
                ? number
                : new Rule.Plain(number, numerals);
    }

    private static Map<String, String> table(Yaml yaml) {
        var table = new HashMap<String, String>();
        for (String key : yaml.object().keys()) table.put(key, yaml.at(key).value());
        return Map.copyOf(table);
    }

    static LinearPattern pattern(Yaml yaml) {
        try {
            return new LinearPattern(yaml.text());
        } catch (PatternSyntaxException | IllegalArgumentException e) {
            throw yaml.wrong(yaml.path() + " is not a pattern: " + e.getMessage(), e);
        }
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        return Stream.concat(one.stream(), other.stream()).collect(Collectors.toUnmodifiableSet());
    }

    private static String list(Set<String> keys) {
        return String.join(", ", new TreeSet<>(keys));
    }
}
