package io.postpaid.pricing.tax;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.pricing.vies.Confirmation;
import io.postpaid.pricing.vies.ConfirmedIds;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaxTableTest {
    /** A seller in Sweden that is registered there, in the EU by OSS, in Switzerland not at all, and in one province of Canada. */
    private static final TaxTable TABLE = new TaxTable(
            List.of(
                    rate(1, "SE", "", "standard", "any", "2020-01-01", "25"),
                    rate(2, "FI", "", "standard", "any", "2013-01-01", "24"),
                    rate(3, "FI", "", "standard", "any", "2024-09-01", "25.5"),
                    rate(4, "FI", "", "books", "any", "2024-09-01", "14"),
                    rate(5, "DE", "", "standard", "any", "2021-01-01", "19"),
                    rate(6, "GR", "", "standard", "any", "2021-01-01", "24"),
                    rate(7, "CA", "AB", "standard", "any", "2026-01-01", "5"),
                    rate(8, "CA", "", "standard", "business", "2026-01-01", "0"),
                    rate(9, "NO", "", "standard", "consumer", "2026-01-01", "25")),
            new ReverseCharge(List.of("EU"), "SE556677889901", "Reverse charge."),
            List.of(
                    new Exemption("free", "Certificate 7", LocalDate.parse("2026-10-31")),
                    new Exemption("gone", "Certificate 6", LocalDate.parse("2026-10-30"))),
            "SE");

    private static TaxRate rate(
            long id, String country, String region, String category, String customer, String from, String percent) {
        return new TaxRate(
                id, country, region, category, customer, LocalDate.parse(from), new BigDecimal(percent), "VAT", "");
    }

    @ParameterizedTest(name = "{0} {1} {2} business={3} {4} {5} on {6}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # account | country | region | business | tax id         | category | day        | what comes of it
            acme      | FI      | ``     | no       | ``             | standard | 2026-10-31 | S 25.5 by 3
            acme      | FI      | ``     | ``       | ``             | standard | 2024-09-01 | S 25.5 by 3
            acme      | FI      | ``     | ``       | ``             | standard | 2024-08-31 | S 24 by 2
            acme      | FI      | ``     | ``       | ``             | books    | 2026-10-31 | S 14 by 4
            acme      | FI      | ``     | ``       | ``             | books    | 2024-08-31 | no tax rate of FI fits books for a consumer on 2024-08-31: ./postpaid taxes import a file that has one
            acme      | FI      | ``     | no       | FI20774740     | standard | 2026-10-31 | S 25.5 by 3
            acme      | DE      | ``     | yes      | DE129273398    | standard | 2026-10-31 | AE 0 Reverse charge.
            acme      | DE      | ``     | ``       | DE 129 273 398 | standard | 2026-10-31 | AE 0 Reverse charge.
            acme      | DE      | ``     | yes      | n/a            | standard | 2026-10-31 | S 19 by 5
            acme      | DE      | ``     | yes      | ``             | standard | 2026-10-31 | S 19 by 5
            acme      | DE      | ``     | no       | DE129273398    | standard | 2026-10-31 | S 19 by 5
            acme      | FR      | ``     | yes      | FR40303265045  | standard | 2026-10-31 | AE 0 Reverse charge.
            acme      | FR      | ``     | no       | ``             | standard | 2026-10-31 | no tax rate of FR fits standard for a consumer on 2026-10-31: ./postpaid taxes import a file that has one
            acme      | SE      | ``     | yes      | SE556677889901 | standard | 2026-10-31 | S 25 by 1
            acme      | SE      | ``     | no       | ``             | standard | 2026-10-31 | S 25 by 1
            acme      | GR      | ``     | yes      | EL094259216    | standard | 2026-10-31 | AE 0 Reverse charge.
            acme      | GR      | ``     | no       | ``             | standard | 2026-10-31 | S 24 by 6
            acme      | GB      | ``     | yes      | GB980780684    | standard | 2026-10-31 | G 0
            acme      | GB      | ``     | yes      | XI980780684    | standard | 2026-10-31 | G 0
            acme      | CH      | ``     | yes      | ``             | standard | 2026-10-31 | G 0
            acme      | US      | CA     | no       | ``             | standard | 2026-10-31 | G 0
            acme      | CA      | ab     | no       | ``             | standard | 2026-10-31 | S 5 by 7
            acme      | CA      | ON     | yes      | ``             | standard | 2026-10-31 | Z 0 by 8
            acme      | CA      | ON     | no       | ``             | standard | 2026-10-31 | no tax rate of CA (ON) fits standard for a consumer on 2026-10-31: ./postpaid taxes import a file that has one
            acme      | NO      | ``     | no       | ``             | standard | 2026-10-31 | S 25 by 9
            acme      | ``      | ``     | no       | ``             | standard | 2026-10-31 | its country is not known, and tax follows it: ./postpaid accounts import with a country
            free      | FI      | ``     | no       | ``             | standard | 2026-10-31 | E 0 Certificate 7
            free      | FR      | ``     | no       | ``             | standard | 2026-10-31 | E 0 Certificate 7
            free      | CH      | ``     | no       | ``             | standard | 2026-10-31 | G 0
            free      | FI      | ``     | no       | ``             | standard | 2026-11-30 | S 25.5 by 3
            gone      | FI      | ``     | no       | ``             | standard | 2026-10-31 | S 25.5 by 3
            """)
    void eachCustomerHasOneTax(
            String account,
            String country,
            String region,
            String business,
            String taxId,
            String category,
            LocalDate day,
            String expected) {
        assertThat(said(TABLE.decide(new TaxCustomer(account, country, region, business, taxId), category, day)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"US,O 0", "CH,O 0", "DE,O 0"})
    void whoIsRegisteredNowhereChargesNothing(String country, String expected) {
        var none =
                new TaxTable(List.of(rate(1, "GB", "", "standard", "any", "2020-01-01", "20")), null, List.of(), "US");
        var day = LocalDate.parse("2026-10-31");
        assertThat(said(none.decide(new TaxCustomer("acme", country, "", "no", ""), "standard", day)))
                .isEqualTo(expected);
        assertThat(said(none.decide(new TaxCustomer("acme", "GB", "", "no", ""), "standard", day)))
                .isEqualTo("S 20 by 1");
    }

    /** VIES knows the one of Germany, not that of Finland, and is silent for France. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # country | business | tax id         | what comes of it
            DE        | yes      | DE129273398    | AE 0 Reverse charge. by WAPI7
            DE        | ``       | 129 273 398    | AE 0 Reverse charge. by WAPI7
            DE        | no       | DE129273398    | S 19 by 5
            GR        | yes      | EL094259216    | AE 0 Reverse charge. by WAPI8
            GR        | yes      | 094259216      | AE 0 Reverse charge. by WAPI8
            FI        | ``       | FI20774740     | S 25.5 by 3 by VIES answer 9
            FI        | yes      | FI20774740     | S 25.5 by 3 by VIES answer 9
            IT        | yes      | IT00743110157  | VIES does not know the tax id IT00743110157 (asked on 2026-11-01), and no tax rate of IT fits standard for a business on 2026-10-31: ./postpaid taxes import a file that has one
            SE        | yes      | SE556677889901 | S 25 by 1
            CH        | yes      | CHE100155212   | G 0
            GB        | yes      | XI980780684    | G 0
            FR        | yes      | FR40303265045  | its tax id FR40303265045 is not confirmed: VIES did not answer. It is asked for again every night; without reverse charge the account is billed at once if its tax id is taken off: ./postpaid accounts import
            NL        | yes      | NL002230884B01 | its tax id NL002230884B01 is not confirmed: VIES has not been asked for it. It is asked for again every night; without reverse charge the account is billed at once if its tax id is taken off: ./postpaid accounts import
            """)
    void reverseChargeWantsAConfirmedId(String country, String business, String taxId, String expected) {
        var on = LocalDate.parse("2026-11-01");
        var table = TABLE.with(new ConfirmedIds(
                true,
                Map.of(
                        "DE129273398", new Confirmation.Confirmed("WAPI7"),
                        "EL094259216", new Confirmation.Confirmed("WAPI8"),
                        "FI20774740", new Confirmation.Denied("VIES answer 9", on),
                        "IT00743110157", new Confirmation.Denied("VIES answer 10", on),
                        "FR40303265045", new Confirmation.Unknown("VIES did not answer"))));
        var customer = new TaxCustomer("acme", country, "", business, taxId);
        assertThat(said(table.decide(customer, "standard", LocalDate.parse("2026-10-31"))))
                .isEqualTo(expected);
    }

    private static String said(TaxDecision decision) {
        return switch (decision) {
            case TaxDecision.Held(var _, var why) -> why;
            case TaxDecision.Taxed(var tax) ->
                tax.reason().code() + " " + tax.percent().toPlainString()
                        + (tax.rate() == null ? "" : " by " + tax.rate())
                        + (tax.note().isEmpty() ? "" : " " + tax.note())
                        + (tax.evidence().isEmpty() ? "" : " by " + tax.evidence());
        };
    }
}
