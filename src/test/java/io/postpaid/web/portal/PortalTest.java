package io.postpaid.web.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.credit.CreditLedger;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The pages, as a browser without scripts uses them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalTest {
    private static final Pattern LINK = Pattern.compile("/billing/sign-in/link\\?token=([A-Za-z0-9_-]+)");

    private static final String BASE = "https://pages.seller.test";

    private TestApplication application;
    private int files;

    @BeforeAll
    void bill(@TempDir Path home) throws IOException {
        application = TestApplication.serving(
                home, Instant.parse("2026-10-01T10:00:00Z"), Map.of("POSTPAID_BASE_URL", BASE + "/"));
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products:
                  audio: {unit: second, listed_per: 60, listed_unit: minute}
                  image: {unit: image}
                prices:
                  - {product: audio, effective_from: 2026-01-01, amount: "0.06", per: 60}
                  - {product: image, effective_from: 2026-01-01, amount: "0.02"}
                """));
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,country,free_credit,payment_method
                acme,<b>Acme</b> & Sons,billing@acme.test,US,2.00,pm_card_visa
                bolt,Bolt,billing@bolt.test,US,0,pm_card_visa
                """));
        application.get(CreditLedger.class).grantAllowances();
        usage("acme", "audio", "10000", "2026-10-03T12:00:00Z");
        usage("bolt", "image", "500", "2026-10-03T12:00:00Z");
        night("2026-11-01");
        application.monthly(BillingPeriod.parse("2026-10"));
        usage("acme", "audio", "1000", "2026-11-02T12:00:00Z");
        usage("acme", "image", "250", "2026-11-03T12:00:00Z");
        night("2026-11-04");
        application.moveTo(Instant.parse("2026-11-04T12:00:00Z"));
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private void usage(String account, String product, String quantity, String at) throws IOException {
        var id = "r" + ++files;
        Files.writeString(application.get(Home.class).inbox().resolve(id + ".ndjson"), """
                {"id":"%s","account":"%s","product":"%s","quantity":"%s","occurred_at":"%s"}
                """.formatted(
                        id, account, product, quantity, at));
    }

    private void night(String date) {
        application.moveTo(Instant.parse(date + "T10:00:00Z"));
        application.nightly(LocalDate.parse(date));
    }

    private Browser browser() {
        return new Browser(application.http(null).port());
    }

    private Browser signedIn(String account) {
        return Browser.signedIn(application, account);
    }

    private static String path(String url) {
        return url.substring(url.indexOf("/billing"));
    }

    @Test
    void aLinkIsMailedAndSignsInOnceByItsButton() throws Exception {
        var browser = browser();
        assertThat(browser.get("/billing").location()).endsWith("/billing/sign-in");
        browser.get("/billing/sign-in");
        var unknown = browser.submit("/billing/sign-in", Map.of("email", "nobody@acme.test"));
        browser.get("/billing/sign-in");
        var known = browser.submit("/billing/sign-in", Map.of("email", "Billing@ACME.test"));
        assertThat(known.body()).isEqualTo(unknown.body()).contains("on its way");

        var token = mailed("billing@acme.test");
        var page = browser.get("/billing/sign-in/link?token=" + token);
        browser.get("/billing/sign-in/link?token=" + token);
        assertThat(page.status()).isEqualTo(200);
        assertThat(browser.submit("/billing/sign-in/link", Map.of()).location()).endsWith("/billing");
        assertThat(browser.get("/billing").body())
                .contains("Usage &amp; Billing", "&lt;b&gt;Acme&lt;/b&gt; &amp; Sons");

        var second = browser();
        second.get("/billing/sign-in/link?token=" + token);
        assertThat(second.submit("/billing/sign-in/link", Map.of()).location()).endsWith("/billing/sign-in?used");
        assertThat(second.get("/billing").status()).isEqualTo(302);

        browser.get("/billing");
        assertThat(browser.submit("/billing/sign-out", Map.of()).location()).endsWith("/billing/sign-in?out");
        assertThat(browser.get("/billing").status()).isEqualTo(302);
    }

    /** The mail is sent by a thread of its own, and has its name only once it is whole. */
    private String mailed(String address) throws Exception {
        for (var until = System.nanoTime() + Duration.ofSeconds(30).toNanos(); System.nanoTime() < until; ) {
            try (Stream<Path> mails = Files.list(application.mails())) {
                for (var mail :
                        mails.filter(mail -> mail.toString().endsWith(".eml")).toList()) {
                    var text = Files.readString(mail, StandardCharsets.UTF_8)
                            .replace("=\r\n", "")
                            .replace("=\n", "");
                    var link = LINK.matcher(text.replace("=3D", "="));
                    if (text.contains(address) && link.find()) return link.group(1);
                }
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no link was mailed to " + address);
    }

    @Test
    void theMonthIsShownAsItWouldBeBilled() {
        var page = signedIn("acme").get("/billing");
        assertThat(page.text())
                .contains(
                        "Usage & Billing",
                        "account acme",
                        "USD 6.00", // 1.00 of audio and 5.00 of images
                        "if the month ended now: usage 6.00",
                        "On 1 December 2026 to Visa ending 4242",
                        "1,000 second",
                        "0.06 / minute",
                        "250 image",
                        "October 2026",
                        "USD 8.00");
        assertThat(page.header("Content-Security-Policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.header("Cache-Control")).contains("no-store");
        assertThat(page.body()).doesNotContain("<script", "style=\"");
        assertThat(page.body()).contains("<a href=\"https://seller.test/app?a&#x3D;1\">");
        assertThat(page.header("Set-Cookie")).doesNotContain("SESSION=;");
    }

    @Test
    void anEarlierMonthAndItsFileAreShown() {
        var browser = signedIn("acme");
        assertThat(browser.get("/billing?month=2026-10").text())
                .contains("Cost per day in October 2026", "10,000 second", "Total, USD 10.00")
                .doesNotContain("Upcoming charge");
        assertThat(browser.get("/billing/usage.csv?month=2026-10").body()).isEqualTo("""
                day,product,quantity,cost,currency
                2026-10-03,audio,10000,10.00,USD
                """);
    }

    @Test
    void anInvoiceIsShownWithItsLinesAndItsDocument() {
        var browser = signedIn("acme");
        var number = number("acme");
        assertThat(browser.get("/billing/invoices").text()).contains(number, "Paid");
        assertThat(browser.get("/billing/invoices/" + number).text())
                .contains("Audio", "10,000 second", "Credit", "-2.00", "Amount due, USD", "8.00", "Card");
        var pdf = browser.get("/billing/invoices/" + number + "/pdf");
        assertThat(pdf.status()).isEqualTo(200);
        assertThat(pdf.body()).startsWith("%PDF-");
    }

    private String number(String account) {
        return application.get(Invoices.class).issued(BillingPeriod.parse("2026-10")).stream()
                .filter(invoice -> invoice.account().equals(account))
                .findFirst()
                .orElseThrow()
                .issuedNumber();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/billing/invoices/{}",
                "/billing/invoices/{}/pdf",
                "/billing/invoices?before={}",
                "/billing/invoices/{}/pay",
                "/billing/invoices/{}/pay/back"
            })
    void whatBelongsToAnotherAccountIsNotThere(String path) {
        var browser = signedIn("acme");
        var foreign = browser.get(path.replace("{}", number("bolt")));
        var missing = browser.get(path.replace("{}", "2026-999999"));
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.text()).isEqualTo(missing.text()).doesNotContain("Bolt");
    }

    /** Every page that takes an id, those that are written later too. */
    @Test
    void everyRouteKnowsOnlyWhatIsTheAccountsOwn() {
        var own = number("acme");
        var foreign = number("bolt");
        var browser = signedIn("acme");
        var asked = new ArrayList<String>();
        application
                .get("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .entrySet()
                .stream()
                .filter(route ->
                        AnnotatedElementUtils.hasAnnotation(route.getValue().getBeanType(), CustomerPages.class))
                .filter(route ->
                        route.getKey().getMethodsCondition().getMethods().contains(RequestMethod.GET))
                .flatMap(route -> route.getKey().getPatternValues().stream())
                .filter(route -> route.contains("{number}"))
                .forEach(route -> {
                    var path = route.replace("{position}", "1");
                    asked.add(route);
                    assertThat(browser.get(path.replace("{number}", own)).status())
                            .as(path)
                            .isEqualTo(200);
                    assertThat(browser.get(path.replace("{number}", foreign)).status())
                            .as(path)
                            .isEqualTo(404);
                });
        assertThat(asked).hasSizeGreaterThan(6);
        browser.get("/billing/invoices/" + own + "/pay");
        var page = browser.get("/billing/credit");
        assertThat(browser.post(
                                "/billing/invoices/" + foreign + "/pay",
                                "card=pm_1&_csrf="
                                        + page.body().replaceFirst("(?s).*name=\"_csrf\" value=\"([^\"]+)\".*", "$1"))
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/billing",
                "/billing/",
                "/billing/invoices",
                "/billing/credit",
                "/billing/limit",
                "/billing/details",
                "/billing/credit/automatic",
                "/billing/usage.csv",
                "/billing/records.csv",
                "/billing/usage/2026-10-03",
                "/billing/usage/2026-10-03/records",
                "/billing/usage/exceptions",
                "/billing/prices",
                "/billing/invoices/2026-000001/lines/1",
                "/billing/invoices/2026-000001/explained.json",
                "/billing/invoices/2026-000001/usage.csv",
                "/billing/invoices/2026-000001",
                "/billing/invoices/2026-000001/pdf",
                "/billing/invoices/2026-000001/xml",
                "/billing/invoices/2026-000001/pay",
                "/billing/card/done?page=cs_1",
                "/billing/anything"
            })
    void nobodySeesAPageUnlessSignedIn(String path) {
        var page = browser().get(path);
        assertThat(page.status()).isEqualTo(302);
        assertThat(page.location().replaceFirst("\\?to=%2Fbilling%2F[A-Za-z0-9%_-]+$", ""))
                .endsWith("/billing/sign-in");
        assertThat(page.header("Set-Cookie")).doesNotContain("SESSION");
    }

    @Test
    void whoeverSignsInByMailComesToThePageThatWasWanted() throws Exception {
        var browser = browser();
        var wanted = "/billing/invoices/" + number("bolt");
        browser.get(path(browser.get(wanted).location()));
        browser.submit("/billing/sign-in", Map.of("email", "billing@bolt.test"));
        // The mail may be read on another machine.
        var second = browser();
        second.get("/billing/sign-in/link?token=" + mailed("billing@bolt.test"));
        assertThat(second.submit("/billing/sign-in/link", Map.of()).location()).endsWith(wanted);
        assertThat(second.get(wanted).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(NoticeKind.class)
    void everyMailLeadsToAPage(NoticeKind kind) {
        var number = number("acme");
        application
                .get(Outbox.class)
                .queue(new Notice(
                        "acme",
                        kind,
                        "a link of " + kind,
                        "billing@acme.test",
                        Map.of("invoice", Map.of("number", number), "page_url", "https://elsewhere.test"),
                        null));
        var url = application
                .jdbc()
                .sql("select view ->> 'page_url' from notice where key = 'a link of ' || :kind")
                .param("kind", kind.name())
                .query(String.class)
                .single();
        assertThat(url).startsWith(BASE + "/billing");
        assertThat(PagePath.of(path(url))).isPresent();
        if (url.contains("invoices")) assertThat(url).contains("/billing/invoices/" + number);
        // Who follows it is asked to sign in, and comes to it then.
        assertThat(browser().get(path(url)).location()).contains("/billing/sign-in");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.test",
                "https://evil.test/billing",
                "/billing@evil.test",
                "/billing/../v1/invoices",
                "/billing//evil.test",
                "/billing/%2e%2e",
                "\\\\evil.test",
                "/billing?month=2026-10&to=//evil.test",
                "/billing\r\nLocation: https://evil.test"
            })
    void noLinkLeadsElsewhere(String page) {
        assertThat(PagePath.of(page)).isEmpty();
        assertThat(browser().get("/billing/sign-in?to=" + encoded(page)).body()).doesNotContain("evil", "name=\"to\"");
    }

    @Test
    void noFormIsTakenFromAnotherSite() {
        var browser = signedIn("acme");
        for (var path : new String[] {
            "/billing/limit",
            "/billing/credit/top-ups",
            "/billing/sign-out",
            "/billing/sign-out/everywhere",
            "/billing/details",
            "/billing/details/email",
            "/billing/limit/cap",
            "/billing/limit/alerts",
            "/billing/credit/automatic",
            "/billing/credit/automatic/off"
        }) {
            assertThat(browser.post(path, "amount=500&key=00000000-0000-0000-0000-000000000000")
                            .status())
                    .isEqualTo(403);
        }
        assertThat(browser.get("/billing").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/billing?month=2026-13",
                "/billing?month=9999-12",
                "/billing/usage.csv?month=2026-1",
                "/billing/records.csv?month=2999-01",
                "/billing/usage/exceptions?month=x"
            })
    void aMonthThatIsNoneIsNotTakenForAnother(String path) {
        assertThat(signedIn("acme").get(path).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/billing?%00=1",
                "/billing?month=%00",
                "/billing?month=2026-13",
                "/billing?month=1&month=2",
                "/billing/invoices?before=%00",
                "/billing/invoices/%00",
                "/billing/invoices/..%2f..%2fetc/pdf",
                "/billing;a=b",
                "/billing/invoices/2026-000001;a",
                "/billing/sign-in?%01=1",
                "/billing/sign-in/link?token=%00"
            })
    void whatNoBrowserSendsIsNoFaultOfOurs(String path) {
        assertThat(signedIn("acme").get(path).status()).isIn(200, 302, 400, 404);
    }

    @Test
    void textThatIsNoneIsRefused() {
        var browser = signedIn("bolt");
        browser.get("/billing/limit");
        assertThat(browser.submit("/billing/limit", Map.of("amount", "500", "reason", "a\0b"))
                        .status())
                .isEqualTo(400);
        browser.get("/billing/sign-in");
        assertThat(browser.submit("/billing/sign-in", Map.of("email", "a\0@b.test"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aHigherLimitIsAskedFor() {
        var browser = signedIn("bolt");
        browser.get("/billing/limit");
        var low = browser.submit("/billing/limit", Map.of("amount", "50", "reason", "<i>growth</i>"));
        assertThat(low.status()).isEqualTo(400);
        assertThat(low.body()).contains("ask for a higher amount", "&lt;i&gt;growth&lt;/i&gt;", "value=\"50\"");
        assertThat(browser.submit("/billing/limit", Map.of("amount", "500", "reason", "growth"))
                        .text())
                .contains("Your request is on its way");
        browser.get("/billing/limit");
        assertThat(browser.submit("/billing/limit", Map.of("amount", "600")).text())
                .contains("still open");
    }

    @Test
    void creditIsBoughtOnceByOneForm() {
        var browser = signedIn("bolt");
        browser.get("/billing/credit");
        assertThat(browser.submit("/billing/credit/top-ups", Map.of("amount", "0.001"))
                        .status())
                .isEqualTo(400);
        browser.get("/billing/credit");
        assertThat(browser.submit("/billing/credit/top-ups", Map.of("amount", "25.00"))
                        .text())
                .contains("USD 25.00 was charged");
        browser.submit("/billing/credit/top-ups", Map.of("amount", "25.00"));
        assertThat(browser.get("/billing/credit").text()).contains("USD 25.00", "top-up");
        assertThat(application.get(CreditLedger.class).balance("bolt", LocalDate.parse("2026-11-04")))
                .isEqualByComparingTo("25.00");
    }

    @Test
    void theSellersApplicationOpensAPage() {
        var keys = application.get(ApiKeys.class);
        var service = application.http(keys.ofOperator("", Role.SERVICE).secret());
        var opened =
                service.post("/v1/portal-sessions", "{\"account\":\"acme\",\"return_url\":\"https://seller.test\"}");
        opened.is(201);
        assertThat(path(opened.json().at("/url").asString())).matches(LINK.pattern());
        assertThat(opened.json().at("/expires_at").asString()).isEqualTo("2026-11-04T12:15:00Z");
        service.post("/v1/portal-sessions", "{\"account\":\"nobody\"}").is(404);
        service.post("/v1/portal-sessions", "{\"account\":\"acme\",\"return_url\":\"javascript:alert(1)\"}")
                .is(400);
        application
                .http(keys.ofAccount("acme", "").secret())
                .post("/v1/portal-sessions", "{\"account\":\"acme\"}")
                .is(403);
    }

    static String form(Map<String, String> values) {
        return values.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .reduce((a, b) -> a + "&" + b)
                .orElse("");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
