package io.postpaid.account;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.postpaid.platform.file.InputFile;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.money.Currencies;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A CSV file of accounts: reads all of it, and tells all that is wrong with it. */
final class AccountFile {
    private static final List<String> COLUMNS = List.of(
            "id",
            "name",
            "email",
            "line1",
            "line2",
            "city",
            "state",
            "postal_code",
            "country",
            "tax_id",
            "currency",
            "monthly_limit",
            "free_credit",
            "payment_method",
            "created_on");
    private static final List<String> REQUIRED = List.of("id", "name", "email");
    private static final Pattern ID = Pattern.compile("[^\\s/\\\\\\p{Cntrl}]{1,100}");
    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,12})?");
    private static final Pattern PAYMENT_METHOD = Pattern.compile("[A-Za-z0-9_]{1,255}");
    private static final int TEXT_MAX = 500;

    private final Path file;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Long> lineOfId = new HashMap<>();

    private AccountFile(Path file) {
        this.file = file;
    }

    /**
     * A line of the file; null is a column that the file does not have or leaves to the default.
     *
     * @param line its number in the file
     */
    record Line(
            long line,
            String id,
            String name,
            String email,
            @Nullable String line1,
            @Nullable String line2,
            @Nullable String city,
            @Nullable String state,
            @Nullable String postalCode,
            @Nullable String country,
            @Nullable String taxId,
            @Nullable String currency,
            @Nullable BigDecimal monthlyLimit,
            @Nullable BigDecimal freeCredit,
            @Nullable String paymentMethod,
            @Nullable LocalDate createdOn) {}

    /** @throws RefusedFileException with every problem of the file */
    static List<Line> read(Path file) {
        return InputFile.read(file, text -> {
            var accounts = new AccountFile(file);
            var lines = new ArrayList<Line>();
            try (var csv = CsvReader.builder()
                    .allowMissingFields(true)
                    .allowExtraFields(true)
                    .ofCsvRecord(text)) {
                var records = csv.iterator();
                var header = records.hasNext() ? accounts.header(records.next()) : Map.<String, Integer>of();
                if (header.isEmpty() && accounts.problems.isEmpty()) {
                    accounts.problems.add(file + " is empty: its first line must name the columns, at least "
                            + String.join(",", REQUIRED));
                }
                while (!header.isEmpty() && records.hasNext()) {
                    var line = accounts.line(header, records.next());
                    if (line != null) lines.add(line);
                }
            } catch (CsvParseException e) {
                accounts.problems.add(file + " is not CSV: " + e.getMessage());
            }
            if (!accounts.problems.isEmpty()) throw new RefusedFileException(file, accounts.problems);
            return lines;
        });
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

    private @Nullable Line line(Map<String, Integer> header, CsvRecord record) {
        long number = record.getStartingLineNumber();
        if (record.getFieldCount() != header.size()) {
            problems.add(file + ", line " + number + ": has " + record.getFieldCount() + " fields, and the header "
                    + header.size());
            return null;
        }
        int before = problems.size();
        var fields = new Fields(number, header, record);
        var id = fields.required("id", ID, "is not an id: 1 to 100 characters without spaces or slashes");
        var name = fields.required("name", Pattern.compile(".+"), "is not a name");
        var email = fields.required("email", Pattern.compile(".+"), "is not an e-mail address");
        var objection = email.isEmpty() ? null : EmailAddress.problem(email);
        if (objection != null) problem(number, "email", "'" + email + "' " + objection);
        var first = lineOfId.putIfAbsent(id, number);
        if (first != null && !id.isEmpty()) {
            problem(number, "id", "'" + id + "' stands in line " + first + " already: give each account one line");
        }
        var currency = fields.currency();
        var billed = Currencies.get(currency == null ? "USD" : currency);
        var line = new Line(
                number,
                id,
                name,
                email,
                fields.text("line1"),
                fields.text("line2"),
                fields.text("city"),
                fields.text("state"),
                fields.text("postal_code"),
                fields.country(),
                fields.text("tax_id"),
                currency,
                fields.optional("monthly_limit", text -> amount(text, billed), notAnAmount("100", billed)),
                fields.optional("free_credit", text -> amount(text, billed), notAnAmount("20", billed)),
                fields.optional(
                        "payment_method",
                        text -> PAYMENT_METHOD.matcher(text).matches() ? text : null,
                        "is not a payment method such as pm_card_visa"),
                fields.optional("created_on", AccountFile::date, "is not a day such as 2026-10-31"));
        return problems.size() == before ? line : null;
    }

    private void problem(long line, String column, String what) {
        problems.add(file + ", line " + line + ", column " + column + ": " + what);
    }

    private final class Fields {
        private final long line;
        private final Map<String, Integer> header;
        private final CsvRecord record;

        Fields(long line, Map<String, Integer> header, CsvRecord record) {
            this.line = line;
            this.header = header;
            this.record = record;
        }

        /** The text of a column, or null if the file does not have it. */
        @Nullable
        String text(String column) {
            var position = header.get(column);
            if (position == null) return null;
            var text = record.getField(position).strip();
            if (text.chars().anyMatch(Character::isISOControl)) {
                problem(line, column, "contains a line break or another control character");
            }
            if (text.length() > TEXT_MAX) problem(line, column, "has more than " + TEXT_MAX + " characters");
            return text;
        }

        String required(String column, Pattern pattern, String expected) {
            var text = Objects.requireNonNull(text(column));
            if (text.isEmpty()) {
                problem(line, column, "is empty");
            } else if (!pattern.matcher(text).matches()) {
                problem(line, column, "'" + text + "' " + expected);
            }
            return text;
        }

        <T> @Nullable T optional(String column, Function<String, @Nullable T> parse, String expected) {
            var text = text(column);
            if (text == null || text.isEmpty()) return null;
            var value = parse.apply(text);
            if (value == null) problem(line, column, "'" + text + "' " + expected);
            return value;
        }

        @Nullable
        String country() {
            var text = text("country");
            if (text == null || text.isEmpty()) return text;
            var code = Countries.find(text).orElse(null);
            if (code == null) {
                problem(
                        line,
                        "country",
                        "'" + text + "' is not a country code such as "
                                + Countries.nearest(text).orElse("US"));
            }
            return code;
        }

        @Nullable
        String currency() {
            var text = text("currency");
            if (text == null || text.isEmpty()) return null;
            var currency = Currencies.find(text);
            if (currency.isEmpty()) {
                problem(line, "currency", "'" + text + "' is not a currency such as USD");
            } else if (!currency.get().billable()) {
                problem(
                        line,
                        "currency",
                        "'" + text + "' cannot be billed: " + currency.get().refusedBecause());
            }
            return currency.isPresent() ? text : null;
        }
    }

    private static @Nullable BigDecimal amount(String text, Currencies.Currency currency) {
        if (!AMOUNT.matcher(text).matches()) return null;
        var amount = new BigDecimal(text);
        return currency.fits(amount) ? amount : null;
    }

    private static String notAnAmount(String example, Currencies.Currency currency) {
        return "is not an amount such as " + Amounts.plain(new BigDecimal(example), currency.code());
    }

    private static @Nullable LocalDate date(String text) {
        try {
            var day = LocalDate.parse(text);
            return day.getYear() < 1 || day.getYear() > 9999 ? null : day;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
