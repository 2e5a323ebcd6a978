package io.postpaid.billing.invoicing;

import static java.math.BigDecimal.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.pricing.tax.Tax;
import io.postpaid.pricing.tax.TaxReason;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaxingTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # lines by percent     | credits | base + tax of each
            25.5: 10.01            | 0       | 10.01 + 2.55
            25.5: 10.01; 14: 20.02 | 0       | 10.01 + 2.55; 20.02 + 2.80
            25.5: 10.00; 14: 20.00 | 10.00   | 6.67 + 1.70; 13.33 + 1.87
            25.5: 10.00; 14: 20.00 | 30.00   | 0.00 + 0.00; 0.00 + 0.00
            25.5: 30.00; 14: -3.00 | 10.00   | 20.00 + 5.10; -3.00 + -0.42
            25.5: 30.00; 14: -3.00 | -1.00   | 30.00 + 7.65; -2.00 + -0.28
            25.5: 0.00             | -1.00   | 1.00 + 0.26
            """)
    void eachTaxIsOnItsLinesLessTheirCredit(String lines, BigDecimal credits, String expected) {
        var amounts = new LinkedHashMap<Tax, BigDecimal>();
        for (var line : lines.split("; ")) amounts.put(tax(line.split(": ")[0]), new BigDecimal(line.split(": ")[1]));
        var taxes = Taxing.of(amounts, credits, "EUR");
        assertThat(taxes.stream()
                        .map(tax -> tax.base().setScale(2) + " + " + tax.tax().setScale(2))
                        .collect(Collectors.joining("; ")))
                .isEqualTo(expected);
    }

    /** Whatever the notes and their order: their parts are what each note is, and of all of it the invoice's own taxes. */
    @Test
    void creditNotesReturnEachTaxToTheCent() {
        for (long seed = 0; seed < 1_000; seed++) {
            var random = new Random(seed);
            var amounts = new LinkedHashMap<Tax, BigDecimal>();
            for (var percent : List.of("25.5", "14", "0", "7.7").subList(0, 1 + random.nextInt(4))) {
                amounts.put(tax(percent), cents(random.nextInt(100_000)));
            }
            var all = Taxing.sum(List.copyOf(amounts.values()), amount -> amount);
            var taxes =
                    Taxing.of(amounts, cents(random.nextInt(all.unscaledValue().intValue() + 1)), "EUR");
            var total = Taxing.sum(taxes, InvoiceTax::gross);
            var carried = cents(random.nextInt(50));
            var credited = ZERO;
            var before = new HashMap<Integer, InvoiceTax>();
            while (credited.compareTo(total.add(carried)) < 0) {
                var note =
                        cents(1 + random.nextInt(20_000)).min(total.add(carried).subtract(credited));
                credited = credited.add(note);
                var returned = Taxing.returned(taxes, total, credited, before, "EUR");
                assertThat(Taxing.sum(returned, InvoiceTax::gross))
                        .as("note of seed %s", seed)
                        .isEqualByComparingTo(credited.min(total)
                                .subtract(credited.subtract(note).min(total)));
                returned.forEach(tax -> before.merge(
                        tax.position(),
                        tax,
                        (a, b) -> a.of(a.base().add(b.base()), a.tax().add(b.tax()))));
            }
            for (var tax : taxes) {
                var back = before.getOrDefault(tax.position(), tax.of(ZERO, ZERO));
                assertThat(back.base()).as("base of seed %s", seed).isEqualByComparingTo(tax.base());
                assertThat(back.tax()).as("tax of seed %s", seed).isEqualByComparingTo(tax.tax());
            }
        }
    }

    private static BigDecimal cents(int amount) {
        return BigDecimal.valueOf(amount, 2);
    }

    private static Tax tax(String percent) {
        var number = new BigDecimal(percent);
        var reason = number.signum() == 0 ? TaxReason.ZERO_RATED : TaxReason.STANDARD;
        return new Tax(reason, null, "VAT", number, "");
    }
}
