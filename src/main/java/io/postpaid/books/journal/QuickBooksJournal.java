package io.postpaid.books.journal;

import io.postpaid.books.ledger.GeneralAccount;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Journal entries as QuickBooks Online imports them: lines of one journal number are one entry. */
final class QuickBooksJournal {
    private static final List<String> HEAD =
            List.of("Journal No.", "Journal Date", "Account Name", "Debits", "Credits", "Description", "Name");
    /** A file has at most 1,000 rows, and one of them is the head. */
    private static final int LINES_MAX = 999;

    private QuickBooksJournal() {}

    static List<ExportFile> files(Booking booking) {
        booking.currency("QuickBooks");
        booking.fitInto("QuickBooks", 11, 2);
        for (var booked : booking.lines()) {
            var account = booked.account();
            if (account.account() == GeneralAccount.RECEIVABLES
                    && account.option(ChartFile.CUSTOMER).isEmpty()) {
                throw new IllegalArgumentException(
                        booking.chart().at(account)
                                + "RECEIVABLES has no customer, which QuickBooks wants on each line of accounts receivable: give it one that is there, such as customer: Postpaid customers");
            }
        }
        var date = DateTimeFormatter.ofPattern(
                booking.chart().programs().quickBooks().dates());
        return booking.parts("QuickBooks", LINES_MAX).stream()
                .map(part -> CsvFile.withClass(part, HEAD, booked -> row(booked, date)))
                .toList();
    }

    private static List<String> row(BookedLine booked, DateTimeFormatter date) {
        var line = booked.line();
        return List.of(
                line.entry(),
                date.format(line.date()),
                booked.account().name(),
                line.debit(),
                line.credit(),
                booked.text(),
                booked.account().option(ChartFile.CUSTOMER));
    }
}
