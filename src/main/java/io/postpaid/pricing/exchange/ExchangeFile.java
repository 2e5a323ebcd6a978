package io.postpaid.pricing.exchange;

import io.postpaid.platform.file.InputFile;
import io.postpaid.platform.file.PlainText;
import io.postpaid.platform.file.RefusedFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * A file of rates as the European Central Bank publishes them, CSV or XML: of a day, of 90 days or of all. Names all that is
 * wrong with it, each with its line.
 */
final class ExchangeFile {
    /** That of all days since 1999 has 9 MB as XML, and 300,000 rates. */
    private static final long BYTES_MAX = 64L << 20;

    private static final int RATES_MAX = 2_000_000;
    private static final int PROBLEMS_MAX = 1_000;
    private static final int SHOWN_MAX = 50;

    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final Pattern RATE = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
    private static final Set<String> NONE = Set.of("", "N/A");

    /** As eurofxref.csv has it, in which stands one day. */
    private static final DateTimeFormatter IN_WORDS =
            DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);

    /** @param lines by day, where its first rate stands */
    record Content(List<ExchangeRate> rates, Map<LocalDate, Integer> lines) {}

    private final Path file;
    private final LocalDate today;
    private final List<String> problems = new ArrayList<>();
    private final List<ExchangeRate> rates = new ArrayList<>();
    private final Map<LocalDate, Integer> lines = new HashMap<>();
    private boolean isBelowDay;

    private ExchangeFile(Path file, LocalDate today) {
        this.file = file;
        this.today = today;
    }

    /** @throws RefusedFileException with every problem of the file */
    static Content read(Path file, LocalDate today) {
        return InputFile.read(file, text -> {
            if (Files.size(file) > BYTES_MAX) {
                throw new IOException("it has more than 64 MB, and is not one of the European Central Bank");
            }
            return new ExchangeFile(file, today).read(text);
        });
    }

    private Content read(BufferedReader text) throws IOException {
        text.mark(1);
        int first = text.read();
        text.reset();
        if (first == '<') xml(text);
        else csv(text);
        if (problems.isEmpty() && rates.isEmpty()) {
            problems.add(file
                    + " has no rates: take eurofxref-hist.csv of the European Central Bank, or one of its XML files");
        }
        if (!problems.isEmpty()) throw new RefusedFileException(file, problems);
        return new Content(rates, lines);
    }

    // ---- CSV: Date,USD,JPY,… and a line for each day

    private void csv(BufferedReader text) throws IOException {
        var head = text.readLine();
        if (head == null) return;
        var currencies = header(head);
        if (!problems.isEmpty()) return;
        int number = 1;
        for (var line = text.readLine(); line != null && goesOn(number); line = text.readLine()) {
            number++;
            if (!line.isBlank()) row(number, currencies, cells(line, currencies.size() + 1));
        }
    }

    private List<String> header(String line) {
        var cells = cells(line, 0);
        if (!cells.getFirst().equals("Date")) {
            problem(
                    1,
                    "begins with '" + shown(cells.getFirst())
                            + "', and not with Date as files of the European Central Bank");
            return List.of();
        }
        var currencies = cells.subList(1, cells.size());
        var seen = new HashSet<String>();
        for (var currency : currencies) {
            if (isCurrency(1, currency) && !seen.add(currency)) problem(1, currency + " stands there twice");
        }
        return currencies;
    }

    private void row(int number, List<String> currencies, List<String> cells) {
        if (cells.size() != currencies.size() + 1) {
            problem(number, "has " + cells.size() + " columns, and the first line " + (currencies.size() + 1));
            return;
        }
        var day = day(number, cells.getFirst());
        if (day == null) return;
        for (int i = 0; i < currencies.size(); i++) {
            var cell = cells.get(i + 1);
            if (!NONE.contains(cell)) rate(number, currencies.get(i), day, cell);
        }
    }

    /** A comma at the end of the line begins no cell. */
    private static List<String> cells(String line, int wanted) {
        var cells = new ArrayList<String>();
        for (var cell : line.split(",", -1)) cells.add(cell.strip());
        if (cells.size() > Math.max(1, wanted) && cells.getLast().isEmpty()) cells.removeLast();
        return cells;
    }

    // ---- XML: <Cube time="2026-10-30"><Cube currency="USD" rate="1.1712"/>

    private void xml(BufferedReader text) {
        var factory = XMLInputFactory.newDefaultFactory();
        // No entity is ever resolved: a file with a document type is refused.
        factory.setProperty("jdk.xml.dtd.support", "deny");
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        try {
            var xml = factory.createXMLStreamReader(text);
            LocalDate day = null;
            var seen = new HashSet<String>();
            while (xml.hasNext() && goesOn(xml.getLocation().getLineNumber())) {
                if (xml.next() != XMLStreamConstants.START_ELEMENT
                        || !xml.getLocalName().equals("Cube")) continue;
                if (xml.getAttributeValue(null, "time") != null) {
                    isBelowDay = true;
                    day = day(xml.getLocation().getLineNumber(), attribute(xml, "time"));
                    seen.clear();
                } else if (xml.getAttributeCount() > 0) {
                    cube(xml, day, seen);
                }
            }
        } catch (XMLStreamException e) {
            var place = e.getLocation();
            problem(
                    place == null ? 1 : place.getLineNumber(),
                    "is not XML as the European Central Bank writes it: "
                            + shown(String.valueOf(e.getMessage())
                                    .lines()
                                    .skip(1)
                                    .findFirst()
                                    .orElse("it cannot be read")));
        }
    }

    private void cube(XMLStreamReader xml, @Nullable LocalDate day, Set<String> seen) {
        int line = xml.getLocation().getLineNumber();
        var currency = attribute(xml, "currency");
        if (!isCurrency(line, currency)) return;
        if (!seen.add(currency)) problem(line, currency + " stands twice on one day");
        else if (day != null) rate(line, currency, day, attribute(xml, "rate"));
        else if (!isBelowDay) problem(line, currency + " stands below no day");
    }

    private static String attribute(XMLStreamReader xml, String name) {
        var value = xml.getAttributeValue(null, name);
        return value == null ? "" : value.strip();
    }

    // ---- both

    private boolean goesOn(int line) {
        if (problems.size() >= PROBLEMS_MAX) return false;
        if (rates.size() <= RATES_MAX) return true;
        problem(line, "has more than " + RATES_MAX + " rates before it");
        return false;
    }

    private @Nullable LocalDate day(int line, String text) {
        LocalDate day;
        try {
            day = text.contains(" ") ? LocalDate.parse(text, IN_WORDS) : LocalDate.parse(text);
        } catch (DateTimeException e) {
            problem(line, "'" + shown(text) + "' is not a day such as 2026-10-30");
            return null;
        }
        if (day.isAfter(today) || !PlainText.isUsable(day)) {
            problem(line, day + " is not a day up to today, " + today);
            return null;
        }
        var before = lines.putIfAbsent(day, line);
        if (before != null) {
            problem(line, day + " stands in line " + before + " already");
            return null;
        }
        return day;
    }

    private boolean isCurrency(int line, String text) {
        boolean is = CURRENCY.matcher(text).matches() && !text.equals("EUR");
        if (!is) problem(line, "'" + shown(text) + "' is not a currency beside the euro, such as USD");
        return is;
    }

    private void rate(int line, String currency, LocalDate day, String text) {
        var rate = RATE.matcher(text).matches() ? new BigDecimal(text) : BigDecimal.ZERO;
        if (rate.signum() > 0) rates.add(new ExchangeRate(currency, day, rate));
        else problem(line, currency + " is '" + shown(text) + "': must be how much of it is one euro, such as 1.1712");
    }

    private void problem(int line, String what) {
        problems.add(at(file, line, what));
    }

    static String at(Path file, int line, String what) {
        return file + ", line " + line + ": " + what;
    }

    private static String shown(String text) {
        var some = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
        return PlainText.hasControl(some) ? "?" : some;
    }
}
