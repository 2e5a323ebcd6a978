package io.postpaid.books.journal;

import java.util.List;
import java.util.function.Function;

/** What a journal can be written for. */
public enum JournalFormat {
    /** One row a line, for everything else. */
    CSV(PlainJournal::files),
    XERO(XeroJournal::files),
    QUICKBOOKS(QuickBooksJournal::files),
    NETSUITE(NetSuiteJournal::files),
    DATEV(DatevBatch::files);

    private final Function<Booking, List<ExportFile>> writer;

    JournalFormat(Function<Booking, List<ExportFile>> writer) {
        this.writer = writer;
    }

    List<ExportFile> files(Booking booking) {
        return writer.apply(booking);
    }
}
