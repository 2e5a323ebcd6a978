package io.postpaid.billing.einvoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Invoices and credit notes of all shapes are valid in every format in which they can be written: {@code -Dseeds=2000},
 * {@code -Dseed=N} for one of them.
 */
class EInvoiceSeedsTest {
    private static final long SEEDS = 60;

    @Test
    void everyDocumentIsValid(TestReporter reporter) {
        var seed = Long.getLong("seed");
        var seeds = seed == null ? LongStream.range(0, Long.getLong("seeds", SEEDS)) : LongStream.of(seed);
        var refused = new TreeMap<String, List<String>>();
        var written = new TreeMap<String, Integer>();
        seeds.forEach(n -> {
            for (var document : SeededEInvoices.of(n)) {
                for (var format : Format.values()) {
                    if (!format.missing(document).isEmpty()) continue;
                    written.merge((document.creditNote() ? "credit note " : "invoice ") + format, 1, Integer::sum);
                    for (var error : refusals(document, format)) {
                        refused.computeIfAbsent(error, any -> new ArrayList<>())
                                .add("seed " + n + ": " + document.number() + " " + format);
                    }
                }
            }
        });
        assertThat(refused).as("%s", written).isEmpty();
        if (seed == null) assertThat(written).hasSize(2 * Format.values().length);
        reporter.publishEntry(written.toString());
    }

    /** What is tried above, or the rules see nothing of it. */
    @Test
    void theSeedsHaveEveryShape() {
        var all = LongStream.range(0, SEEDS)
                .boxed()
                .flatMap(seed -> SeededEInvoices.of(seed).stream())
                .toList();
        for (var category : List.of("S", "Z", "E", "AE", "G", "O")) {
            has(
                    all,
                    invoice -> invoice.taxes().stream()
                            .anyMatch(tax -> tax.category().code().equals(category)));
        }
        has(all, invoice -> invoice.taxes().size() > 2);
        has(
                all,
                invoice -> invoice.adjustments().stream()
                        .anyMatch(one -> one.amount().signum() > 0));
        has(
                all,
                invoice -> invoice.adjustments().stream()
                        .anyMatch(one -> one.amount().signum() < 0));
        has(all, invoice -> invoice.sums().net().signum() == 0);
        has(all, invoice -> invoice.sums().gross().signum() < 0);
        has(all, invoice -> invoice.sums().due().signum() == 0);
        has(all, invoice -> invoice.sums().paid().signum() > 0);
        has(all, invoice -> invoice.sums().paid().signum() < 0);
        has(
                all,
                invoice ->
                        invoice.lines().stream().anyMatch(line -> line.amount().signum() < 0));
        has(
                all,
                invoice -> invoice.lines().stream()
                        .anyMatch(line -> line.quantity().scale() > 8));
        has(all, invoice -> invoice.period().first().getMonthValue() == 9);
        has(all, invoice -> invoice.seller().vatId().isEmpty());
        has(all, invoice -> invoice.sums().local() != null);
        has(all, invoice -> invoice.number().startsWith("TU-"));
        for (var currency : List.of("EUR", "JPY", "KWD", "XCG")) {
            has(all, invoice -> invoice.currency().equals(currency));
        }
    }

    private static void has(List<EInvoice> all, Predicate<EInvoice> shape) {
        assertThat(all).filteredOn(shape).hasSizeGreaterThan(1);
    }

    private static List<String> refusals(EInvoice document, Format format) {
        try {
            var xml = format.write(document);
            return switch (format) {
                case CII -> EInvoiceValidators.cii(xml);
                case PEPPOL -> EInvoiceValidators.ubl(xml);
                case XRECHNUNG -> EInvoiceValidators.xrechnung(xml);
            };
        } catch (RuntimeException e) {
            return List.of(e.toString());
        }
    }
}
