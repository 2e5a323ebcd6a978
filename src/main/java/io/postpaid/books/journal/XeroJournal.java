package io.postpaid.books.journal;

import io.postpaid.platform.money.Amounts;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** Manual journals as Xero imports them: lines of one narration and date are one journal. */
final class XeroJournal {
    private static final List<String> HEAD = List.of(
            "*Narration",
            "*Date",
            "Description",
            "*AccountCode",
            "*TaxRate",
            "*Amount",
            "TrackingName1",
            "TrackingOption1",
            "TrackingName2",
            "TrackingOption2");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("dd/MM/uuuu");
    /** Xero takes 300 lines a file, and does not say whether the head is one. */
    private static final int LINES_MAX = 299;

    private XeroJournal() {}

    static List<ExportFile> files(Booking booking) {
        booking.currency("Xero");
        var problems = new ArrayList<String>();
        booking.lines().stream()
                .map(BookedLine::account)
                .distinct()
                .forEach(account -> check(booking.chart(), account, problems));
        if (!problems.isEmpty()) throw new IllegalArgumentException(String.join("\n", problems));
        return booking.parts("Xero", LINES_MAX).stream()
                .map(part -> CsvFile.of(part, HEAD, booked -> row(booked, booking.chart())))
                .toList();
    }

    private static void check(Chart chart, ChartAccount account, List<String> problems) {
        if (account.number().isEmpty()) {
            problems.add(chart.at(account) + account.account()
                    + " has no number, by which Xero finds accounts: give it one");
        } else if (chart.programs().xero().systemAccounts().contains(account.number())) {
            problems.add(
                    "%s%s is account %s, which Xero keeps itself and lets no manual journal use: add an account of the same type to the chart in Xero, and give its number"
                            .formatted(chart.at(account), account.account(), account.number()));
        }
        if (taxRate(chart, account).isEmpty()) {
            problems.add(
                    chart.at(account) + account.account()
                            + " has no tax rate, which Xero wants on each line: give it tax_rate, or all accounts the one of xero, such as Tax Exempt");
        }
    }

    private static String taxRate(Chart chart, ChartAccount account) {
        var own = account.option(ChartFile.TAX_RATE);
        return own.isEmpty() ? chart.programs().xero().taxRate() : own;
    }

    private static List<String> row(BookedLine booked, Chart chart) {
        var line = booked.line();
        var account = booked.account();
        var first = tracking(account.option(ChartFile.TRACKING));
        var second = tracking(account.option(ChartFile.TRACKING_2));
        return List.of(
                booked.narration(),
                DATE.format(line.date()),
                booked.text(),
                account.number(),
                taxRate(chart, account),
                Amounts.plain(line.amount(), line.currency()),
                first.getFirst(),
                first.getLast(),
                second.getFirst(),
                second.getLast());
    }

    /** {@code Region: Europe} is an option of a category. */
    private static List<String> tracking(String option) {
        int colon = option.indexOf(": ");
        return colon < 0 ? List.of("", "") : List.of(option.substring(0, colon), option.substring(colon + 2));
    }
}
