package io.postpaid.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postpaid.billing.document.Documents;
import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.payments.Adjustments;
import io.postpaid.payments.PaymentAttempt;
import io.postpaid.payments.Payments;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "invoices", description = "Invoices, their lines and attempts, their PDF files.")
final class InvoiceCommands {
    @Autowired
    private Invoices invoices;

    @Autowired
    private Payments payments;

    @Autowired
    private Documents documents;

    @Autowired
    private Adjustments adjustments;

    @Autowired
    private CreditNotes notes;

    private record Listed(
            String number,
            String account,
            String period,
            String status,
            String currency,
            String subtotal,
            String credits,
            String tax,
            String total,
            String carriedIn,
            String carriedForward,
            String fromBalance,
            String amountDue,
            LocalDate issuedOn,
            LocalDate dueOn,
            @Nullable String pdfSha256) {}

    private record Line(
            String product,
            String quantity,
            String unit,
            String unitPrice,
            String listedUnit,
            String amount,
            String period) {}

    private record Attempt(
            long id,
            String status,
            @Nullable String declineCode,
            Instant at,
            @Nullable String stripeId) {}

    private record Settled(String kind, String amount, String reference, Instant at) {}

    private record Shown(
            @JsonUnwrapped Listed invoice,
            String openAmount,
            List<Line> lines,
            List<Attempt> attempts,
            List<Settled> settlements) {}

    @Command(name = "list", description = "Lists the invoices of a period.")
    Answer list(
            @Option(names = "--period", required = true, paramLabel = "P", description = "A month such as 2026-10.")
                    BillingPeriod period) {
        return Answer.of(new Listing<>(
                each -> invoices.eachIssued(period, each),
                InvoiceCommands::listed,
                List.of("NUMBER", "ACCOUNT", "STATUS", "SUBTOTAL", "CREDITS", "TAX", "TOTAL", "DUE", "DUE ON"),
                invoice -> List.of(
                        invoice.issuedNumber(),
                        invoice.account(),
                        invoice.status(),
                        money(invoice.subtotal(), invoice),
                        money(invoice.credits(), invoice),
                        money(invoice.tax(), invoice),
                        money(invoice.total(), invoice),
                        money(invoice.amountDue(), invoice) + " " + invoice.currency(),
                        invoice.dueOn()),
                "No invoice is issued for " + period + ": ./postpaid run monthly --period " + period));
    }

    private static Listed listed(Invoice invoice) {
        return new Listed(
                invoice.issuedNumber(),
                invoice.account(),
                invoice.period().toString(),
                invoice.status().name(),
                invoice.currency(),
                money(invoice.subtotal(), invoice),
                money(invoice.credits(), invoice),
                money(invoice.tax(), invoice),
                money(invoice.total(), invoice),
                money(invoice.carriedIn(), invoice),
                money(invoice.carriedForward(), invoice),
                money(invoice.fromBalance(), invoice),
                money(invoice.amountDue(), invoice),
                invoice.issuedOn(),
                invoice.dueOn(),
                invoice.pdfSha256());
    }

    @Command(name = "show", description = "Shows an invoice with its lines and payment attempts.")
    Answer show(@Parameters(paramLabel = "NUMBER") String number) {
        var invoice = get(number);
        var lines = invoices.lines(invoice.id()).stream()
                .map(line -> new Line(
                        line.product(),
                        line.quantity().toPlainString(),
                        line.unit(),
                        line.unitPrice().toPlainString(),
                        line.listedUnit(),
                        money(line.amount(), invoice),
                        line.usagePeriod().toString()))
                .toList();
        var attempts = payments.attempts(invoice.id()).stream()
                .map(InvoiceCommands::attempt)
                .toList();
        var settlements = invoices.settlements(invoice.id()).stream()
                .map(settled -> new Settled(
                        settled.kind().name(), money(settled.amount(), invoice), settled.reference(), settled.at()))
                .toList();
        var shown =
                new Shown(listed(invoice), money(invoices.openAmount(invoice), invoice), lines, attempts, settlements);
        return Answer.of(shown, text(shown));
    }

