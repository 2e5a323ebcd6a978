package io.postpaid.payments.statement;

import static io.postpaid.payments.statement.XmlElement.firstOf;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Statements of SWIFT's MT940, with or without its envelope, and the forms of field 86 that banks of Europe write. */
final class Mt940 {
    private static final Pattern TAG = Pattern.compile("(?:\\{4:)?:([0-9]{2}[A-Z]?):(.*)");
    private static final Pattern BALANCE = Pattern.compile("([CD])([0-9]{6})([A-Z]{3})([0-9]{1,15}),([0-9]{0,5})");
    /** Day of value, day of booking, mark, funds code, amount, type, reference; the bank's own behind {@code //}. */
    private static final Pattern LINE = Pattern.compile(
            "([0-9]{6})([0-9]{4})?(R[CD]|[CD])([A-Z])?([0-9]{1,15}),([0-9]{0,5})([A-Z][A-Z0-9]{3})([^\\n]*?)(?://([^\\n]*))?(?:\\n.*)?",
            Pattern.DOTALL);
    /** The numbered parts of German and Polish banks. */
    private static final Pattern PART = Pattern.compile("\\?([0-9]{2})([^?]*)");

    private static final Pattern NUMBERED = Pattern.compile("[0-9]{3}\\?.*", Pattern.DOTALL);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuMMdd").withResolverStyle(ResolverStyle.STRICT);

    /** Six lines of 65 letters by the standard; banks write more. */
    private static final int FIELD_MAX = 10_000;

    private String account = "";
    private String number = "";
    private String currency = "";
    private @Nullable BigDecimal opening;
    private @Nullable BigDecimal closing;
    private @Nullable Matcher line;
    private final List<StatementLine> lines = new ArrayList<>();

    private Mt940() {}

    private record Tagged(String tag, String value) {}

    static boolean looksLike(String text) {
        return text.lines()
                .limit(50)
                .anyMatch(line -> line.startsWith(":20:") || line.startsWith("{4:") || line.startsWith("{1:"));
    }

    static List<BankStatement> read(String text) {
        var statements = new ArrayList<BankStatement>();
        Mt940 open = null;
        for (var field : fields(text)) {
            if (field.tag.equals("20")) {
                if (open != null) statements.add(open.end());
                open = new Mt940();
            } else if (open != null) {
                open.add(field);
            }
        }
        if (open == null) throw new IllegalArgumentException("it is not MT940: no field begins with :20:");
        statements.add(open.end());
        return statements;
    }

    /** A field goes on over lines until the next begins. */
    private static List<Tagged> fields(String text) {
        var fields = new ArrayList<Tagged>();
        for (var line : text.lines().toList()) {
            var tag = TAG.matcher(line);
            if (tag.matches()) {
                fields.add(new Tagged(tag.group(1), tag.group(2)));
            } else if (!fields.isEmpty() && !line.startsWith("-") && !line.startsWith("{") && !line.isBlank()) {
                var last = fields.removeLast();
                if (last.value.length() > FIELD_MAX)
                    throw new IllegalArgumentException("field :" + last.tag + ": does not end");
                fields.add(new Tagged(last.tag, last.value + "\n" + line));
            }
        }
        return fields;
    }

    private void add(Tagged field) {
        switch (field.tag) {
            case "25", "25P" ->
                account = field.value.lines().findFirst().orElse("").strip();
            case "28C", "28" -> number = field.value;
            case "60F", "60M" -> opening = balance(field.value);
            case "62F", "62M" -> {
                take("");
                closing = balance(field.value);
            }
            case "61" -> {
                take("");
                var matcher = LINE.matcher(field.value.strip());
                if (!matcher.matches()) {
                    throw new IllegalArgumentException(
                            "field :61: cannot be read: '" + BankStatement.shown(field.value) + "'");
                }
                line = matcher;
            }
            case "86" -> take(field.value);
            default -> {}
        }
    }

    private BigDecimal balance(String text) {
        var balance = BALANCE.matcher(text.strip());
        if (!balance.matches()) throw new IllegalArgumentException("'" + BankStatement.shown(text) + "' is no balance");
        if (currency.isEmpty()) currency = balance.group(3);
        if (!currency.equals(balance.group(3)))
            throw new IllegalArgumentException("its balances are in two currencies");
        var amount = Field.amount(balance.group(4) + "." + balance.group(5));
        return balance.group(1).equals("C") ? amount : amount.negate();
    }

