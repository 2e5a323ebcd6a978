package io.postpaid.web.portal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.AccountStatus;
import io.postpaid.account.LimitRequests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages in a browser: how they look, and what customers do on them, without any script. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@EnabledIf(value = "io.postpaid.web.portal.Chromium#installed", disabledReason = Chromium.NEEDED)
class PagesInBrowserTest {
    private static final Path PICTURES = Path.of("target/screenshots");
    private static final int DESKTOP = 1160;
    private static final int PHONE = 360;

    private SampleYear year;
    private Chromium browser;
    private Chromium eyes;
    private String seenBy = "";

    @BeforeAll
    void open(@TempDir Path home) throws IOException {
        Files.createDirectories(PICTURES);
        year = new SampleYear(home);
        browser = new Chromium(year.port(), Files.createDirectories(home.resolve("downloads")), false);
        eyes = new Chromium(year.port(), home.resolve("downloads"), true);
    }

    @AfterAll
    void close() {
        eyes.close();
        browser.close();
        year.close();
    }

    /** A page as an account sees it; without an account, as a visitor does. */
    record View(String name, String account, String path) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Every page that there is; a new one is entered here. */
    static Stream<View> views() {
        return Stream.of(
                new View("sign-in", "", "/billing/sign-in"),
                new View("sign-in-used", "", "/billing/sign-in?used"),
                new View("link", "", "/billing/sign-in/link?token=unknown"),
                new View("month", SampleYear.STEADY, "/billing"),
                new View("month-before", SampleYear.STEADY, "/billing?month=2026-10"),
                new View("invoices", SampleYear.STEADY, "/billing/invoices"),
                new View("invoice", SampleYear.STEADY, "/billing/invoices/{newest}"),
                new View("line", SampleYear.STEADY, "/billing/invoices/{newest}/lines/1"),
                new View("day", SampleYear.STEADY, "/billing/usage/2026-11-17"),
                new View("records", SampleYear.STEADY, "/billing/usage/2026-11-17/records"),
                new View("exceptions", SampleYear.STEADY, "/billing/usage/exceptions"),
                new View("prices", SampleYear.STEADY, "/billing/prices"),
                new View("credit", SampleYear.STEADY, "/billing/credit"),
                new View("limit", SampleYear.STEADY, "/billing/limit"),
                new View("details", SampleYear.STEADY, "/billing/details"),
                new View("automatic", SampleYear.STEADY, "/billing/credit/automatic"),
                new View("confirm-email", "", "/billing/confirm-email?token=unknown"),
                new View("nothing-there", SampleYear.STEADY, "/billing/nothing"),
                new View("month-owing", SampleYear.OWING, "/billing"),
                new View("invoice-open", SampleYear.OWING, "/billing/invoices/{newest}"),
                new View("pay", SampleYear.OWING, "/billing/invoices/{newest}/pay"),
                new View("pay-nothing", SampleYear.STEADY, "/billing/invoices/{newest}/pay"),
                new View("month-near-limit", SampleYear.NEAR_LIMIT, "/billing"),
                new View("month-new", SampleYear.NEWCOMER, "/billing"),
                new View("invoices-new", SampleYear.NEWCOMER, "/billing/invoices"),
                new View("day-new", SampleYear.NEWCOMER, "/billing/usage/2026-11-18"),
                new View("exceptions-new", SampleYear.NEWCOMER, "/billing/usage/exceptions"),
                new View("credit-new", SampleYear.NEWCOMER, "/billing/credit"));
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("views")
    void everyPageFitsAndHindersNobody(View view) throws IOException {
        signedIn(eyes, view.account());
        for (var width : List.of(DESKTOP, PHONE)) {
            eyes.open(path(view));
            for (var dark : List.of(false, true)) {
                eyes.look(width, dark);
                eyes.photograph(PICTURES.resolve(
                        view.name() + (width == PHONE ? "-phone" : "-desktop") + (dark ? "-dark.png" : ".png")));
                assertThat(eyes.beyondTheEdge()).isEmpty();
                // What is on a page differs by its width, and its colours by the theme.
                if (dark == (width == DESKTOP)) assertThat(eyes.hindrances()).isEmpty();
            }
        }
    }

    private String path(View view) {
        if (!view.path().contains("{newest}")) return view.path();
        return view.path()
                .replace("{newest}", year.invoices(view.account()).getFirst().issuedNumber());
    }

    private void signedIn(Chromium in, String account) {
        if (in == eyes && seenBy.equals(account)) return;
        in.forgetCookies();
        if (in == eyes) seenBy = account;
        if (account.isEmpty()) return;
        in.open(year.link(account));
        in.press("Sign in to Usage & Billing");
        in.shows("account " + account);
    }

    @Test
    void noScriptRunsInTheStories() {
        browser.open("data:text/html,<title>off</title><script>document.title = 'on'</script>");
        assertThat(browser.title()).isEqualTo("off");
    }

    @Test
    void aNewCustomerSignsInByMailAndTakesTheFilesAlong() throws IOException {
        browser.forgetCookies();
        browser.open("/billing");
        browser.type("Billing e-mail address", "billing@harbor.test");
        browser.press("Mail me a link");
        browser.shows("Look into your mail");
        browser.open(year.mailedLinkToSignIn("billing@harbor.test"));
        browser.press("Sign in to Usage & Billing");
        browser.shows("Harbor Language Tools, Inc.", "Upcoming charge", "of the USD 900.00 limit");
        browser.press("Download CSV");
        assertThat(new String(browser.downloaded("usage-2026-11.csv"), UTF_8))
                .startsWith("day,product,quantity,cost,currency\n2026-11-01,speech-to-text,");
        var number = year.invoices(SampleYear.STEADY).getFirst().issuedNumber();
        browser.press(number);
        browser.press("PDF");
        assertThat(new String(browser.downloaded(number + ".pdf"), UTF_8)).startsWith("%PDF-");
        browser.press("Sign out");
        browser.shows("You are signed out.");
    }

    @Test
    void aCustomerNearTheLimitAsksForMore() {
        signedIn(browser, SampleYear.NEAR_LIMIT);
        browser.press("Ask for a higher limit");
        browser.type("New limit, USD", "1,000");
        browser.type("What for?", "We launch in three more countries.");
        browser.press("Ask");
        browser.shows("An amount is needed, such as 250.00", "three more countries");
        browser.type("New limit, USD", "1000");
        browser.press("Ask");
        browser.shows("Your request is on its way");
        var asked = new ArrayList<String>();
        year.application().get(LimitRequests.class).eachOpen(request -> asked.add(request.account()));
        assertThat(asked).containsExactly(SampleYear.NEAR_LIMIT);
    }

    @Test
    void whatIsToppedUpIsCreditAtOnce() {
        signedIn(browser, SampleYear.NEAR_LIMIT);
        browser.press("Credit");
        browser.shows("There is no credit yet.");
        browser.type("Amount, USD", "40.00");
        browser.press("Buy credit");
        browser.shows("USD 40.00 was charged");
        browser.press("Credit");
        browser.shows("USD 40.00 left.", "top-up");
    }

    @Test
    void anInvoiceIsOpenedAndItsLinesAreItsTotal() {
        signedIn(browser, SampleYear.STEADY);
        browser.press("Invoices");
        var invoice = year.invoices(SampleYear.STEADY).getFirst();
        browser.press(invoice.issuedNumber());
        browser.shows(
                "Usage of October 2026",
                "speech-to-text",
                "voice-cloning",
                "Amount due, USD " + invoice.amountDue().setScale(2).toPlainString());
        browser.press("voice-cloning");
        browser.shows("How the amount comes about", "The days add up to the line");
        browser.press("9 October 2026");
        browser.shows("Records of 9 October 2026", "only voice-cloning", "Billable");
    }

    @Test
    void anInvoiceLineIsOpenedDownToItsRecords() {
        signedIn(browser, SampleYear.STEADY);
        browser.open(path(new View("", SampleYear.STEADY, "/billing/invoices/{newest}")));
        browser.press("speech-to-text");
        browser.shows("How the amount comes about", "The days add up to the line");
        browser.press("9 October 2026");
        browser.shows("Records of 9 October 2026", "speech-to-text", "07:00");
    }

    /** The card is entered at Stripe, where it must be confirmed, and so must the payment. */
    @Test
    void aDeclinedCustomerFollowsTheMailPaysWithTheBanksQuestionAndIsActiveAgain() throws IOException {
        assertThat(year.status(SampleYear.OWING)).isEqualTo(AccountStatus.SUSPENDED);
        browser.forgetCookies();
        var pay = year.mailedLinkToPay("rechnung@quarry.test");
        browser.open(pay);
        browser.type("Billing e-mail address", "rechnung@quarry.test");
        browser.press("Mail me a link");
        browser.shows("Look into your mail");
        browser.open(year.mailedLinkToSignIn("rechnung@quarry.test"));
        browser.press("Sign in to Usage & Billing");
        browser.shows("Pay invoice", "Visa ending 0341");
        assertThat(browser.path()).isEqualTo(pay.replace(Chromium.BASE, ""));

        browser.press("Use another card");
        enterCard("4000002760003184");
        browser.press("Confirm");
        browser.shows("Your card is on file", "Visa ending 3184", "is still open");
        browser.open(pay);
        browser.press("Pay USD 99.09");
        browser.press("Confirm");

        browser.shows("Thank you", "is paid");
        assertThat(year.status(SampleYear.OWING)).isEqualTo(AccountStatus.ACTIVE);
    }

    /** Moves the clock on, so it comes last. */
    @Order(Integer.MAX_VALUE)
    @Test
    void aNewCustomerAddsACardWhenTheCreditIsUsedUpAndIsChargedAtTheMonthsEnd() throws IOException {
        year.used(SampleYear.NEWCOMER, "voice-cloning", 10, LocalDate.parse("2026-11-18"));
        signedIn(browser, SampleYear.NEWCOMER);
        browser.shows("PAYMENT_METHOD_REQUIRED");
        browser.press("Add a card");
        browser.submit("Add a card");
        enterCard("4242424242424242");
        browser.shows("Your card is on file", "Visa ending 4242 is charged from now on");

        year.endOfMonth();

        browser.open("/billing/invoices");
        browser.shows("November 2026", "USD 7.50", "Paid");
    }

    private void enterCard(String number) {
        browser.type("Card number", number);
        browser.type("Expiry, MM/YY", "12/34");
        browser.type("Security code", "123");
        browser.press("Save card");
    }
}
