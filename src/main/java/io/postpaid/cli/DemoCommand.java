package io.postpaid.cli;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.demo.Demo;
import io.postpaid.mail.Outbox;
import io.postpaid.payments.Payments;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.platform.money.Amounts;
import java.time.Instant;
import java.util.List;
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
    private Home home;

    @Autowired
    private Terminal terminal;

    private record Shown(
            String period,
            int accounts,
            List<Billed> invoices,
            List<Told> told,
            String documents,
            String mails,
            String report) {}

    /** A notice, and the file that the mail server made of it. */
    private record Told(String account, Instant at, String notice, String file) {}

    private record Billed(
            String number,
            String account,
            String total,
            String amountDue,
            String status,
            String accountStatus,
            int attempts) {}

    @Override
    public Answer call() {
        var of = java.util.Objects.requireNonNull(period);
        demo.show(of, count, terminal.err()::println);
        var billed = invoices.issued(of).stream().map(this::billed).toList();
        var shown = new Shown(
                of.toString(),
                accounts.list().size(),
                billed,
                told(STORY),
                home.documents().resolve(of.toString()).toString(),
                home.sandbox().resolve("mail").toString(),
                home.reports().resolve(of.toString()).resolve("summary.html").toString());
        return Answer.of(shown, text(shown));
    }

    /** What an account was told, the first notice first. */
    private List<Told> told(String account) {
        return outbox.list(null, account, LISTED_MAX).reversed().stream()
                .map(notice -> new Told(account, notice.queuedAt(), notice.kind(), notice.messageId() + ".eml"))
                .toList();
    }

    private Billed billed(Invoice invoice) {
        return new Billed(
                invoice.issuedNumber(),
                invoice.account(),
                Amounts.plain(invoice.total(), invoice.currency()),
                Amounts.plain(invoice.amountDue(), invoice.currency()),
                invoice.status().name(),
                accounts.get(invoice.account()).status().name(),
                payments.attempts(invoice.id()).size());
    }

    private static String text(Shown shown) {
        var table = new Table("INVOICE", "ACCOUNT", "TOTAL", "DUE", "STATUS", "ATTEMPTS", "ACCOUNT IS");
        // Those with a story of their own come last in the alphabet of ids and first in interest.
        shown.invoices().stream()
                .sorted(java.util.Comparator.comparing(
                                (Billed billed) -> billed.account().matches("demo-[0-9]+"))
                        .thenComparing(Billed::number))
                .limit(LISTED_MAX)
                .forEach(billed -> table.row(
                        billed.number(),
                        billed.account(),
                        billed.total(),
                        billed.amountDue(),
                        billed.status(),
                        billed.attempts(),
                        billed.accountStatus()));
        var mails = new Table("AT", "NOTICE", "E-MAIL");
        shown.told().forEach(told -> mails.row(told.at(), told.notice(), told.file()));
        int more = shown.invoices().size() - LISTED_MAX;
        return """

                %s
                %s
                What %s was told, from the first declined charge to the payment:
                %s

                Invoices as PDF   %s
                E-mails           %s
                Finance report    %s

                Type next:
                  ./postpaid invoices show %s
                  ./postpaid accounts show demo-cobalt
                  ./postpaid mail list --account demo-cobalt
                  ./postpaid reconcile --period %s
                  ./postpaid usage quarantine
                  ./postpaid runs
                  ./postpaid verify""".formatted(
                table,
                more > 0 ? "… and " + more + " more: ./postpaid invoices list --period " + shown.period() + "\n" : "",
                STORY,
                mails,
                shown.documents(),
                shown.mails(),
                shown.report(),
                shown.invoices().getFirst().number(),
                BillingPeriod.parse(shown.period()).issuedOn().toString().substring(0, 7));
    }
}
