package io.postpaid.cli;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.demo.Demo;
import io.postpaid.mail.Outbox;
import io.postpaid.payments.charging.Payments;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.store.DocumentStore;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import io.postpaid.web.portal.PortalLinks;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Sandboxed(always = true)
@Command(
        name = "demo",
        description = "Bills a whole month of sample usage in sandbox mode, from raw records to the finance report.")
final class DemoCommand implements Callable<Answer> {
    /** Of its customers in the US, Stripe's stand-in calculates the tax. What is only looked at leaves no server behind. */
    static final Map<String, Object> SETTINGS =
            Map.of("POSTPAID_TAX", "stripe", "POSTPAID_STRIPE_TAX_COUNTRIES", "US", "postpaid.keep", "PT0S");

    private static final int LISTED_MAX = 20;
    /** Whose card is declined, tried again and replaced at last. */
    private static final String STORY = "demo-cobalt";

    @Option(names = "--accounts", paramLabel = "N", defaultValue = "40", description = "Default: ${DEFAULT-VALUE}.")
    private int count;

    @Option(names = "--period", paramLabel = "P", defaultValue = "2026-10", description = "Default: ${DEFAULT-VALUE}.")
    private @Nullable BillingPeriod period;

    @Autowired
    private Demo demo;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Invoices invoices;

    @Autowired
    private Payments payments;

    @Autowired
    private Outbox outbox;

    @Autowired
    private PortalLinks links;

    @Autowired
    private ApiKeys keys;

    @Autowired
    private Home home;

    @Autowired
    private DocumentStore store;

    @Autowired
    private Terminal terminal;

    private final Fields<Invoice> billed = new Fields<Invoice>()
            .both("number", "INVOICE", Invoice::issuedNumber)
            .both("account", "ACCOUNT", Invoice::account)
            .both("total", "TOTAL", invoice -> Amounts.plain(invoice.total(), invoice.currency()))
            .both("amount_due", "DUE", invoice -> Amounts.plain(invoice.amountDue(), invoice.currency()))
            .both("status", "STATUS", Invoice::status)
            .field("account_status", this::accountStatus)
            .both("attempts", "ATTEMPTS", this::attempts)
            .column("ACCOUNT IS", this::accountStatus);

    /** A notice, and the file that the mail server made of it. */
    private static final Fields<Outbox.Entry> NOTICES = new Fields<Outbox.Entry>()
            .field("account", Outbox.Entry::account)
            .both("at", "AT", Outbox.Entry::queuedAt)
            .both("notice", "NOTICE", Outbox.Entry::kind)
            .both("file", "E-MAIL", notice -> notice.messageId() + ".eml");

    private Object accountStatus(Invoice invoice) {
        return accounts.get(invoice.account()).status();
    }

    private int attempts(Invoice invoice) {
        return payments.attempts(invoice.id()).size();
    }

    @Override
    public Answer call() {
        var of = Objects.requireNonNull(period);
        demo.show(of, count, terminal.err()::println);
        var issued = invoices.issued(of);
        // What the account was told, the first notice first.
        var notices = outbox.list(null, STORY, LISTED_MAX).reversed();
        var documents = store.place(of.toString());
        var mails = home.sandbox().resolve("mail").toString();
        var books = home.reports().resolve(of.toString()).toString();
        var report =
                home.reports().resolve(of.toString()).resolve("summary.html").toString();
        // A newcomer reads first, and opens the page days later.
        var page = links.makeTo(STORY, Duration.ofDays(7), "/billing?month=" + of);
        var key = keys.ofOperator("demo", Role.OPERATOR);
        var console = links.url("/console");
        var json = new Json()
                .with("period", of.toString())
                .with("accounts", accounts.list().size())
                .with("invoices", billed.json(issued))
                .with("told", NOTICES.json(notices))
                .with("documents", documents)
                .with("mails", mails)
                .with("report", report)
                .with("books", books)
                .with("page", page.url())
                .with("console", console)
                .with("console_key", key.secret());
        // Those with a story of their own come last in the alphabet of ids and first in interest.
        var listed = issued.stream()
                .sorted(Comparator.comparing(
                                (Invoice invoice) -> invoice.account().matches("demo-[0-9]+"))
                        .thenComparing(Invoice::issuedNumber))
                .limit(LISTED_MAX)
                .toList();
        int more = issued.size() - LISTED_MAX;
        return Answer.of(json, """

                %s
                %s
                What %s was told, from the first declined charge to the payment:
                %s

                Invoices as PDF   %s
                E-mails           %s
                Finance report    %s
                Closed books      %s
                  workbook        report.xlsx, and month.html to print
                  journals        journal/csv.csv, xero.csv, quickbooks.csv, netsuite.csv, datev.csv
                  rehearsal       %s: every price 10 %% higher, account by account
                Billing page      %s
                                  of %s, once ./postpaid serve runs. The link signs in once, until %s.
                Console           %s
                                  for operators. Sign in with %s

                Type next:
                  ./postpaid serve
                  ./postpaid invoices show %s
                  ./postpaid invoices xml %s
                  ./postpaid accounts show demo-cobalt
                  ./postpaid mail list --account demo-cobalt
                  ./postpaid reconcile --period %s
                  ./postpaid journal list
                  ./postpaid rehearse --period %s
                  ./postpaid usage quarantine
                  ./postpaid runs
                  ./postpaid verify""".formatted(
                        billed.table(listed),
                        more > 0 ? "… and " + more + " more: ./postpaid invoices list --period " + of + "\n" : "",
                        STORY,
                        NOTICES.table(notices),
                        documents,
                        mails,
                        report,
                        books,
                        "rehearsal-" + of + ".csv",
                        page.url(),
                        STORY,
                        page.expiresAt().truncatedTo(ChronoUnit.MINUTES),
                        console,
                        key.secret(),
                        issued.getFirst().issuedNumber(),
                        issued.getFirst().issuedNumber(),
                        of.next(),
                        of));
    }
}
