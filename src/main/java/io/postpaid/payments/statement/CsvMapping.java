package io.postpaid.payments.statement;

import io.postpaid.platform.file.InputFile;
import io.postpaid.platform.file.StrictYaml;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a bank's CSV file is read, from a YAML file.
 *
 * @param skip how many lines stand before the header
 * @param columns the names in the header, one or several, by what they are: {@code booked_on}, {@code valued_on}, {@code amount}
 *     or {@code credit} and {@code debit}, {@code party}, {@code text}, {@code reference}, {@code bank_reference},
 *     {@code balance}
 */
record CsvMapping(
        String account,
        String currency,
        Charset charset,
        char delimiter,
        int skip,
        DateTimeFormatter dateFormat,
        char decimal,
        Map<String, List<String>> columns) {
    private static final Set<String> KEYS =
            Set.of("account", "currency", "charset", "delimiter", "skip", "date_format", "decimal", "columns");
    private static final Set<String> COLUMNS = Set.of(
            "booked_on",
            "valued_on",
            "amount",
            "credit",
            "debit",
            "party",
            "text",
            "reference",
            "bank_reference",
            "balance");

    static CsvMapping read(Path file) {
        return InputFile.read(file, text -> StrictYaml.read(file, text, CsvMapping::of));
    }

    private static CsvMapping of(StrictYaml yaml, JsonNode root) {
        var top = yaml.section("", root, KEYS);
        var account = top.required("account", text -> text, "the account of the bank, such as an IBAN");
        var currency =
                top.required("currency", text -> text.matches("[A-Z]{3}") ? text : null, "a currency such as EUR");
        var charset = top.optional("charset", CsvMapping::charset, "a charset such as UTF-8 or windows-1252");
        var delimiter = top.optional("delimiter", CsvMapping::one, "one character");
        var skip = top.optional(
                "skip", text -> text.matches("[0-9]{1,3}") ? Integer.valueOf(text) : null, "a number of lines");
        var format = top.required("date_format", CsvMapping::format, "a format such as dd.MM.uuuu");
        var decimal = top.optional(
                "decimal", text -> text.equals(",") || text.equals(".") ? text.charAt(0) : null, "a comma or a point");
        var columns = new HashMap<String, List<String>>();
        yaml.section("columns", root.path("columns"), COLUMNS);
        top.sections("columns").forEach((name, node) -> columns.put(name, names(node)));
        if (!columns.containsKey("booked_on")) yaml.problem("columns.booked_on", "is missing");
        if (columns.containsKey("amount") == columns.containsKey("credit")
                || columns.containsKey("credit") != columns.containsKey("debit")) {
            yaml.problem("columns", "have either amount, or credit and debit");
        }
        return new CsvMapping(
                Objects.requireNonNullElse(account, ""),
                Objects.requireNonNullElse(currency, ""),
                Objects.requireNonNullElse(charset, java.nio.charset.StandardCharsets.UTF_8),
                Objects.requireNonNullElse(delimiter, ';'),
                Objects.requireNonNullElse(skip, 0),
                Objects.requireNonNullElse(format, DateTimeFormatter.ISO_LOCAL_DATE),
                Objects.requireNonNullElse(decimal, '.'),
                columns);
    }

    private static List<String> names(JsonNode node) {
        return node.isArray() ? node.values().stream().map(JsonNode::asString).toList() : List.of(node.asString());
    }

    private static @Nullable Charset charset(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Character one(String text) {
        return text.length() == 1 ? text.charAt(0) : null;
    }

    private static @Nullable DateTimeFormatter format(String pattern) {
        try {
            return DateTimeFormatter.ofPattern(pattern).withResolverStyle(ResolverStyle.STRICT);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
