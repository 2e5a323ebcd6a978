package io.postpaid.books.journal;

import java.nio.charset.Charset;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A batch of postings in the format of DATEV, version 700 with postings of version 13. Each line of an entry is booked against
 * one clearing account, which the entry leaves as it was.
 */
final class DatevBatch {
    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuuMMdd");
    private static final DateTimeFormatter DAY_AND_MONTH = DateTimeFormatter.ofPattern("ddMM");
    private static final DateTimeFormatter MADE = DateTimeFormatter.ofPattern("uuuuMMddHHmmssSSS");
    private static final int LINES_MAX = 99_999;
    private static final int TEXT_MAX = 60;
    /** What is written of a posting, by the place of its column; all others are empty. */
    private static final int AMOUNT = 0;

    private static final int SIDE = 1;
    private static final int CURRENCY = 2;
    private static final int ACCOUNT = 6;
    private static final int AGAINST = 7;
    private static final int KEY = 8;
    private static final int DATE = 9;
    private static final int DOCUMENT = 10;
    private static final int TEXT = 13;

    private static final List<String> HEAD = head();

    private DatevBatch() {}

    private static List<String> head() {
        return Stream.of(
                        Stream.of(
                                "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Kurs;Basis-Umsatz;WKZ Basis-Umsatz;Konto;Gegenkonto (ohne BU-Schlüssel);BU-Schlüssel;Belegdatum;Belegfeld 1;Belegfeld 2;Skonto;Buchungstext;Postensperre;Diverse Adressnummer;Geschäftspartnerbank;Sachverhalt;Zinssperre;Beleglink"),
                        IntStream.rangeClosed(1, 8)
                                .mapToObj(n -> "Beleginfo - Art %1$d;Beleginfo - Inhalt %1$d".formatted(n)),
                        Stream.of(
                                "KOST1 - Kostenstelle;KOST2 - Kostenstelle;Kost-Menge;EU-Land u. UStID (Bestimmung);EU-Steuersatz (Bestimmung);Abw. Versteuerungsart;Sachverhalt L+L;Funktionsergänzung L+L;BU 49 Hauptfunktionstyp;BU 49 Hauptfunktionsnummer;BU 49 Funktionsergänzung"),
                        IntStream.rangeClosed(1, 20)
                                .mapToObj(n ->
                                        "Zusatzinformation - Art %1$d;Zusatzinformation- Inhalt %1$d".formatted(n)),
                        Stream.of(
                                "Stück;Gewicht;Zahlweise;Forderungsart;Veranlagungsjahr;Zugeordnete Fälligkeit;Skontotyp;Auftragsnummer;Buchungstyp;USt-Schlüssel (Anzahlungen);EU-Land (Anzahlungen);Sachverhalt L+L (Anzahlungen);EU-Steuersatz (Anzahlungen);Erlöskonto (Anzahlungen);Herkunft-Kz;Buchungs GUID;KOST-Datum;SEPA-Mandatsreferenz;Skontosperre;Gesellschaftername;Beteiligtennummer;Identifikationsnummer;Zeichnernummer;Postensperre bis;Bezeichnung SoBil-Sachverhalt;Kennzeichen SoBil-Buchung;Festschreibung;Leistungsdatum;Datum Zuord. Steuerperiode;Fälligkeit;Generalumkehr (GU);Steuersatz;Land;Abrechnungsreferenz;BVV-Position;EU-Land u. UStID (Ursprung);EU-Steuersatz (Ursprung);Abw. Skontokonto"))
                .flatMap(names -> names)
                .flatMap(names -> Arrays.stream(names.split(";")))
                .toList();
    }