    /** Ends a line with what the bank says of it; the text behind the last line is about the statement. */
    private void take(String about) {
        var of = line;
        line = null;
        if (of == null) return;
        var valued = Field.day(of.group(1), DAY);
        var amount = Field.amount(of.group(5) + "." + of.group(6));
        // A reversed credit leaves the account, a reversed debit comes back.
        boolean comes = of.group(3).equals("C") || of.group(3).equals("RD");
        if (amount.signum() == 0) return;
        var said = Said.of(about);
        var bankReference = of.group(9) == null ? "" : of.group(9).strip();
        lines.add(new StatementLine(
                booked(of.group(2), valued),
                valued,
                comes ? amount : amount.negate(),
                said.party,
                said.text,
                firstOf(said.reference, reference(of.group(8).strip())),
                reference(bankReference),
                of.group(7).endsWith("CHG")));
    }

    private static String reference(String text) {
        return text.equals("NONREF") || text.equals("NOTPROVIDED") ? "" : text;
    }

    /** A line of the last days of a year may be valued in the next, and the other way round. */
    private static LocalDate booked(@Nullable String monthAndDay, LocalDate valued) {
        if (monthAndDay == null) return valued;
        LocalDate nearest = null;
        for (int year = valued.getYear() - 1; year <= valued.getYear() + 1; year++) {
            if (monthAndDay.equals("0229") && !java.time.Year.isLeap(year)) continue;
            var day = Field.day("%02d%s".formatted(year % 100, monthAndDay), DAY);
            if (nearest == null || distance(day, valued) < distance(nearest, valued)) nearest = day;
        }
        if (nearest == null) throw new IllegalArgumentException("no year near " + valued + " has a 29 February");
        return nearest;
    }

    private static long distance(LocalDate one, LocalDate other) {
        return Math.abs(one.toEpochDay() - other.toEpochDay());
    }

    private BankStatement end() {
        take("");
        return new BankStatement(account, number, currency, opening, closing, lines);
    }

    /** What field 86 says. */
    private record Said(String party, String text, String reference) {
        private static final Pattern SEPA = Pattern.compile(
                "(?:^|[ ?\\n])?EREF\\+(.*?)(?=(?:KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|BIC|IBAN|PURP)\\+|$)");
        private static final Pattern SLASHED =
                Pattern.compile("/(EREF|NAME|REMI|MARF|CSID|IBAN|BIC|TRTP|RTRN|PREF|ISDT|KREF|BENM|ORDP|PURP)/");

        static Said of(String about) {
            if (NUMBERED.matcher(about).matches()) return numbered(about.replace("\n", ""));
            var joined = about.replace("\n", "");
            if (joined.startsWith("/") && SLASHED.matcher(joined).find()) return slashed(joined);
            return new Said("", about.replace("\n", " "), eref(joined));
        }

        /** {@code 166?00GUTSCHRIFT?20EREF+…?21SVWZ+…?32NAME}: the parts of the text go on without a blank. */
        private static Said numbered(String about) {
            var parts = PART.matcher(about).results().toList();
            var text = parts.stream()
                    .filter(part -> isText(Integer.parseInt(part.group(1))))
                    .map(part -> part.group(2))
                    .collect(Collectors.joining());
            var party = parts.stream()
                    .filter(part -> part.group(1).equals("32") || part.group(1).equals("33"))
                    .map(part -> part.group(2))
                    .collect(Collectors.joining());
            return new Said(party, text, eref(text));
        }

        private static boolean isText(int part) {
            return part >= 20 && part <= 29 || part >= 60 && part <= 63;
        }

        /** {@code /EREF/…/NAME/…/REMI/…}, as Dutch banks write it. */
        private static Said slashed(String about) {
            String party = "";
            String reference = "";
            var marks = SLASHED.matcher(about).results().toList();
            for (int i = 0; i < marks.size(); i++) {
                int end = i + 1 < marks.size() ? marks.get(i + 1).start() : about.length();
                var value = about.substring(marks.get(i).end(), end).replaceAll("/$", "");
                if (marks.get(i).group(1).equals("NAME")) party = value;
                if (marks.get(i).group(1).equals("EREF")) reference = value;
            }
            return new Said(party, about, Mt940.reference(reference));
        }

        private static String eref(String text) {
            var found = SEPA.matcher(text);
            return found.find() ? Mt940.reference(found.group(1).strip()) : "";
        }
    }
}