    private static Attempt attempt(PaymentAttempt attempt) {
        return new Attempt(
                attempt.id(), attempt.status().name(), attempt.declineCode(), attempt.claimedAt(), attempt.stripeId());
    }

    private static String text(Shown shown) {
        var lines = new Table("PRODUCT", "PERIOD", "QUANTITY", "UNIT", "PRICE", "AMOUNT");
        shown.lines()
                .forEach(line -> lines.row(
                        line.product(),
                        line.period(),
                        line.quantity(),
                        line.unit(),
                        line.unitPrice() + " / " + line.listedUnit(),
                        line.amount()));
        var attempts = new Table("ATTEMPT", "STATUS", "CODE", "AT", "STRIPE");
        shown.attempts()
                .forEach(attempt -> attempts.row(
                        attempt.id(),
                        attempt.status(),
                        attempt.declineCode() == null ? "" : attempt.declineCode(),
                        attempt.at(),
                        attempt.stripeId() == null ? "" : attempt.stripeId()));
        var settlements = new Table("SETTLED BY", "AMOUNT", "REFERENCE", "AT");
        shown.settlements()
                .forEach(settled ->
                        settlements.row(settled.kind(), settled.amount(), settled.reference(), settled.at()));
        var invoice = shown.invoice();
        return """
                Invoice %s of %s for %s: %s
                %s
                subtotal %s, credits %s, tax %s, total %s; carried in %s, carried forward %s
                amount due %s %s by %s, open %s
                %s
                %s""".formatted(
                        invoice.number(),
                        invoice.account(),
                        invoice.period(),
                        invoice.status(),
                        lines,
                        invoice.subtotal(),
                        invoice.credits(),
                        invoice.tax(),
                        invoice.total(),
                        invoice.carriedIn(),
                        invoice.carriedForward(),
                        invoice.amountDue(),
                        invoice.currency(),
                        invoice.dueOn(),
                        shown.openAmount(),
                        attempts.orElse("No card was charged"),
                        settlements.orElse("Nothing is settled"));
    }

    private record Credited(
            String number,
            String invoice,
            String amount,
            String tax,
            String currency,
            String balance,
            LocalDate issuedOn,
            String reason,
            String pdf) {}

    @Sandboxed
    @Command(
            name = "credit",
            description =
                    "Corrects an issued invoice by a credit note; what was paid already goes to the account balance.")
    Answer credit(
            @Parameters(paramLabel = "NUMBER") String number,
            @Parameters(paramLabel = "AMOUNT", description = "With tax, such as 25.00.") BigDecimal amount,
            @Option(names = "--reason", required = true, description = "Printed on the credit note.") String reason) {
        var note = adjustments.credit(number, amount, reason);
        var invoice = get(number);
        var balance = money(note.freed(), invoice);
        return Answer.of(
                new Credited(
                        note.number(),
                        number,
                        money(note.amount(), invoice),
                        money(note.tax(), invoice),
                        invoice.currency(),
                        balance,
                        note.issuedOn(),
                        note.reason(),
                        documents.pdf(note).toString()),
                "Credit note " + note.number() + " takes " + Amounts.text(note.amount(), invoice.currency())
                        + " off invoice " + number + ", which is " + invoice.status()
                        + (note.freed().signum() == 0
                                ? ""
                                : "; " + balance + " of it was paid already and went to the account balance"));
    }

    private record Pdf(String number, String file, @Nullable String sha256) {}

    @Command(
            name = "pdf",
            description = "Tells where the PDF of an invoice or credit note lies; renders it again if it is gone.")
    Answer pdf(@Parameters(paramLabel = "NUMBER") String number) {
        var note = notes.find(number);
        if (note.isPresent()) {
            var rendered = documents.pdf(note.get()).toString();
            return Answer.of(new Pdf(number, rendered, null), rendered);
        }
        var file = documents.pdf(get(number));
        return Answer.of(new Pdf(number, file.toString(), get(number).pdfSha256()), file.toString());
    }

    private Invoice get(String number) {
        return invoices.find(number)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no invoice '" + number + "': ./postpaid invoices list --period P lists them"));
    }

    private static String money(BigDecimal amount, Invoice invoice) {
        return Amounts.plain(amount, invoice.currency());
    }
}
