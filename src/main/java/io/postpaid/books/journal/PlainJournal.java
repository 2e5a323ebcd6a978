package io.postpaid.books.journal;

import java.util.List;

/** The plain journal: one row a line. */
final class PlainJournal {
    private static final List<String> HEAD =
            List.of("entry", "date", "account", "name", "debit", "credit", "currency", "reference", "description");

    private PlainJournal() {}

    static List<ExportFile> files(Booking booking) {
        return List.of(CsvFile.of(booking.lines(), HEAD, booked -> {
            var line = booked.line();
            return List.of(
                    line.entry(),
                    line.date().toString(),
                    CsvFile.text(booked.account().number()),
                    CsvFile.text(booked.account().name()),
                    line.debit(),
                    line.credit(),
                    line.currency(),
                    line.event(),
                    CsvFile.text(booked.text()));
        }));
    }
}
