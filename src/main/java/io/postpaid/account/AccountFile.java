package io.postpaid.account;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.postpaid.platform.file.InputFile;
import io.postpaid.platform.file.PlainText;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.platform.money.Currencies;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lines of accounts, of a CSV file or of a call: read some at a time, with all that is wrong with them. */
final class AccountFile {
    /** As {@code accounts.csv} and the table of accounts call them. */
    static final List<String> COLUMNS = List.of(
            ("id,name,email,line1,line2,city,state,postal_code,country,tax_id,currency,monthly_limit,free_credit,"
                            + "payment_method,created_on,purchase_order,business,buyer_reference,peppol_id,language,billing_emails,aliases")
                    .split(","));

    private static final List<String> REQUIRED = List.of("id", "name", "email");
    private static final List<String> TEXTS = List.of("line1", "line2", "city", "state", "postal_code", "tax_id");
    private static final List<String> REFERENCES = List.of("purchase_order", "buyer_reference");
    private static final Pattern BUSINESS = Pattern.compile("(yes|no)?");
    private static final Pattern PEPPOL_ID = Pattern.compile("([0-9]{4}:[A-Za-z0-9._~-]{1,50})?");
    private static final Pattern LANGUAGE = Pattern.compile("([a-z]{2,3}(-[A-Z]{2})?)?");
    private static final Pattern ANY = Pattern.compile(".+");
    static final Pattern ID = Pattern.compile("[^\\s/\\\\\\p{Cntrl}]{1,100}");
    static final String NO_ID = "is not an id: 1 to 100 characters without spaces or slashes";
    private static final Pattern PAYMENT_METHOD = Pattern.compile("[A-Za-z0-9_]{1,255}");
    private static final int TEXT_MAX = 500;
    private static final int REFERENCE_MAX = 100;
    private static final int BATCH = 10_000;
    /** Who has to correct more begins with these. */
    static final int PROBLEMS_MAX = 10_000;

    private final String name;
    private final List<Problem> problems = new ArrayList<>();

    private AccountFile(String name) {
        this.name = name;
    }

    /**
     * What is wrong.
     *
     * @param line where, 0 for the file
     * @param column null where it is the line or the file
     */
    record Problem(long line, @Nullable String column, String what) {
        /** With its place in a file. */
        String in(Path file) {
            return column == null ? what : file + ", line " + line + ", column " + column + ": " + what;
        }
    }

    /**
     * Hands over the lines, some at a time: each by column, without those that the file does not have or leaves to the
     * default; {@code line} is its number in the file, and {@code whole} whether nothing is wrong with it.
     *
     * @return the problems of the file, in the order of its lines
     * @throws RefusedFileException if there is no such file, or it is not text
     */
    static List<Problem> read(Path file, Consumer<List<Map<String, Object>>> reader) {
        return InputFile.read(file, text -> new AccountFile(file.toString()).read(text, reader));
    }

