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
import org.junit.jupiter.api.BeforeEach;
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

    private SampleMonths months;
    private Chromium browser;
    private String seenBy = "";

    @BeforeAll
    void open(@TempDir Path home) throws IOException {
        Files.createDirectories(PICTURES);
        months = new SampleMonths(home);
        browser = new Chromium(months.port(), Files.createDirectories(home.resolve("downloads")));
    }

    @AfterAll
    void close() {
        browser.close();
        months.close();
    }

    /** A page as an account sees it; without an account, as a visitor does. */
    record View(String name, String account, String path) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Every page that there is; a new one is entered here, among those of its account. */
    static Stream<View> views() {
        return Stream.of(
                new View("sign-in", "", "/billing/sign-in"),
                new View("sign-in-used", "", "/billing/sign-in?used"),
                new View("link", "", "/billing/sign-in/link?token=unknown"),
                new View("confirm-email", "", "/billing/confirm-email?token=unknown"),
                new View("month", SampleMonths.STEADY, "/billing"),
                new View("month-before", SampleMonths.STEADY, "/billing?month=2026-10"),
                new View("invoices", SampleMonths.STEADY, "/billing/invoices"),
                new View("invoice", SampleMonths.STEADY, "/billing/invoices/{newest}"),
                new View("line", SampleMonths.STEADY, "/billing/invoices/{newest}/lines/1"),
                new View("day", SampleMonths.STEADY, "/billing/usage/2026-11-17"),
                new View("records", SampleMonths.STEADY, "/billing/usage/2026-11-17/records"),
                new View("exceptions", SampleMonths.STEADY, "/billing/usage/exceptions"),
                new View("prices", SampleMonths.STEADY, "/billing/prices"),
                new View("credit", SampleMonths.STEADY, "/billing/credit"),
                new View("limit", SampleMonths.STEADY, "/billing/limit"),
                new View("details", SampleMonths.STEADY, "/billing/details"),
                new View("automatic", SampleMonths.STEADY, "/billing/credit/automatic"),
                new View("nothing-there", SampleMonths.STEADY, "/billing/nothing"),
                new View("pay-nothing", SampleMonths.STEADY, "/billing/invoices/{newest}/pay"),
                new View("month-owing", SampleMonths.OWING, "/billing"),
                new View("invoice-open", SampleMonths.OWING, "/billing/invoices/{newest}"),
                new View("pay", SampleMonths.OWING, "/billing/invoices/{newest}/pay"),
                new View("month-near-limit", SampleMonths.NEAR_LIMIT, "/billing"),
                new View("month-new", SampleMonths.NEWCOMER, "/billing"),
                new View("invoices-new", SampleMonths.NEWCOMER, "/billing/invoices"),
                new View("day-new", SampleMonths.NEWCOMER, "/billing/usage/2026-11-18"),
                new View("exceptions-new", SampleMonths.NEWCOMER, "/billing/usage/exceptions"),
                new View("credit-new", SampleMonths.NEWCOMER, "/billing/credit"));
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("views")
    void everyPageFitsAndHindersNobody(View view) throws IOException {
        if (!seenBy.equals(view.account())) {
            browser.forgetCookies();
            if (!view.account().isEmpty()) signedIn(view.account());
            seenBy = view.account();
        }
        browser.scripts(true);
        browser.open(path(view));
        for (var width : List.of(DESKTOP, PHONE)) {
            for (var dark : List.of(false, true)) {
                browser.look(width, dark);
                var name = view.name() + (width == PHONE ? "-phone" : "-desktop") + (dark ? "-dark" : "");
                browser.photograph(PICTURES.resolve(name + ".png"));
                assertThat(browser.beyondTheEdge()).as(name).isEmpty();
                assertThat(browser.hindrances(dark)).as(name).isEmpty();
            }
        }
    }

    @BeforeEach
    void asCustomersSeeIt() {
        browser.scripts(false);
        browser.look(DESKTOP, false);
    }

    private String path(View view) {
        if (!view.path().contains("{newest}")) return view.path();
        return view.path()
                .replace("{newest}", months.invoices(view.account()).getFirst().issuedNumber());
    }

    private void signedIn(String account) {
        browser.as(account, () -> {
            browser.open(months.link(account));
            browser.press("Sign in to Usage & Billing");
            browser.shows("account " + account);
        });
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
        browser.open(months.mailedLinkToSignIn("billing@harbor.test"));
        browser.press("Sign in to Usage & Billing");
        browser.shows("Harbor Language Tools, Inc.", "Upcoming charge", "of the USD 900.00 limit");
        browser.press("Download CSV");
        assertThat(new String(browser.downloaded("usage-2026-11.csv"), UTF_8))
                .startsWith("day,product,quantity,cost,currency\n2026-11-01,speech-to-text,");
        var number = months.invoices(SampleMonths.STEADY).getFirst().issuedNumber();
        browser.press(number);
        browser.press("PDF");
        assertThat(new String(browser.downloaded(number + ".pdf"), UTF_8)).startsWith("%PDF-");
        browser.press("Sign out");
        browser.shows("You are signed out.");
    }

    @Test
    void aCustomerNearTheLimitAsksForMore() {
        signedIn(SampleMonths.NEAR_LIMIT);
        browser.press("Ask for a higher limit");
        browser.type("New limit, USD", "1,000");
        browser.type("What for?", "We launch in three more countries.");
        browser.press("Ask");
        browser.shows("An amount is needed, such as 250.00", "three more countries");
        browser.type("New limit, USD", "1000");
        browser.press("Ask");
        browser.shows("Your request is on its way");
        var asked = new ArrayList<String>();
        months.application().get(LimitRequests.class).eachOpen(request -> asked.add(request.account()));
        assertThat(asked).containsExactly(SampleMonths.NEAR_LIMIT);
    }

    @Test
    void whatIsToppedUpIsCreditAtOnce() {
        signedIn(SampleMonths.NEAR_LIMIT);
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
        signedIn(SampleMonths.STEADY);
        browser.press("Invoices");
        var invoice = months.invoices(SampleMonths.STEADY).getFirst();
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
        signedIn(SampleMonths.STEADY);
        browser.open(path(new View("", SampleMonths.STEADY, "/billing/invoices/{newest}")));
        browser.press("speech-to-text");
        browser.shows("How the amount comes about", "The days add up to the line");
        browser.press("9 October 2026");
        browser.shows("Records of 9 October 2026", "speech-to-text", "07:00");
    }

    /** The card is entered at Stripe, where it must be confirmed, and so must the payment. */
    @Test
    void aDeclinedCustomerFollowsTheMailPaysWithTheBanksQuestionAndIsActiveAgain() throws IOException {
        assertThat(months.status(SampleMonths.OWING)).isEqualTo(AccountStatus.SUSPENDED);
        browser.forgetCookies();
        var pay = months.mailedLinkToPay("rechnung@quarry.test");
        browser.open(pay);
        browser.type("Billing e-mail address", "rechnung@quarry.test");
        browser.press("Mail me a link");
        browser.shows("Look into your mail");
        browser.open(months.mailedLinkToSignIn("rechnung@quarry.test"));
        browser.press("Sign in to Usage & Billing");
        browser.shows("Pay invoice", "Visa ending 0341");
        assertThat(browser.path()).isEqualTo(pay.replace(Chromium.BASE, ""));

        browser.press("Use another card");
        enterCard("4000002760003184");
        browser.press("Confirm");
        browser.shows("Your card is on file", "Visa ending 3184", "is still open");
        browser.open(pay);
        browser.press("Pay USD "
                + months.invoices(SampleMonths.OWING).getFirst().amountDue().setScale(2));
        browser.press("Confirm");

        browser.shows("Thank you", "is paid");
        assertThat(months.status(SampleMonths.OWING)).isEqualTo(AccountStatus.ACTIVE);
    }

    /** Moves the clock on, so it comes last. */
    @Order(Integer.MAX_VALUE)
    @Test
    void aNewCustomerAddsACardWhenTheCreditIsUsedUpAndIsChargedAtTheMonthsEnd() throws IOException {
        months.used(SampleMonths.NEWCOMER, "voice-cloning", 10, LocalDate.parse("2026-11-18"));
        signedIn(SampleMonths.NEWCOMER);
        browser.shows("PAYMENT_METHOD_REQUIRED");
        browser.press("Add a card");
        browser.submit("Add a card");
        enterCard("4242424242424242");
        browser.shows("Your card is on file", "Visa ending 4242 is charged from now on");

        months.endOfMonth();

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
