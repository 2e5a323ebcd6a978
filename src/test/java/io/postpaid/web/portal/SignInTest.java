package io.postpaid.web.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.credit.CreditLedger;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What links to sign in lead to, how many are mailed, and how many pages an account may open; behind a proxy that says nothing of itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SignInTest {
    private static final Pattern LINK = Pattern.compile("/billing/sign-in/link\\?token=[A-Za-z0-9_-]+");
    private static final Duration MAILED = Duration.ofSeconds(30);
    private static final int PAGES = 20;

    private TestApplication application;
    private String invoice = "";

    @BeforeAll
    void serve(@TempDir Path home) throws IOException {
        application = TestApplication.serving(
                home,
                Instant.parse("2026-10-01T10:00:00Z"),
                Map.of(
                        "POSTPAID_BASE_URL",
                        "https://pages.seller.test",
                        "POSTPAID_PAGE_RATE",
                        Integer.toString(PAGES)));
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products:
                  image: {unit: image}
                prices:
                  - {product: image, effective_from: 2026-01-01, amount: "0.02"}
                """));
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,free_credit
                alpha,Alpha,agency@many.test,0
                beta,Beta,Agency@Many.test,0
                once,Once,once@acme.test,0
                often,Often,often@acme.test,0
                fast,Fast,fast@acme.test,0
                reader,Reader,reader@acme.test,0
                filer,Filer,filer@acme.test,0
                """));
        application.get(CreditLedger.class).grantAllowances();
        Files.writeString(application.get(Home.class).inbox().resolve("usage.ndjson"), """
                {"id":"1","account":"beta","product":"image","quantity":"500","occurred_at":"2026-10-03T12:00:00Z"}
                """);
        application.moveTo(Instant.parse("2026-11-01T10:00:00Z"));
        application.nightly(LocalDate.parse("2026-11-01"));
        application.monthly(BillingPeriod.parse("2026-10"));
        invoice = application
                .get(Invoices.class)
                .issued(BillingPeriod.parse("2026-10"))
                .getFirst()
                .issuedNumber();
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private Browser browser() {
        return new Browser(application.http(null).port());
    }

    private Browser.Page asked(Browser browser, String address) {
        browser.get("/billing/sign-in");
        return browser.submit("/billing/sign-in", Map.of("email", address));
    }

    /** The links of the first mail to an address. */
    private List<String> mailed(String address) throws IOException {
        for (var until = System.nanoTime() + MAILED.toNanos(); System.nanoTime() < until; Thread.onSpinWait()) {
            try (Stream<Path> mails = Files.list(application.mails())) {
                for (var mail :
                        mails.filter(mail -> mail.toString().endsWith(".eml")).toList()) {
                    var text = Files.readString(mail).replaceAll("=\r?\n", "").replace("=3D", "=");
                    var plain = text.split("Content-Type: text/html")[0];
                    var links = LINK.matcher(plain)
                            .results()
                            .map(MatchResult::group)
                            .toList();
                    if (text.contains("To: " + address) && !links.isEmpty()) return links;
                }
            }
        }
        throw new AssertionError("no link was mailed to " + address);
    }

    private String link(String account, String page) {
        var url = application
                .get(PortalLinks.class)
                .makeTo(account, Duration.ofHours(1), page)
                .url();
        return url.substring(url.indexOf("/billing"));
    }

    @Test
    void cookiesAreForHttpsAloneWhereCustomersComeByIt() {
        var browser = browser();
        var page = browser.get(link("once", "/billing"));
        assertThat(page.header("Set-Cookie")).contains("XSRF-TOKEN=", "Secure");
        assertThat(page.header("Strict-Transport-Security")).contains("max-age");
        var signedIn = browser.submit("/billing/sign-in/link", Map.of());
        assertThat(signedIn.answer().headers().allValues("Set-Cookie"))
                .anySatisfy(cookie -> assertThat(cookie).startsWith("SESSION=").contains("HttpOnly", "SameSite=Lax"))
                .allSatisfy(cookie -> assertThat(cookie).contains("Secure"));
        // The proxy's scheme and host are not known here.
        assertThat(signedIn.location()).isEqualTo("/billing");
        assertThat(browser().get("/billing").location()).isEqualTo("/billing/sign-in");
    }

    @Test
    void aLinkThatIsNoGoodAnyMoreLeadsToThePageAllTheSame() {
        var wanted = "/billing/usage/2026-10-03/records?product=image";
        var link = link("once", wanted);
        var first = browser();
        first.get(link);
        assertThat(first.submit("/billing/sign-in/link", Map.of()).location()).isEqualTo(wanted);

        var second = browser();
        second.get(link);
        var refused = second.submit("/billing/sign-in/link", Map.of()).location();
        assertThat(URLDecoder.decode(refused, StandardCharsets.UTF_8)).isEqualTo("/billing/sign-in?used&to=" + wanted);
        assertThat(second.get(refused).body())
                .contains("used already", "name=\"to\" value=\"" + wanted.replace("=", "&#x3D;"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "https://evil.test"})
    void aLinkThatNeverWasLeadsNowhere(String token) {
        var browser = browser();
        browser.get("/billing/sign-in/link?token=unknown");
        assertThat(browser.submit("/billing/sign-in/link", Map.of("token", token))
                        .location())
                .isEqualTo("/billing/sign-in?used");
    }

    @Test
    void anAddressOfSeveralAccountsGetsALinkForEachInOneMail() throws IOException {
        var browser = browser();
        var wanted = "/billing/invoices/" + invoice;
        browser.get(browser.get(wanted).location());
        assertThat(browser.submit("/billing/sign-in", Map.of("email", "agency@many.test"))
                        .text())
                .contains("on its way");
        var links = mailed("agency@many.test");
        assertThat(links).hasSize(2);

        var alpha = browser();
        alpha.get(links.getFirst());
        // The invoice is the other account's.
        assertThat(alpha.submit("/billing/sign-in/link", Map.of()).location()).isEqualTo("/billing");
        assertThat(alpha.get("/billing").text()).contains("account alpha");
        var beta = browser();
        beta.get(links.getLast());
        assertThat(beta.submit("/billing/sign-in/link", Map.of()).location()).isEqualTo(wanted);
        assertThat(beta.get("/billing").text()).contains("account beta");
    }

    @Test
    void anAccountOpensSoManyPagesAMinuteAndNoMore() {
        var browser = Browser.signedIn(application, "fast");
        Browser.Page page;
        int opened = 0;
        do page = browser.get("/billing/invoices");
        while (page.status() == 200 && ++opened < 10 * PAGES);
        assertThat(page.status()).isEqualTo(429);
        assertThat(opened).isGreaterThanOrEqualTo(PAGES);
        assertThat(page.text()).contains("Try again in " + page.header("Retry-After") + " second", "Usage & Billing");
        assertThat(Integer.parseInt(page.header("Retry-After"))).isBetween(1, 60 / PAGES);
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
        // In another browser it is the same account; its look, the way out and other accounts have no part in it.
        assertThat(Browser.signedIn(application, "fast")
                        .get("/billing/records.csv")
                        .status())
                .isEqualTo(429);
        assertThat(browser().get("/billing/style.css").status()).isEqualTo(200);
        assertThat(Browser.signedIn(application, "once").get("/billing").status())
                .isEqualTo(200);
        assertThat(browser.submit("/billing/sign-out", Map.of()).location()).isEqualTo("/billing/sign-in?out");
    }

    @Test
    void aPageOfRecordsCountsAsSeveral() {
        var browser = Browser.signedIn(application, "reader");
        int opened = 0;
        while (browser.get("/billing/usage/2026-10-03/records").status() == 200) opened++;
        assertThat(opened).isBetween(PAGES / 4, PAGES - 1);
    }

    @Test
    void aFileCountsAsSeveralPages() {
        var browser = Browser.signedIn(application, "filer");
        assertThat(browser.get("/billing/records.csv").status()).isEqualTo(200);
        var second = browser.get("/billing/records.csv");
        var third = browser.get("/billing/records.csv");
        assertThat(List.of(second.status(), third.status())).contains(429);
        assertThat(third.text()).contains("Try again in");
    }

    /** It ends the mailing of links, so it comes last. */
    @Order(Integer.MAX_VALUE)
    @Test
    void fiveMailsAnHourWhateverLinksTheSellersApplicationMakes() throws Exception {
        for (int n = 0; n < 10; n++) link("often", "/billing");
        var browser = browser();
        for (int n = 0; n < SignInMail.MAILS_IN_WINDOW + 3; n++) {
            assertThat(asked(browser, "often@acme.test").body())
                    .isEqualTo(asked(browser, "nobody@acme.test").body());
        }
        application.get(SignInMail.class).close();
        assertThat(application
                        .jdbc()
                        .sql("select count(*) from portal_link where account = 'often' and mailed")
                        .query(Integer.class)
                        .single())
                .isEqualTo(SignInMail.MAILS_IN_WINDOW);
        // Nothing is promised that is not done, and nothing of an address is given away.
        var refused = asked(browser, "often@acme.test");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.text()).contains("no mail was sent");
        assertThat(refused.body()).isEqualTo(asked(browser, "nobody@acme.test").body());
    }
}