    /** The same for one line, whose cells are given by column: a column that is not there is one that the file does not have. */
    static List<Problem> read(Map<String, String> cells, Consumer<List<Map<String, Object>>> reader) {
        var text = new StringWriter();
        try (var csv = CsvWriter.builder().build(text)) {
            csv.writeRecord(cells.keySet()).writeRecord(cells.values());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new AccountFile("the account").read(new StringReader(text.toString()), reader);
    }

    private List<Problem> read(Reader text, Consumer<List<Map<String, Object>>> reader) {
        var lines = new ArrayList<Map<String, Object>>();
        try (var csv = CsvReader.builder()
                .allowMissingFields(true)
                .allowExtraFields(true)
                .ofCsvRecord(text)) {
            var records = csv.iterator();
            var header = records.hasNext() ? header(records.next()) : Map.<String, Integer>of();
            if (header.isEmpty() && problems.isEmpty()) {
                problem(
                        0,
                        name + " is empty: its first line must name the columns, at least "
                                + String.join(",", REQUIRED));
            }
            while (!header.isEmpty() && records.hasNext() && problems.size() < PROBLEMS_MAX) {
                var line = line(header, records.next());
                if (line != null) lines.add(line);
                if (lines.size() == BATCH) {
                    reader.accept(lines);
                    lines.clear();
                }
            }
        } catch (CsvParseException e) {
            problem(Long.MAX_VALUE, name + " is not CSV: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reader.accept(lines);
        return problems;
    }

    /** @return position by column, empty when the header cannot be used */
    private Map<String, Integer> header(CsvRecord record) {
        var positions = new HashMap<String, Integer>();
        for (int i = 0; i < record.getFieldCount(); i++) {
            var column = record.getField(i).strip().toLowerCase(Locale.ROOT);
            if (!COLUMNS.contains(column)) {
                problem(1, column, "is not a column of accounts, which are " + String.join(",", COLUMNS));
            } else if (positions.put(column, i) != null) {
                problem(1, column, "stands twice in the header");
            }
        }
        for (var column : REQUIRED) {
            if (!positions.containsKey(column)) problem(1, column, "is missing in the header");
        }
        return problems.isEmpty() ? positions : Map.of();
    }

    private @Nullable Map<String, Object> line(Map<String, Integer> header, CsvRecord record) {
        long number = record.getStartingLineNumber();
        if (record.getFieldCount() != header.size()) {
            problem(
                    number,
                    name + ", line " + number + ": has " + record.getFieldCount() + " fields, and the header "
                            + header.size());
            return null;
        }
        int before = problems.size();
        var fields = new Cells(number, header, record);
        fields.required("id", ID, NO_ID);
        fields.required("name", ANY, "is not a name");
        var email = fields.required("email", ANY, "is not an e-mail address");
        var objection = email.isEmpty() ? null : EmailAddress.problem(email);
        if (objection != null) problem(number, "email", "'" + email + "' " + objection);
        var billed = Currencies.get(Objects.requireNonNullElse(fields.currency(), "USD"));
        for (var column : TEXTS) fields.put(column, fields.text(column));
        fields.country();
        for (var column : REFERENCES) fields.put(column, fields.text(column, REFERENCE_MAX));
        fields.form("business", BUSINESS, "is neither yes nor no");
        fields.form("peppol_id", PEPPOL_ID, "is not a Peppol id such as 0088:7300010000001");
        fields.form("language", LANGUAGE, "is not a language such as de or pt-BR");
        fields.list("billing_emails", EmailAddress.TEXTS_MAX, texts -> EmailAddress.problemsBeside(email, texts));
        fields.list("aliases", Alias.TEXTS_MAX, Alias::problems);
        fields.optional(
                "monthly_limit", text -> AccountValues.amount(text, billed), AccountValues.notAnAmount("100", billed));
        fields.optional(
                "free_credit", text -> AccountValues.amount(text, billed), AccountValues.notAnAmount("20", billed));
        fields.optional(
                "payment_method",
                text -> PAYMENT_METHOD.matcher(text).matches() ? text : null,
                "is not a payment method such as pm_card_visa");
        fields.optional("created_on", AccountValues::date, "is not a day such as 2026-10-31");
        fields.put("line", number);
        fields.put("whole", problems.size() == before);
        return fields.values;
    }

    private void problem(long line, String column, String what) {
        problems.add(new Problem(line, column, what));
    }

    private void problem(long line, String what) {
        problems.add(new Problem(line, null, what));
    }

    private final class Cells {
        private final long line;
        private final Map<String, Integer> header;
        private final CsvRecord record;
        private final Map<String, Object> values = new HashMap<>();

        Cells(long line, Map<String, Integer> header, CsvRecord record) {
            this.line = line;
            this.header = header;
            this.record = record;
        }

        private void put(String column, @Nullable Object value) {
            if (value != null) values.put(column, value);
        }

        /** The text of a column, or null if the file does not have it. */
        private @Nullable String text(String column) {
            return text(column, TEXT_MAX);
        }

        private @Nullable String text(String column, int most) {
            var position = header.get(column);
            if (position == null) return null;
            var text = record.getField(position).strip();
            if (PlainText.hasControl(text)) {
                problem(line, column, "contains a line break or another control character");
                // What else is wrong with the line is looked for in the database, which keeps no NUL.
                text = text.replace("\0", "");
            }
            if (text.length() > most) problem(line, column, "has more than " + most + " characters");
            return text;
        }

        private String required(String column, Pattern pattern, String expected) {
            var text = Objects.requireNonNull(text(column));
            if (text.isEmpty()) {
                problem(line, column, "is empty");
            } else if (!pattern.matcher(text).matches()) {
                problem(line, column, "'" + text + "' " + expected);
            }
            put(column, text);
            return text;
        }

        /** A text that may be empty, which removes what was set. */
        private void form(String column, Pattern form, String expected) {
            var text = text(column);
            if (text != null && !form.matcher(text).matches()) problem(line, column, "'" + text + "' " + expected);
            put(column, text);
        }

        private void optional(String column, Function<String, @Nullable Object> parse, String expected) {
            var text = text(column);
            if (text == null || text.isEmpty()) return;
            var value = parse.apply(text);
            if (value == null) problem(line, column, "'" + text + "' " + expected);
            put(column, value);
        }

        /** Texts that are divided by blanks. */
        private void list(String column, int most, Function<List<String>, List<String>> problems) {
            var text = text(column, most);
            if (text == null || text.length() > most) return;
            var texts = text.isEmpty() ? List.<String>of() : List.of(text.split("\\s+"));
            problems.apply(texts).forEach(what -> problem(line, column, what));
            put(column, texts);
        }

        private void country() {
            var text = text("country");
            if (text == null || text.isEmpty()) {
                put("country", text);
                return;
            }
            var code = Countries.find(text).orElse(null);
            if (code == null) {
                problem(
                        line,
                        "country",
                        "'" + text + "' is not a country code such as "
                                + Countries.nearest(text).orElse("US"));
            }
            put("country", code);
        }

        /** What it is billed in, if the file says it and there is such a currency. */
        private @Nullable String currency() {
            var text = text("currency");
            if (text == null || text.isEmpty()) return null;
            var currency = Currencies.find(text).orElse(null);
            if (currency == null) {
                problem(line, "currency", "'" + text + "' is not a currency such as USD");
                return null;
            }
            if (!currency.billable()) {
                problem(line, "currency", "'" + text + "' cannot be billed: " + currency.refusedBecause());
            }
            put("currency", text);
            return text;
        }
    }
}
