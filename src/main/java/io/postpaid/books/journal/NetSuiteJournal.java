package io.postpaid.books.journal;

import java.time.format.DateTimeFormatter;
import java.util.List;

/** Journal entries as NetSuite imports them: lines of one external id are one entry, which is taken once. */
final class NetSuiteJournal {
    private static final List<String> HEAD = List.of(
            "External ID",
            "Date",
            "Subsidiary",
            "Currency",
            "Exchange Rate",
            "Memo",
            "Account",
            "Debit",
            "Credit",
            "Name",
            "Line Memo");

    private NetSuiteJournal() {}

    static List<ExportFile> files(Booking booking) {
        booking.fitInto("NetSuite", 10, 2);
        var chart = booking.chart();
        var settings = chart.programs().netSuite();
        for (var booked : booking.lines()) {
            if (!settings.byName() && booked.account().number().isEmpty()) {
                throw new IllegalArgumentException(
                        chart.at(booked.account()) + booked.account().account()
                                + " has no number: give it one, or have NetSuite find accounts by name with netsuite: {accounts_by: name}");
            }
        }
        var date = DateTimeFormatter.ofPattern(settings.dates());
        return List.of(CsvFile.withClass(
                booking.lines(), HEAD, booked -> row(booked, settings, date, booking.inBookCurrency() ? "1" : "")));
    }

    /** @param rate 1 for the currency of the books; empty where each is booked by itself: NetSuite has rates of its own */
    private static List<String> row(BookedLine booked, Chart.NetSuite settings, DateTimeFormatter date, String rate) {
        var line = booked.line();
        return List.of(
                line.entry(),
                date.format(line.date()),
                settings.subsidiary(),
                line.currency(),
                rate,
                booked.narration(),
                settings.byName() ? booked.account().name() : booked.account().number(),
                line.debit(),
                line.credit(),
                booked.account().option(ChartFile.CUSTOMER),
                booked.text());
    }
}
