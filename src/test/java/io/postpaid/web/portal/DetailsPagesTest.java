package io.postpaid.web.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.billing.document.Documents;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.books.report.Check;
import io.postpaid.books.report.Verification;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a customer changes of what is printed, mailed and signed in with. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DetailsPagesTest {
    private static final Pattern LINK = Pattern.compile("/billing/confirm-email\\?token=([A-Za-z0-9_-]+)");

    private TestApplication application;

    @BeforeAll
    void bill(@TempDir Path home) throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-10-01T10:00:00Z"), Map.of());
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products:
                  image: {unit: image}
                prices:
                  - {product: image, effective_from: 2026-01-01, amount: "0.02"}
                """));
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,country,free_credit,payment_method
                acme,Acme,billing@acme.test,FR,0,pm_card_visa
                bolt,Bolt,billing@bolt.test,US,0,pm_card_visa
                move,Move,old@move.test,US,0,
                many,Many,many@many.test,US,0,
                """));
    }

    @AfterAll
    void stop() {
        application.close();
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

    private List<String> texts(String sql, String account) {
        return application.jdbc().sql(sql).param(account).query(String.class).list();
    }

    private List<String> history(String account) {
        return texts("select event || ': ' || detail from account_event where account = ? order by id", account);
    }

    private static Map<String, String> details(String... more) {
        var typed = new HashMap<>(Map.of(
                "name", "Acme SAS",
                "line1", "1 rue A",
                "line2", "",
                "city", "Paris",
                "state", "",
                "postal_code", "75001",
                "tax_id", "FR12345678901",
                "purchase_order", "PO-7 <x>",
                "billing_emails", "books@acme.test\r\ncfo@acme.test, "));
        for (int i = 0; i < more.length; i += 2) typed.put(more[i], more[i + 1]);
        return typed;
    }

    @Test
    void theNextInvoiceIsPrintedWithThemAndAnIssuedOneStaysAsItIs() throws IOException {
        var first = billed("2026-10", "a1");
        var bytes = application.get(Documents.class).pdf(first).bytes();

        var browser = signedIn("acme");
        assertThat(browser.get("/billing/details").body()).contains("value=\"Acme\"", "France (FR)");
        var saved = browser.submit("/billing/details", details("country", "US", "email", "evil@acme.test"));
        assertThat(saved.status()).isEqualTo(200);
        assertThat(saved.body()).contains("Saved.", "value=\"PO-7 &lt;x&gt;\"", "books@acme.test");
        var account = application.get(Accounts.class).get("acme");
        assertThat(account.address().country()).isEqualTo("FR");
        assertThat(account.email()).isEqualTo("billing@acme.test");
        assertThat(history("acme"))
                .contains(
                        "DETAILS_CHANGED: name \"Acme\" to \"Acme SAS\", address, tax_id \"\" to \"FR12345678901\", purchase_order"
                                + " \"\" to \"PO-7 <x>\", mails also to books@acme.test, cfo@acme.test by customer");
        int events = history("acme").size();
        browser.submit("/billing/details", details());
        assertThat(history("acme")).hasSize(events);

        var second = billed("2026-11", "a2");
        assertThat(second.customer().purchaseOrder()).isEqualTo("PO-7 <x>");
        assertThat(second.customer().name()).isEqualTo("Acme SAS");
        var before = application.get(Invoices.class).find(first.issuedNumber()).orElseThrow();
        assertThat(before.customer()).isEqualTo(first.customer());
        assertThat(before.customer().purchaseOrder()).isEmpty();
        Files.delete(Path.of(application.get(Documents.class).pdf(first).place()));
        assertThat(application.get(Documents.class).pdf(before).bytes()).isEqualTo(bytes);
        assertThat(texts(
                        "select recipient || ' ' || status from notice where account = ? and kind = 'payment-succeeded' order by id",
                        "acme"))
                .containsExactly(
                        "billing@acme.test SENT",
                        "billing@acme.test SENT",
                        "books@acme.test SENT",
                        "cfo@acme.test SENT");
        assertThat(application.get(Verification.class).run()).allMatch(Check::holds);
    }

    private Invoice billed(String month, String record) throws IOException {
        var period = BillingPeriod.parse(month);
        Files.writeString(
                application.get(Home.class).inbox().resolve(record + ".ndjson"), """
                {"id":"%s","account":"acme","product":"image","quantity":"500","occurred_at":"%s-03T12:00:00Z"}
                """.formatted(record, month));
        var day = period.issuedOn();
        application.moveTo(Instant.parse(day + "T10:00:00Z"));
        application.nightly(day);
        application.monthly(period);
        return application.get(Invoices.class).issued(period).getFirst();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            name           | ``                                  | Name: is empty
            name           | aCRLFb                               | Name: contains a line break
            name           | aNULb                                | Name: contains a line break or another control
            city           | aRLOb                                | City: contains a line break or another control
            billing_emails | MANY                                 | Further e-mail addresses: has more than 2000 characters
            city           | LONG                                | City: has more than 500 characters
            purchase_order | LONG                                | Purchase order: has more than 100 characters
            purchase_order | aCRLFb                              | Purchase order: contains a line break
            billing_emails | a@a.testCRLFBcc: b@b.test         | 'Bcc:' is not an e-mail address
            billing_emails | x@a.test, X@a.test                  | 'X@a.test' gets the mails already
            billing_emails | BILLING@bolt.test                   | 'BILLING@bolt.test' gets the mails already
            billing_emails | a@a.io b@a.io c@a.io d@a.io e@a.io f@a.io | Further e-mail addresses: are more than 5 addresses
            """)
    void whatIsWrongIsRefusedAndKeepsWhatWasTyped(String field, String typed, String message) {
        var value = typed.replace("CRLF", "\r\n")
                .replace("NUL", "\0")
                .replace("RLO", "\u202e")
                .replace("LONG", "x".repeat(501))
                .replace("MANY", "a@a.io ".repeat(3_000));
        var browser = signedIn("bolt");
        browser.get("/billing/details");
        var refused = browser.submit("/billing/details", details("line1", "7 Kept St", field, value));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text().replace("&#39;", "'")).contains(message);
        assertThat(refused.body()).contains("value=\"7 Kept St\"");
        assertThat(application.get(Accounts.class).get("bolt").name()).isEqualTo("Bolt");
        assertThat(history("bolt")).noneMatch(event -> event.startsWith("DETAILS_CHANGED"));
    }

    @Test
    void aNewAddressIsConfirmedByItsOwnerAndTheEarlierOneIsNotified() throws Exception {
        var browser = signedIn("move");
        browser.get("/billing/details");
        for (var wrong : List.of("new", "a@b.test\r\nBcc: c@d.test", "old@move.test", "")) {
            browser.get("/billing/details");
            assertThat(browser.submit("/billing/details/email", Map.of("email", wrong))
                            .status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        browser.get("/billing/details");
        assertThat(browser.submit("/billing/details/email", Map.of("email", "new@move.test"))
                        .text())
                .contains("on its way to new@move.test");
        var token = mailed("new@move.test");
        // Whoever gets it may be a stranger, and reads nothing that the customer has written.
        try (var mails = Files.list(application.mails())) {
            assertThat(mails.map(DetailsPagesTest::read).filter(mail -> mail.contains("To: new@move.test")))
                    .isNotEmpty()
                    .allMatch(mail -> mail.contains("Hello new@move.test,"));
        }
        var early = application.get(PortalLinks.class).make("move", Duration.ofHours(1), null);
        assertThat(application
                        .jdbc()
                        .sql("select count(*) from portal_address_change where encode(token_hash, 'escape') = :token")
                        .param("token", token)
                        .query(Long.class)
                        .single())
                .isZero();

        // Whoever has the link needs no session; showing it changes nothing.
        var other = new Browser(application.http(null).port());
        assertThat(other.get("/billing/confirm-email?token=" + token).status()).isEqualTo(200);
        assertThat(application.get(Accounts.class).get("move").email()).isEqualTo("old@move.test");
        assertThat(other.post("/billing/confirm-email", "token=" + token).status())
                .isEqualTo(403);
        other.get("/billing/confirm-email?token=" + token);
        assertThat(other.submit("/billing/confirm-email", Map.of()).text()).contains("new@move.test");
        assertThat(application.get(Accounts.class).get("move").email()).isEqualTo("new@move.test");
        assertThat(other.submit("/billing/confirm-email", Map.of()).status()).isEqualTo(400);
        assertThat(history("move")).containsExactly("EMAIL_CHANGED: 'old@move.test' to 'new@move.test' by customer");
        assertThat(texts("select kind || ' ' || recipient from notice where account = ?", "move"))
                .containsExactly("address-changed old@move.test");

        var late = new Browser(application.http(null).port());
        late.get(path(early.url()));
        assertThat(late.submit("/billing/sign-in/link", Map.of()).location()).endsWith("?used");
    }

    @Test
    void linksAreFewAndOneThatAnotherChangeOvertookIsNoGood() throws Exception {
        var browser = signedIn("many");
        for (int n = 0; n < 5; n++) {
            browser.get("/billing/details");
            assertThat(browser.submit("/billing/details/email", Map.of("email", n + "@many.test"))
                            .status())
                    .isEqualTo(200);
        }
        browser.get("/billing/details");
        assertThat(browser.submit("/billing/details/email", Map.of("email", "6@many.test"))
                        .text())
                .contains("Too many links");
        var first = mailed("0@many.test");
        var second = mailed("1@many.test");
        browser.get("/billing/confirm-email?token=" + second);
        assertThat(browser.submit("/billing/confirm-email", Map.of()).status()).isEqualTo(200);
        browser.get("/billing/confirm-email?token=" + first);
        assertThat(browser.submit("/billing/confirm-email", Map.of()).status()).isEqualTo(400);
        assertThat(application.get(Accounts.class).get("many").email()).isEqualTo("1@many.test");
    }

    /** The mail is sent by a thread of its own, and has its name only once it is whole. */
    private static String read(Path mail) {
        try {
            return Files.isRegularFile(mail) ? Files.readString(mail, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String mailed(String address) throws Exception {
        for (var until = System.nanoTime() + Duration.ofSeconds(30).toNanos(); System.nanoTime() < until; ) {
            try (var mails = Files.list(application.mails())) {
                for (var mail :
                        mails.filter(mail -> mail.toString().endsWith(".eml")).toList()) {
                    var text = Files.readString(mail, StandardCharsets.UTF_8)
                            .replace("=\r\n", "")
                            .replace("=\n", "");
                    var link = LINK.matcher(text.replace("=3D", "="));
                    if (text.contains("To: " + address) && link.find()) return link.group(1);
                }
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no link was mailed to " + address);
    }
}
