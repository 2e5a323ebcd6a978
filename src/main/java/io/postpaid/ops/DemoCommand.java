package io.postpaid.ops;

import io.postpaid.account.Accounts;
import io.postpaid.calendar.BillingPeriod;
import io.postpaid.demo.Demo;
import io.postpaid.home.Home;
import io.postpaid.invoicing.Invoice;
import io.postpaid.invoicing.Invoices;
import io.postpaid.money.Amounts;
import io.postpaid.payment.Payments;
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
    private Home home;

    @Autowired
    private Terminal terminal;

    private record Shown(
            String period, int accounts, List<Billed> invoices, String documents, String mails, String report) {}

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
                home.documents().resolve(of.toString()).toString(),
                home.sandbox().resolve("mail").toString(),
                home.reports().resolve(of.toString()).resolve("summary.html").toString());
        return Answer.of(shown, text(shown));
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
        int more = shown.invoices().size() - LISTED_MAX;
        return """

                %s
                %s
                Invoices as PDF   %s
                E-mails           %s
                Finance report    %s

                Type next:
                  ./postpaid invoices show %s
                  ./postpaid accounts show demo-cobalt
                  ./postpaid usage quarantine
                  ./postpaid runs
                  ./postpaid verify""".formatted(
                table,
                more > 0 ? "… and " + more + " more: ./postpaid invoices list --period " + shown.period() + "\n" : "",
                shown.documents(),
                shown.mails(),
                shown.report(),
                shown.invoices().getFirst().number());
    }
}
