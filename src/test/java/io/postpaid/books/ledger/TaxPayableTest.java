package io.postpaid.books.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.payments.settlement.Adjustments;
import io.postpaid.payments.settlement.Freely;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.tax.Taxes;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.intake.Ingestion;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Taxes of an invoice that cancel each other out are two taxes all the same. */
class TaxPayableTest {
    private static final BillingPeriod JUNE = BillingPeriod.parse("2026-06");
    private static final BillingPeriod JULY = BillingPeriod.parse("2026-07");

    @TempDir
    private Path folder;

    @Test
    void taxesThatAddUpToNothingAreBookedByRate() throws IOException {
        try (var application = new TestApplication(folder.resolve("home"), Instant.parse("2026-06-01T08:00:00Z"))) {
            application.get(Taxes.class).importFile(file("taxes.yaml", """
                    rates:
                      - {country: FI, percent: "25.5", name: ALV, effective_from: 2024-09-01}
                      - {country: FI, percent: "24", name: ALV, effective_from: 2026-07-01}
                    """));
            application.get(PriceBooks.class).importFile(file("prices.yaml", """
                    currency: EUR
                    products: {image: {unit: image}}
                    prices: [{product: image, effective_from: 2026-01-01, amount: "0.10"}]
                    """));
            application.get(Accounts.class).importFile(file("accounts.csv", """
                    id,name,email,country,currency,free_credit,payment_method
                    acme,Acme,a@acme.example,FI,EUR,0,
                    """));
            bill(application, JUNE, usage("june", "160", "2026-06-10"));
            bill(application, JULY, usage("july", "170", "2026-07-10") + """
                    {"id":"v","type":"void","voids":"june","account":"acme","occurred_at":"2026-07-11T12:00:00Z"}
                    """);

            var july = application.get(Invoices.class).issued(JULY).getFirst();
            assertThat(july.total()).isEqualByComparingTo("1.00");
            assertThat(july.tax()).isZero();
            assertThat(taxes(application)).containsExactly("24: -4.08");

            application
                    .get(Adjustments.class)
                    .credit(july.issuedNumber(), new BigDecimal("1.00"), "an outage", Freely.GIVEN);
            assertThat(taxes(application)).containsExactly("25.5: -4.08");
        }
    }

    private static String usage(String id, String quantity, String day) {
        return """
                {"id":"%s","account":"acme","product":"image","quantity":"%s","occurred_at":"%sT12:00:00Z"}
                """.formatted(id, quantity, day);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private void bill(TestApplication application, BillingPeriod period, String lines) throws IOException {
        application.moveTo(Instant.parse(period.issuedOn() + "T08:30:00Z"));
        application.get(Ingestion.class).ingest(file(period + ".ndjson", lines), null, _ -> {});
        application.nightly(period.issuedOn());
        application.monthly(period);
    }

    private static List<String> taxes(TestApplication application) {
        return application.get(TrialBalance.class).of(JULY.next()).stream()
                .filter(row -> row.account() == GeneralAccount.TAX_PAYABLE
                        && row.closing().signum() != 0)
                .map(row -> Objects.requireNonNull(row.taxPercent())
                                .stripTrailingZeros()
                                .toPlainString() + ": " + row.closing().toPlainString())
                .toList();
    }
}
