package io.postpaid.web.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.AccountStatus;
import io.postpaid.account.Accounts;
import io.postpaid.credit.CreditLedger;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Cards and payments by page: through Stripe's form for a card and the bank's question, and back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PayPagesTest {
    private static final Pattern NEXT = Pattern.compile("content=\"0;url=([^\"]+)\"");
    private static final String GOOD = "4242424242424242";
    private static final String ASKS_ALWAYS = "4000002760003184";
    private static final String ASKS_ONCE = "4000002500003155";
    private static final String POOR = "4000000000009995";

    private TestApplication application;

    @BeforeAll
    void bill(@TempDir Path home) throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-10-01T10:00:00Z"), Map.of());
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products: {image: {unit: image}}
                prices: [{product: image, effective_from: 2026-01-01, amount: "0.02"}]
                """));
        var accounts = new StringBuilder("id,name,email,free_credit,payment_method\n");
        var usage = new StringBuilder();
        for (var account : new String[] {"acme", "bolt", "cyan", "dune", "elm", "fern"}) {
            accounts.append("%1$s,%1$s,%1$s@pay.test,0,%2$s\n"
                    .formatted(account, account.equals("bolt") ? "pm_card_authenticationRequired" : ""));
            usage.append("""
                    {"id":"%1$s","account":"%1$s","product":"image","quantity":"500","occurred_at":"2026-10-03T12:00:00Z"}
                    """.formatted(account));
        }
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), accounts));
        Files.writeString(application.get(Home.class).inbox().resolve("usage.ndjson"), usage);
        night("2026-11-01");
        application.monthly(BillingPeriod.parse("2026-10"));
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private void night(String date) {
        application.moveTo(Instant.parse(date + "T10:00:00Z"));
        application.nightly(LocalDate.parse(date));
    }

    private Browser signedIn(String account) {
        var link = application.get(PortalLinks.class).make(account, Duration.ofHours(1), null);
        var browser = new Browser(application.http(null).port());
        browser.get(path(link.url()));
        assertThat(browser.submit("/billing/sign-in/link", Map.of()).status()).isEqualTo(302);
        return browser;
    }

    private static String path(String url) {
        return url.substring(url.indexOf("/billing"));
    }

    /** The page of another site that a page leads to. */
    private static String next(Browser.Page page) {
        assertThat(page.status()).as(page.text()).isEqualTo(200);
        var next = NEXT.matcher(page.body());
        assertThat(next.find()).as(page.text()).isTrue();
        return next.group(1).replace("&#x3D;", "=").replace("&#61;", "=");
    }

    /** Enters a card at Stripe. @return where Stripe, or the bank, leads to */
    private static String enter(Browser browser, String url, String number) {
        browser.visit(url);
        return browser.visit(url, "number=" + number + "&expiry=12/34&cvc=123").location();
    }

    /** Answers the bank. @return the way back */
    private static String bank(Browser browser, String url, String answer) {
        assertThat(browser.visit(url).text()).contains("Do you confirm");
        return browser.visit(url, "answer=" + answer).location();
    }

    private String invoice(String account) {
        return application
                .jdbc()
                .sql("select number from invoice where account = :account")
                .param("account", account)
                .query(String.class)
                .single();
    }

    private String charges(String account) {
        return application
                .jdbc()
                .sql("""
                        select coalesce(string_agg(p.status, ',' order by p.n), '')
                          from payment_attempt p join invoice i on i.id = p.invoice where i.account = :account""")
                .param("account", account)
                .query(String.class)
                .single();
    }

    @Test
    void aNewCardIsEnteredAtStripeAndPaysWhatIsOpen() {
        var browser = signedIn("acme");
        var home = browser.get("/billing");
        assertThat(home.text()).contains("There is no card on file.");

        var stripe = next(browser.submit("/billing/card", Map.of()));
        assertThat(browser.visit(stripe, "number=1234&expiry=12/34&cvc=1").text())
                .contains("test cards");
        assertThat(browser.visit(stripe, "number=" + GOOD + "&expiry=12/20&cvc=1")
                        .text())
                .contains("in the past");
        var done = browser.get(path(enter(browser, stripe, GOOD)));

        assertThat(done.text()).contains("Visa ending 4242 is charged from now on", "was paid with it");
        assertThat(charges("acme")).isEqualTo("SUCCEEDED");
        assertThat(browser.get("/billing").text()).contains("Visa ending 4242");
        assertThat(browser.visit(stripe).status()).isEqualTo(404);
    }

    @Test
    void aSuspendedCustomerPaysWithTheBanksQuestionAndIsActiveAgain() {
        night("2026-11-02");
        night("2026-11-08");
        assertThat(application.get(Accounts.class).get("bolt").status()).isEqualTo(AccountStatus.SUSPENDED);
        var pay = "/billing/invoices/" + invoice("bolt") + "/pay";
        var browser = signedIn("bolt");
        assertThat(browser.get(pay).text()).contains("USD 10.00", "Your bank may ask you to confirm it.");

        var bank = next(browser.submit(pay, Map.of()));
        assertThat(signedIn("fern").get(pay + "/back").status()).isEqualTo(404);
        for (int n = 0; n < 2; n++) {
            assertThat(browser.get(pay + "/back").text()).contains("Your bank waits for your confirmation.");
        }
        var refused = browser.get(path(bank(browser, bank, "fail")));
        assertThat(refused.status()).isEqualTo(402);
        assertThat(refused.text()).contains("Nothing was charged. Your bank did not confirm the payment.");
        browser.get(pay);
        var thanks = browser.get(path(bank(browser, next(browser.submit(pay, Map.of())), "confirm")));

        assertThat(thanks.text()).contains("Thank you", "is paid");
        assertThat(application.get(Accounts.class).get("bolt").status()).isEqualTo(AccountStatus.ACTIVE);
        assertThat(browser.get(pay).text()).contains("Nothing of this invoice is open.");
        assertThat(charges("bolt")).isEqualTo("NEEDS_CUSTOMER,NEEDS_CUSTOMER,SUCCEEDED");
    }

    @Test
    void aCardThatWasConfirmedWhenItWasEnteredIsChargedWithoutTheCustomer() {
        var browser = signedIn("cyan");
        browser.get("/billing");
        var bank = enter(browser, next(browser.submit("/billing/card", Map.of())), ASKS_ONCE);

        var checkout = bank(browser, bank, "confirm");
        var done = browser.get(path(browser.visit(checkout).location()));

        assertThat(done.text()).contains("was paid with it");
        assertThat(charges("cyan")).isEqualTo("SUCCEEDED");
    }

    @Test
    void aPageOfStripesIsOnlyForItsCustomer() {
        var browser = signedIn("dune");
        browser.get("/billing");
        var back = path(enter(browser, next(browser.submit("/billing/card", Map.of())), POOR));

        assertThat(signedIn("fern").get(back).status()).isEqualTo(404);
        assertThat(application.get(Accounts.class).get("fern").card()).isNull();
        var shown = browser.get(back);
        assertThat(shown.text()).contains("is still open");
        assertThat(browser.get(back).status()).isEqualTo(200);
        assertThat(charges("dune")).isEqualTo("DECLINED_RETRYABLE");
        assertThat(browser.get("/billing/card/done?page=cs_nothing").status()).isEqualTo(404);
    }

    @Test
    void creditIsBoughtWithTheBanksQuestion() {
        var browser = signedIn("elm");
        browser.get("/billing/credit");
        var bank = enter(browser, next(browser.submit("/billing/card", Map.of())), ASKS_ALWAYS);
        browser.get(path(browser.visit(bank(browser, bank, "confirm")).location()));
        browser.get("/billing/credit");
        var refused = browser.get(path(
                bank(browser, next(browser.submit("/billing/credit/top-ups", Map.of("amount", "25"))), "fail")));
        assertThat(refused.text()).contains("Nothing was charged");
        browser.get("/billing/credit");

        var bought = browser.get(path(
                bank(browser, next(browser.submit("/billing/credit/top-ups", Map.of("amount", "25"))), "confirm")));

        assertThat(bought.text()).contains("USD 25.00 was charged and is on your account");
        assertThat(application.get(CreditLedger.class).balance("elm", LocalDate.parse("2026-11-08")))
                .isEqualByComparingTo("25");
    }
}
