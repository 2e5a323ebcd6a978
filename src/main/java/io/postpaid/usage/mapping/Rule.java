package io.postpaid.usage.mapping;

import io.postpaid.platform.file.Sha256;
import io.postpaid.usage.format.JsonLines;
import io.postpaid.usage.record.RecordDraft;
import io.postpaid.usage.record.RecordDraft.Unfit;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.lang.Contract;

/** How one value is found in a line. Rules know nothing of each other, and nothing of the field that they are for. */
sealed interface Rule {
    /**
     * Null where the line has no such value, empty where it has an empty one.
     *
     * @throws Unfit where there is one that cannot be what the mapping says
     */
    @Nullable
    String text(Row row);

    /** What is looked at, for messages: {@code the column 'x'}. */
    String told();

    /** Why there is no value, as a sentence. */
    default String missing(Row row) {
        return told() + " is empty";
    }

    /** The rules that this one is made of. */
    default List<Rule> parts() {
        return List.of();
    }

    /** Made of several. */
    sealed interface Combined extends Rule {
        @Override
        List<Rule> parts();

        @Override
        default String told() {
            return parts().stream().map(Rule::told).collect(Collectors.joining(", "));
        }

        @Override
        default String missing(Row row) {
            return parts().stream()
                    .filter(part -> none(part.text(row)))
                    .findFirst()
                    .map(part -> part.missing(row))
                    .orElseGet(this::told);
        }
    }

    /** Something done with the value of another. */
    sealed interface Changed extends Rule {
        Rule rule();

        @Override
        default String told() {
            return rule().told();
        }

        @Override
        default String missing(Row row) {
            return rule().missing(row);
        }

        @Override
        default List<Rule> parts() {
            return List.of(rule());
        }
    }

