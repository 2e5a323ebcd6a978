package io.postpaid.pricing.calculation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.account.Address;
import io.postpaid.platform.money.Rounding;
import io.postpaid.pricing.tax.TaxReason;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What is made of an answer of Stripe. */
class StripeAnswerTest {
    private static final Map<TaxReason, String> NOTES =
            Map.of(TaxReason.REVERSE_CHARGE, "Reverse charge.", TaxReason.EXEMPT, "Certificate 7");

    private static TaxQuestion question(String amount, String currency) {
        return new TaxQuestion(
                "acme",
                currency,
                new Address("1 Main St", "", "Seattle", "WA", "98101", "US"),
                List.of(),
                false,
                LocalDate.parse("2026-10-31"),
                List.of(new TaxQuestion.Item("standard", "txcd_10000000", new BigDecimal(amount))));
    }

    /** @param parts percent, type, taxable amount and reason of each jurisdiction */
    private static String answer(String currency, long amount, long tax, String parts) {
        var breakdown = Arrays.stream(parts.split(","))
                .map(part -> part.strip().split(" "))
                .map(part -> """
                        {"taxability_reason": "%s", "taxable_amount": %s,
                         "tax_rate_details": {"display_name": "Tax", "percentage_decimal": "%s", "tax_type": "%s"}}
                        """.formatted(part[3], part[2], part[0], part[1]))
                .collect(Collectors.joining(","));
        return """
                {"id": "taxcalc_1", "currency": "%s", "line_items": {"data": [
                  {"reference": "standard", "amount": %d, "amount_tax": %d, "tax_breakdown": [%s]}]}}
                """.formatted(currency, amount, tax, breakdown);
    }