    static List<ExportFile> files(Booking booking) {
        var chart = booking.chart();
        var datev = chart.programs().datev();
        if (datev == null) {
            throw new IllegalArgumentException(
                    chart.file()
                            + " does not say how DATEV knows you: add datev: {consultant: 29098, client: 55003, fiscal_year: 1, account_length: 4, clearing_account: \"1590\"}");
        }
        var currency = booking.currency("DATEV");
        booking.fitInto("DATEV", 10, 2);
        var problems = new ArrayList<String>();
        booking.lines().stream()
                .map(BookedLine::account)
                .distinct()
                .forEach(account -> check(chart, account, datev, problems));
        booking.lines().forEach(booked -> checkText(chart, booked, problems));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.stream().distinct().collect(Collectors.joining("\n")));
        }
        return booking.parts("DATEV", LINES_MAX).stream()
                .map(part -> file(part, booking, datev, currency))
                .toList();
    }

    private static void check(Chart chart, ChartAccount account, Chart.Datev datev, List<String> problems) {
        // The number of a customer may have one digit more.
        if (!account.number().matches("[0-9]{1," + (datev.length() + 1) + "}")
                || account.number().matches("0+")) {
            problems.add(
                    "%s%s is account '%s', and DATEV takes numbers of up to %d digits: give it one of your chart, or raise account_length"
                            .formatted(chart.at(account), account.account(), account.number(), datev.length()));
        }
        if (!account.option(ChartFile.KEY).matches("[0-9]{0,4}")) {
            problems.add("%s%s has the key '%s', and DATEV takes up to 4 digits, such as 40"
                    .formatted(chart.at(account), account.account(), account.option(ChartFile.KEY)));
        }
    }

    private static void checkText(Chart chart, BookedLine booked, List<String> problems) {
        var text = booked.text();
        text.codePoints()
                .filter(letter -> !WINDOWS.newEncoder().canEncode(Character.toString(letter)))
                .mapToObj(Character::toString)
                .findFirst()
                .ifPresent(letter -> problems.add(
                        "%s%s: '%s' has the letter %s, which DATEV's code page Windows-1252 has not: give the account a text of its own, such as text: Tax"
                                .formatted(
                                        chart.at(booked.account()),
                                        booked.account().account(),
                                        text,
                                        letter)));
    }

    private static ExportFile file(List<BookedLine> lines, Booking booking, Chart.Datev datev, String currency) {
        var rows = Stream.concat(
                Stream.of(first(booking, datev, currency), String.join(";", HEAD)),
                lines.stream().map(booked -> row(booked, datev)));
        return ExportFile.of(rows.map(row -> row + "\r\n").collect(Collectors.joining()), WINDOWS, lines);
    }

    /** The 31 fields that say whose postings these are, and of which days. */
    private static String first(Booking booking, Chart.Datev datev, String currency) {
        var from = booking.period().firstDay();
        var to = booking.period().month().atEndOfMonth();
        return String.join(
                ";",
                quoted("EXTF"),
                "700",
                "21",
                quoted("Buchungsstapel"),
                "13",
                MADE.format(booking.now().atOffset(ZoneOffset.UTC)),
                "",
                quoted("PP"),
                quoted(""),
                quoted(""),
                Integer.toString(datev.consultant()),
                Integer.toString(datev.client()),
                DAY.format(yearBegin(from, datev.yearMonth())),
                Integer.toString(datev.length()),
                DAY.format(from),
                DAY.format(to),
                quoted("Postpaid " + booking.period()),
                quoted(""),
                "1",
                "0",
                "0",
                quoted(currency),
                "",
                quoted(""),
                "",
                "",
                quoted(datev.chart()),
                "",
                "",
                quoted(""),
                quoted(""));
    }

    private static LocalDate yearBegin(LocalDate day, int month) {
        var begin = LocalDate.of(day.getYear(), month, 1);
        return begin.isAfter(day) ? begin.minusYears(1) : begin;
    }

    private static String row(BookedLine booked, Chart.Datev datev) {
        var line = booked.line();
        var cells = new String[HEAD.size()];
        Arrays.fill(cells, "");
        cells[AMOUNT] = line.amount().abs().setScale(2).toPlainString().replace('.', ',');
        cells[SIDE] = quoted(line.amount().signum() > 0 ? "S" : "H");
        cells[CURRENCY] = quoted(line.currency());
        cells[ACCOUNT] = booked.account().number();
        cells[AGAINST] = datev.clearing();
        var key = booked.account().option(ChartFile.KEY);
        if (!key.isEmpty()) cells[KEY] = quoted("0".repeat(4 - key.length()) + key);
        cells[DATE] = DAY_AND_MONTH.format(line.date());
        cells[DOCUMENT] = quoted(line.entry());
        var text = booked.text();
        cells[TEXT] = quoted(text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX));
        return String.join(";", cells);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