    @Contract("null -> true")
    static boolean none(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    record Column(String name, int index) implements Rule {
        @Override
        public @Nullable String text(Row row) {
            return row.cell(index);
        }

        @Override
        public String told() {
            return "the column '" + name + "'";
        }

        @Override
        public String missing(Row row) {
            return row.cell(index) == null ? "the line has no '" + name + "'" : told() + " is empty";
        }
    }

    /** The same for all lines. */
    record Value(String text) implements Rule {
        @Override
        public String text(Row row) {
            return text;
        }

        @Override
        public String told() {
            return "'" + text + "'";
        }
    }

    /** For logs whose lines have no identity of their own: a hash, see {@link Identity}. */
    record LineId(Identity by) implements Rule {
        @Override
        public String text(Row row) {
            return Objects.requireNonNull(row.lineId());
        }

        @Override
        public String told() {
            return "the line";
        }
    }

    /** The values in turn, by line number. */
    record Rotation(List<String> values) implements Rule {
        @Override
        public String text(Row row) {
            return values.get((int) ((row.line() - 1) % values.size()));
        }

        @Override
        public String told() {
            return "the values in turn";
        }
    }

    /** The first of the values that is there. */
    record FirstOf(List<Rule> parts) implements Combined {
        @Override
        public @Nullable String text(Row row) {
            for (Rule part : parts) {
                String text = part.text(row);
                if (!none(text)) return text;
            }
            return null;
        }
    }

    /** The values one after the other; none if one of them is not there. */
    record Join(List<Rule> parts, String with) implements Combined {
        @Override
        public @Nullable String text(Row row) {
            var texts = parts.stream().map(part -> part.text(row)).toList();
            return texts.stream().anyMatch(Rule::none) ? null : String.join(with, texts);
        }
    }

    /**
     * Tells rows of a report by what stands in their columns, also where nothing does; not where one is not there at all, which
     * could be any. What is long is a hash, since an id is read by people.
     */
    record Key(List<Rule> parts) implements Combined {
        private static final int READABLE = 120;

        @Override
        public @Nullable String text(Row row) {
            var joined = new StringBuilder();
            boolean any = false;
            for (Rule part : parts) {
                String text = part.text(row);
                if (text == null) return null;
                any |= !text.isEmpty();
                joined.append(text.replace("\\", "\\\\").replace("|", "\\|").strip())
                        .append('|');
            }
            if (!any) return null;
            String key = joined.substring(0, joined.length() - 1);
            return key.length() <= READABLE
                    ? key
                    : HexFormat.of()
                            .formatHex(Sha256.digest().digest(key.getBytes(StandardCharsets.UTF_8)), 0, READABLE / 8);
        }

        @Override
        public String missing(Row row) {
            return parts.stream()
                    .filter(part -> part.text(row) == null)
                    .findFirst()
                    .map(part -> part.missing(row))
                    .orElseGet(() -> Combined.super.missing(row));
        }
    }

    /** A JSON object of what stands in the columns, for metadata. */
    record Members(List<Column> columns) implements Rule {
        @Override
        public String text(Row row) {
            var members = new TreeMap<String, String>();
            for (Column column : columns) {
                String text = column.text(row);
                if (!none(text)) members.put(column.name(), text);
            }
            return JsonLines.object(members);
        }

        @Override
        public String told() {
            return columns.stream().map(Column::told).collect(Collectors.joining(", "));
        }
    }

    /** The numbers added up, subtracted or multiplied; none if one of them is not there. */
    record Computed(List<Rule> parts, BinaryOperator<BigDecimal> operation) implements Combined {
        @Override
        public @Nullable String text(Row row) {
            BigDecimal result = null;
            for (Rule part : parts) {
                String text = part.text(row);
                if (none(text)) return text;
                BigDecimal number = RecordDraft.decimal(part.told(), text.strip());
                result = result == null ? number : operation.apply(result, number);
            }
            return Objects.requireNonNull(result).toString();
        }
    }

    /** Another value where this one is empty ({@code empty}), or also where it is not there at all ({@code otherwise}). */
    record Substituted(
            Rule rule, @Nullable String empty, @Nullable String otherwise) implements Changed {
        @Override
        public @Nullable String text(Row row) {
            String text = rule.text(row);
            if (!none(text)) return text;
            return text != null && empty != null ? empty : otherwise;
        }
    }

    /** A member of the JSON that stands in the value as text. */
    record Inside(Rule rule, String member) implements Changed {
        @Override
        public @Nullable String text(Row row) {
            String text = rule.text(row);
            return none(text) ? text : JsonCells.member(text, member, told());
        }
    }

    /** The part of the value that the pattern's first group matches, or all that the pattern does. */
    record Matched(Rule rule, LinearPattern pattern) implements Changed {
        @Override
        public @Nullable String text(Row row) {
            String text = rule.text(row);
            if (none(text)) return text;
            var found = pattern.groups(text, false, Math.min(1, pattern.groupCount()));
            if (found == null) {
                throw new Unfit("'" + text + "' in " + rule.told() + " is not as the pattern " + pattern);
            }
            return found[0] == null ? "" : found[0];
        }
    }

    /**
     * The value, translated if it is in the table.
     *
     * @param only whether a value that is not in the table is wrong, and so is none at all, which an empty one in the table does
     *     not stand for
     * @param orElse whether something else is said for where there is none
     */
    record Translated(Rule rule, Map<String, String> table, boolean only, boolean orElse) implements Changed {
        @Override
        public @Nullable String text(Row row) {
            String text = rule.text(row);
            String translated = text == null && only ? null : table.get(text == null ? "" : text);
            if (translated != null) return translated;
            if (only && !(orElse && none(text))) {
                throw new Unfit((none(text) ? missing(row) + ", and not" : "'" + text + "' in " + told() + " is not")
                        + " one of "
                        + table.keySet().stream()
                                .sorted()
                                .map(each -> "'" + each + "'")
                                .toList());
            }
            return text;
        }
    }

    /** A number, with a point before its decimals and nothing between its thousands. */
    record Plain(Rule rule, Numerals numerals) implements Changed {
        @Override
        public @Nullable String text(Row row) {
            String text = rule.text(row);
            return none(text) ? text : numerals.plain(text, told());
        }
    }
}