    private static StripeAnswer.Part read(TaxQuestion question, String answer, boolean abroad) {
        return Objects.requireNonNull(
                StripeAnswer.read(question, JsonMapper.shared().readTree(answer), NOTES, abroad)
                        .get("standard"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # asked | amount | tax | what each jurisdiction says                                                            | what comes of it
            10.00   | 1000   | 104 | 6.5 sales_tax 1000 standard_rated, 3.85 sales_tax 1000 standard_rated                  | S Sales tax 10.35 = 1.04
            10.00   | 1000   | 89  | 4 sales_tax 1000 standard_rated, 4.5 sales_tax 1000 standard_rated, 0.375 sales_tax 1000 standard_rated | S Sales tax 8.875 = 0.89
            10.00   | 1000   | 66  | 6.25 sales_tax 800 taxable_basis_reduced, 2 sales_tax 800 taxable_basis_reduced        | S Sales tax 6.6 = 0.66
            10.03   | 1003   | 66  | 6.25 sales_tax 802 taxable_basis_reduced, 2 sales_tax 802 taxable_basis_reduced        | S Sales tax 6.6 = 0.66
            10.00   | 1000   | 22  | 6.5 sales_tax 333 proportionally_rated                                                 | S Sales tax 2.1645 = 0.22
            10.00   | 1000   | 150 | 5 gst 1000 standard_rated, 9.975 qst 1000 standard_rated                               | S GST + QST 14.975 = 1.50
            10.00   | 1000   | 65  | 6.5 sales_tax 1000 standard_rated, 3.85 sales_tax 0 not_collecting                     | S Sales tax 6.5 = 0.65
            -10.00  | 1000   | 65  | 6.5 sales_tax 1000 standard_rated                                                      | S Sales tax 6.5 = -0.65
            10.00   | 1000   | 255 | 25.5 vat 1000 standard_rated                                                           | S VAT 25.5 = 2.55
            10.00   | 1000   | 140 | 14 something 1000 reduced_rated                                                        | S Tax 14 = 1.40
            10.00   | 1000   | 0   | 0 vat 0 reverse_charge                                                                 | AE  0 = 0.00 Reverse charge.
            10.00   | 1000   | 0   | 6.5 sales_tax 0 customer_exempt                                                        | E  0 = 0.00 Certificate 7
            10.00   | 1000   | 0   | 7.25 sales_tax 0 product_exempt, 0 sales_tax 0 not_collecting                          | E  0 = 0.00 The product is exempt from tax
            10.00   | 1000   | 0   | 0 vat 0 zero_rated                                                                     | Z  0 = 0.00
            10.00   | 1000   | 0   | 0 vat 0 not_collecting                                                                 | O  0 = 0.00
            10.00   | 1000   | 0   | 0 vat 0 not_subject_to_tax                                                             | O  0 = 0.00
            10.00   | 1000   | 0   | 0 vat 0 a_reason_of_tomorrow                                                           | O  0 = 0.00
            """)
    void jurisdictionsAreOneTax(String asked, long amount, long tax, String parts, String expected) {
        var part = read(question(asked, "USD"), answer("usd", amount, tax, parts), false);
        assertThat((part.tax().reason().code() + " " + part.tax().name() + " "
                                + part.tax().percent().toPlainString() + " = " + part.amount() + " "
                                + part.tax().note())
                        .strip())
                .isEqualTo(expected);
        assertThat(part.tax().evidence()).isEqualTo("taxcalc_1");
    }

    @Test
    void whatBearsNoTaxAbroadIsAnExport() {
        var none = answer("eur", 1000, 0, "0 vat 0 not_collecting");
        assertThat(read(question("10.00", "EUR"), none, true).tax().reason()).isEqualTo(TaxReason.EXPORT);
    }

    @Test
    void amountsAreInTheUnitsOfStripe() {
        assertThat(read(question("1000", "JPY"), answer("jpy", 1000, 100, "10 jct 1000 standard_rated"), false)
                        .amount())
                .isEqualByComparingTo("100");
        // Thousandths of which only tens can be charged.
        assertThat(read(question("10.000", "KWD"), answer("kwd", 10000, 1234, "12.34 vat 10000 standard_rated"), false)
                        .amount())
                .isEqualByComparingTo("1.230");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            usd | 1000 | 65  | 6.5 sales_tax 0 standard_rated     | a tax without a rate
            usd | 1000 | -65 | 6.5 sales_tax 1000 standard_rated  | a tax without a rate
            usd | 999  | 65  | 6.5 sales_tax 999 standard_rated   | other amounts
            eur | 1000 | 65  | 6.5 sales_tax 1000 standard_rated  | another currency
            usd | 1000 | 65  | 6e9999 sales_tax 1000 x            | a rate that is no number
            """)
    void whatCannotBeIsNoAnswer(String currency, long amount, long tax, String parts, String why) {
        assertThatThrownBy(() -> read(question("10.00", "USD"), answer(currency, amount, tax, parts), false))
                .hasMessageContaining(why);
    }

    @Test
    void anotherQuestionsAnswerIsNone() {
        assertThatThrownBy(
                        () -> read(question("10.00", "USD"), "{\"id\": \"taxcalc_1\", \"currency\": \"usd\"}", false))
                .hasMessageContaining("leaves out a line");
        var other = answer("usd", 1000, 65, "6.5 sales_tax 1000 standard_rated").replace("\"standard\"", "\"<b>\"");
        assertThatThrownBy(() -> read(question("10.00", "USD"), other, false)).hasMessageContaining("nobody asked for");
    }

    @Test
    void aQuestionIsKnownByAllOfItsContent() {
        var question = question("10.00", "USD");
        assertThat(question.hash()).isEqualTo(question("10.00", "USD").hash()).matches("[0-9a-f]{64}");
        assertThat(question("10.01", "USD").hash()).isNotEqualTo(question.hash());
        assertThat(question("10.00", "EUR").hash()).isNotEqualTo(question.hash());
    }

    @ParameterizedTest
    @CsvSource({
        "10.00,1.04,10.35,10.35",
        "10.00,1.03,10.35,10.3",
        "0.01,0.00,8.875,8.875",
        "0.05,0.01,8.875,20",
        "-10.00,-1.04,10.35,10.35",
        "1234567.89,127777.78,10.35,10.35",
        "1234567.89,127777.70,10.35,10.349994",
        "0,0,25,25",
        "1.00,0.00,0.6,0.01"
    })
    void thePercentageGivesTheTaxToTheCent(BigDecimal base, BigDecimal tax, BigDecimal nominal, BigDecimal expected) {
        assertThat(StripeAnswer.fitting(base, tax, nominal, "USD")).isEqualByComparingTo(expected);
    }

    /** Whatever Stripe's roundings add up to. */
    @Test
    void aPercentageIsFoundForEachAmount() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var base = BigDecimal.valueOf(1 + random.nextInt(1 << random.nextInt(31)), 2);
            var nominal = BigDecimal.valueOf(1 + random.nextInt(30_000), 3);
            var exact = base.multiply(nominal).movePointLeft(2);
            var tax = Rounding.toMinorUnit(exact.add(BigDecimal.valueOf(random.nextInt(5) - 2, 2)), "USD");
            if (tax.signum() <= 0) continue;
            var percent = StripeAnswer.fitting(base, tax, nominal, "USD");
            assertThat(Rounding.toMinorUnit(base.multiply(percent), BigDecimal.valueOf(100), "USD"))
                    .as("%s of %s", tax, base)
                    .isEqualByComparingTo(tax);
        }
    }
}
