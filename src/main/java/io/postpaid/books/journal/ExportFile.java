package io.postpaid.books.journal;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A file for an accounting program.
 *
 * @param sums by currency: the sum of its debits, which is that of its credits
 */
public record ExportFile(String text, Charset charset, int entries, int lines, SortedMap<String, BigDecimal> sums) {

    static ExportFile of(String text, Charset charset, List<BookedLine> lines) {
        var sums = new TreeMap<String, BigDecimal>();
        for (var booked : lines) {
            sums.merge(booked.line().currency(), booked.line().amount().max(BigDecimal.ZERO), BigDecimal::add);
        }
        long entries =
                lines.stream().map(booked -> booked.line().entry()).distinct().count();
        return new ExportFile(text, charset, (int) entries, lines.size(), sums);
    }

    public byte[] bytes() {
        return text.getBytes(charset);
    }
}
