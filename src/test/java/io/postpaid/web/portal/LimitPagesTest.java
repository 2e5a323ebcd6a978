package io.postpaid.web.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.books.report.Check;
import io.postpaid.books.report.Verification;
import io.postpaid.gate.access.Access;
import io.postpaid.payments.charging.Payments;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A customer's own cap and alerts, and requests for a higher limit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitPagesTest {
    private TestApplication application;
    private int files;

    @BeforeAll
    void serve(@TempDir Path home) throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-10-01T10:00:00Z"), Map.of());
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products:
                  image: {unit: image}
                prices:
                  - {product: image, effective_from: 2026-01-01, amount: "0.5"}
                """));
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,free_credit,payment_method
                acme,Acme,billing@acme.test,0,pm_card_visa
                bolt,Bolt,billing@bolt.test,0,pm_card_visa
                cargo,Cargo,billing@cargo.test,0,pm_card_visa
                auto,Auto,billing@auto.test,20,
                """));
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private Browser signedIn(String account) {
        var link = application.get(PortalLinks.class).make(account, Duration.ofHours(1), null);
        var browser = new Browser(application.http(null).port());
        browser.get(link.url().substring(link.url().indexOf("/billing")));
        assertThat(browser.submit("/billing/sign-in/link", Map.of()).status()).isEqualTo(302);
        return browser;
    }

    private Browser.Page submit(Browser browser, String action, Map<String, String> typed) {
        browser.get("/billing/limit");
        return browser.submit(action, typed);
    }

    private void used(String account, int images, String day) throws IOException {
        var id = "r" + ++files;
        Files.writeString(
                application.get(Home.class).inbox().resolve(id + ".ndjson"), """
                {"id":"%s","account":"%s","product":"image","quantity":%d,"occurred_at":"%sT01:00:00Z"}
                """.formatted(id, account, images, day));
    }

    private void night(String date) {
        application.moveTo(Instant.parse(date + "T10:00:00Z"));
        application.nightly(LocalDate.parse(date));
    }

    private List<String> texts(String sql, String account) {
        return application.jdbc().sql(sql).param(account).query(String.class).list();
    }

    @Test
    void aCapIsSetKeptByTheGateAndRemoved() {
        var browser = signedIn("bolt");
        assertThat(submit(browser, "/billing/limit/cap", Map.of("cap", "100.01"))
                        .text())
                .contains("A cap is at most the monthly limit");
        for (var wrong : List.of("-1", "1.001", "much", "1e3")) {
            var refused = submit(browser, "/billing/limit/cap", Map.of("cap", wrong));
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            assertThat(refused.body()).contains("value=\"" + wrong + "\"");
        }
        assertThat(submit(browser, "/billing/limit/cap", Map.of("cap", "1")).text())
                .contains("Saved.", "It is USD 1.00 now.");
        assertThat(application.get(Accounts.class).get("bolt").spendingCap()).isEqualByComparingTo("1");

        var gate = application
                .http(application
                        .get(ApiKeys.class)
                        .ofOperator("", Role.SERVICE)
                        .secret())
                .actingFor("bolt");
        var body = "{\"product\":\"image\",\"quantity\":2}";
        var call = gate.post("/v1/authorizations", body, Map.of("Idempotency-Key", "1"))
                .is(201)
                .json();
        gate.post("/v1/authorizations/" + call.at("/id").asString() + "/settle", "{\"quantity\":2}")
                .is(200);
        var refused = gate.post("/v1/authorizations", body, Map.of("Idempotency-Key", "2"))
                .is(402, "MONTHLY_LIMIT_REACHED")
                .json();
        assertThat(refused.at("/error/details/own_cap").asString()).isEqualTo("1.00");
        assertThat(refused.at("/error/details/what_to_do").asString()).contains("own cap");
        assertThat(browser.get("/billing").text()).contains("Your own cap of USD 1.00 is reached.");

        submit(browser, "/billing/limit/cap", Map.of("cap", "0"));
        assertThat(application.get(Accounts.class).get("bolt").spendingCap()).isEqualByComparingTo("0");
        assertThat(submit(browser, "/billing/limit/cap", Map.of("cap", "")).text())
                .contains("There is no cap below the limit now.");
        gate.post("/v1/authorizations", body, Map.of("Idempotency-Key", "2")).is(201);
        assertThat(texts(
                        "select detail from account_event where account = ? and event = 'CAP_SET' order by id", "bolt"))
                .containsExactly("1 USD by customer", "0 USD by customer", "none by customer");
    }

    @Test
    void alertsAreMailedOnceAMonthEach() throws IOException {
        var browser = signedIn("acme");
        for (var wrong : List.of("0%", "101%", "-5", "80 percent", "0", "1.001", "1\n".repeat(11))) {
            assertThat(submit(browser, "/billing/limit/alerts", Map.of("alerts", wrong))
                            .status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(submit(browser, "/billing/limit/alerts", Map.of("alerts", "25%\r\n10 %\r\n2.50\r\n2.5"))
                        .body())
                .contains("10%\n25%\n2.50</textarea>");
        submit(browser, "/billing/limit/cap", Map.of("cap", "20"));
        used("acme", 4, "2026-10-02");
        used("cargo", 100, "2026-10-02");
        night("2026-10-03");
        night("2026-10-03");
        var alerts =
                "select key || ' ' || (view ->> 'threshold') from notice where account = ? and kind = 'spending-alert' order by id";
        assertThat(texts(alerts, "acme")).containsExactly("acme/2026-10/10% 10 percent of your cap of USD 20.00");
        used("acme", 6, "2026-10-04");
        night("2026-10-05");
        used("acme", 40, "2026-10-05");
        night("2026-10-06");
        assertThat(texts(alerts, "acme"))
                .containsExactlyInAnyOrder(
                        "acme/2026-10/10% 10 percent of your cap of USD 20.00",
                        "acme/2026-10/25% 25 percent of your cap of USD 20.00",
                        "acme/2026-10/2.5 USD 2.50",
                        "acme/2026-10/100% 100 percent of your cap of USD 20.00");
        assertThat(texts(alerts, "cargo")).isEmpty();
        assertThat(texts("select kind from notice where account = ? and kind like 'limit-%'", "cargo"))
                .containsExactly("limit-50");
        assertThat(texts("select status from notice where account = ? and kind = 'spending-alert'", "acme"))
                .containsOnly("SENT");
        assertThat(application.get(Verification.class).run()).allMatch(Check::holds);
    }

    @Test
    void theAutomaticTopUpIsOffUntilItIsTurnedOn() {
        var browser = signedIn("auto");
        assertThat(browser.get("/billing/credit/automatic").text()).contains("It is off.");
        var wanted = Map.of("threshold", "5", "amount", "25.00", "most", "100");
        var action = "/billing/credit/automatic";
        assertThat(browser.submit(action, wanted).text()).contains("no card on file");
        application.get(Payments.class).newCard("auto", "pm_card_visa");
        browser.get(action);
        var refused = browser.submit(action, Map.of("threshold", "5", "amount", "25.00", "most", "24.99"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("value=\"24.99\"", "at least the amount of one top-up");
        browser.get(action);
        assertThat(browser.submit(action, Map.of("threshold", "x\r\ny", "amount", "25", "most", "100"))
                        .status())
                .isEqualTo(400);
        browser.get(action);
        assertThat(browser.submit(action, wanted).text()).contains("Saved.", "It is on.", "Visa ending 4242");
        assertThat(browser.submit(action + "/off", Map.of()).text()).contains("It is off.");
        assertThat(texts(
                        "select event from account_event where account = ? and event like 'AUTO%' order by id", "auto"))
                .containsExactly("AUTOMATIC_TOP_UP_ON", "AUTOMATIC_TOP_UP_OFF");
    }

    @Test
    void requestsAreListedWithTheirAnswers() {
        var browser = signedIn("cargo");
        assertThat(browser.get("/billing/limit").text()).contains("Your requests will be listed here.");
        submit(browser, "/billing/limit", Map.of("amount", "250", "reason", "more"));
        assertThat(browser.get("/billing/limit").text()).contains("250.00 open");
        application.get(Access.class).rejectLimit("cargo", "not yet");
        submit(browser, "/billing/limit", Map.of("amount", "200"));
        application.get(Access.class).setLimit("cargo", new BigDecimal("200"), "yes");
        assertThat(browser.get("/billing/limit").text()).containsSubsequence("200.00 approved", "250.00 rejected");
    }
}
