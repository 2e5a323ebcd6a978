package io.postpaid.books.journal;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Currencies;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Lines of a period that are written for one program.
 *
 * @param inBookCurrency whether all lines were translated into the currency of the books
 * @param now when
 */
record Booking(BillingPeriod period, List<BookedLine> lines, boolean inBookCurrency, Chart chart, Instant now) {
    Booking {
        lines = List.copyOf(lines);
    }

    /** Each entry with its lines, in their order. */
    Collection<List<BookedLine>> entries() {
        return lines.stream()
                .collect(
                        Collectors.groupingBy(booked -> booked.line().entry(), LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    /** The currency of all lines, for a program that takes one. */
    String currency(String program) {
        var currencies = new TreeSet<String>();
        for (var booked : lines) currencies.add(booked.line().currency());
        if (currencies.size() > 1) {
            throw new IllegalArgumentException(
                    "%s takes one currency, and the journal of %s has %s: export each to books of its own with --currency %s, or have all months written in one by POSTPAID_BOOK_CURRENCY"
                            .formatted(program, period, String.join(" and ", currencies), currencies.first()));
        }
        return currencies.first();
    }

    /** Whole entries in parts of at most so many lines. */
    List<List<BookedLine>> parts(String program, int most) {
        var parts = new ArrayList<List<BookedLine>>();
        var part = new ArrayList<BookedLine>();
        for (var entry : entries()) {
            var lines = entry.size() > most ? merged(entry) : entry;
            if (lines.size() > most) {
                throw new IllegalArgumentException(
                        "Entry %s has %d lines, and %s takes %d in a file: give several products one account in %s"
                                .formatted(entry.getFirst().line().entry(), lines.size(), program, most, chart.file()));
            }
            if (part.size() + lines.size() > most) {
                parts.add(List.copyOf(part));
                part.clear();
            }
            part.addAll(lines);
        }
        parts.add(List.copyOf(part));
        return parts;
    }

    /** One line for each account of the chart. */
    private static List<BookedLine> merged(List<BookedLine> entry) {
        var sums = new LinkedHashMap<ChartAccount, BigDecimal>();
        for (var booked : entry) sums.merge(booked.account(), booked.line().amount(), BigDecimal::add);
        return sums.entrySet().stream()
                .filter(sum -> sum.getValue().signum() != 0)
                .map(sum -> new BookedLine(
                        entry.getFirst().line().of(sum.getKey().account(), sum.getValue()), sum.getKey()))
                .toList();
    }

    /** @throws IllegalArgumentException if an amount has more decimals, or digits before them, than a program takes */
    void fitInto(String program, int digits, int decimals) {
        for (var booked : lines) {
            var line = booked.line();
            if (Currencies.get(line.currency()).decimals() > decimals
                            && line.amount().stripTrailingZeros().scale() > decimals
                    || line.amount().precision() - line.amount().scale() > digits) {
                throw new IllegalArgumentException(
                        "Entry %s has the amount %s %s, and %s takes %d digits before the decimal point and %d after it: set POSTPAID_BOOK_CURRENCY to another currency before the first month is closed"
                                .formatted(
                                        line.entry(),
                                        line.amount().abs().toPlainString(),
                                        line.currency(),
                                        program,
                                        digits,
                                        decimals));
            }
        }
    }
}
