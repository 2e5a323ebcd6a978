package io.postpaid.web.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.pricing.exchange.ExchangeRates;
import io.postpaid.pricing.tax.Taxes;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Credit is bought on the page for a price that was shown, and its invoice is there for its account alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TopUpPagesTest {
    private TestApplication application;

    @BeforeAll
    void start(@TempDir Path home) throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-11-04T10:00:00Z"), Map.of());
        application.get(Taxes.class).importFile(Files.writeString(home.resolve("taxes.yaml"), """
                rates:
                  - {country: FI, percent: "25.5", name: VAT, effective_from: 2024-09-01}
                """));
        application.get(ExchangeRates.class).importFile(Files.writeString(home.resolve("rates.csv"), """
                Date,USD
                2026-11-03,1.15
                """));
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,free_credit,payment_method,country
                suomi,Suomi Oy,laskut@suomi.test,0,pm_card_visa,FI
                other,Other,billing@other.test,0,pm_card_visa,FI
                nowhere,Nowhere,billing@nowhere.test,0,pm_card_visa,
                """));
        application.nightly(LocalDate.parse("2026-11-04"));
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private long topUps() {
        return application
                .jdbc()
                .sql("select count(*) from top_up")
                .query(Long.class)
                .single();
    }

    @Test
    void thePriceWithItsTaxIsSeenBeforeItIsCharged() throws IOException {
        var browser = Browser.signedIn(application, "suomi");
        browser.get("/billing/credit");

        var asked = browser.submit("/billing/credit/top-ups", Map.of("amount", "10.00"));

        assertThat(asked.text()).contains("10.00 + 25.5 % VAT 2.55 = 12.55", "Buy for USD 12.55");
        assertThat(topUps()).isZero();
        var forged = browser.submit("/billing/credit/top-ups", Map.of("amount", "10.00", "price", "10.00"));
        assertThat(forged.text()).contains("Buy for USD 12.55");
        assertThat(topUps()).isZero();

        var bought = browser.submit("/billing/credit/top-ups", Map.of("amount", "10.00", "price", "12.55"));

        assertThat(bought.text()).contains("USD 12.55 was charged with tax; USD 10.00 of credit is there");
        var page = browser.get("/billing/credit");
        assertThat(page.text()).contains("TU-2026-000001", "Invoice", "10.00", "2.55", "12.55");
        var pdf = browser.get("/billing/credit/documents/TU-2026-000001/pdf");
        assertThat(pdf.status()).isEqualTo(200);
        assertThat(pdf.body()).startsWith("%PDF-");
        var stranger = Browser.signedIn(application, "other");
        assertThat(stranger.get("/billing/credit").text()).doesNotContain("TU-2026-000001");
        for (var number : new String[] {"TU-2026-000001", "TU-2026-999999", "x'--"}) {
            assertThat(stranger.get("/billing/credit/documents/" + number.replace("'", "%27") + "/pdf")
                            .status())
                    .isEqualTo(404);
        }
        theSameByItsKey();
    }

    private void theSameByItsKey() {
        var keys = application.get(ApiKeys.class);
        var own = application.http(keys.ofAccount("suomi", "").secret());
        var stranger = application.http(keys.ofAccount("other", "").secret());
        assertThat(own.get("/v1/invoices/TU-2026-000001/pdf").text()).startsWith("%PDF-");
        assertThat(own.get("/v1/invoices/TU-2026-000001/xml").text())
                .contains("<ram:GrandTotalAmount>12.55</ram:GrandTotalAmount>", "<ram:DuePayableAmount>0.00<");
        for (var what : new String[] {"pdf", "xml"}) {
            stranger.get("/v1/invoices/TU-2026-000001/" + what).is(404);
        }
    }

    @Test
    void whoseTaxIsNotKnownIsToldInPlainWords() {
        var browser = Browser.signedIn(application, "nowhere");
        browser.get("/billing/credit");

        var refused = browser.submit("/billing/credit/top-ups", Map.of("amount", "10.00"));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("Please write to us").doesNotContain("./postpaid");
        application
                .http(application.get(ApiKeys.class).ofAccount("nowhere", "").secret())
                .post(
                        "/v1/credits/top-ups",
                        "{\"amount\":\"25.00\",\"currency\":\"USD\"}",
                        Map.of("Idempotency-Key", "t1"))
                .is(409, "NOT_BILLABLE");
    }
}
