package io.postpaid.cli;

import io.postpaid.billing.document.Documents;
import io.postpaid.billing.document.ElectronicDocuments;
import io.postpaid.billing.document.TopUpFiles;
import io.postpaid.billing.einvoice.Format;
import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceJson;
import io.postpaid.billing.invoicing.InvoiceLine;
import io.postpaid.billing.invoicing.InvoiceTax;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.Settlement;
import io.postpaid.billing.receipt.TopUpDocuments;
import io.postpaid.payments.approval.GiveBack;
import io.postpaid.payments.approval.Outcome;
import io.postpaid.payments.charging.PaymentAttempt;
import io.postpaid.payments.charging.Payments;
import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "invoices", description = "Invoices, their lines and attempts, their PDF files.")
final class InvoiceCommands {
    private static final Fields<Invoice> INVOICES = new Fields<Invoice>()
            .fields(InvoiceJson::of)
            .column("NUMBER", Invoice::issuedNumber)
            .column("ACCOUNT", Invoice::account)
            .column("STATUS", Invoice::status)
            .column("SUBTOTAL", invoice -> money(invoice.subtotal(), invoice))
            .column("CREDITS", invoice -> money(invoice.credits(), invoice))
            .column("TAX", invoice -> money(invoice.tax(), invoice))
            .column("TOTAL", invoice -> money(invoice.total(), invoice))
            .column("DUE", invoice -> money(invoice.amountDue(), invoice) + " " + invoice.currency())
            .column("DUE ON", Invoice::dueOn);

    private static final Fields<PaymentAttempt> ATTEMPTS = new Fields<PaymentAttempt>()
            .both("id", "ATTEMPT", PaymentAttempt::id)
            .both("status", "STATUS", PaymentAttempt::status)
            .both("decline_code", "CODE", PaymentAttempt::declineCode)
            .both("at", "AT", PaymentAttempt::claimedAt)
            .both("stripe_id", "STRIPE", PaymentAttempt::stripeId);

    @Autowired
    private Invoices invoices;

    @Autowired
    private ObjectProvider<Payments> payments;

    @Autowired
    private ObjectProvider<Documents> documents;

    @Autowired
    private ObjectProvider<ElectronicDocuments> electronic;

    @Autowired
    private ObjectProvider<GiveBack> giveBack;

    @Autowired
    private Actor actor;

    @Autowired
    private ObjectProvider<CreditNotes> notes;

    @Autowired
    private ObjectProvider<TopUpDocuments> topUps;

    @Autowired
    private ObjectProvider<TopUpFiles> topUpFiles;

    @Command(name = "list", description = "Lists the invoices of a period.")
    Answer list(
            @Option(names = "--period", required = true, paramLabel = "P", description = "A month such as 2026-10.")
                    BillingPeriod period) {
        return INVOICES.listing(
                each -> invoices.eachIssued(period, each),
                "No invoice is issued for " + period + ": ./postpaid run monthly --period " + period);
    }

    @Command(
            name = "show",
            description =
                    "Shows an invoice with its lines and payment attempts, or the invoice or credit note of a top-up.")
    Answer show(@Parameters(paramLabel = "NUMBER") String number) {
        return topUps.getObject().find(number).map(TopUpText::shown).orElseGet(() -> showInvoice(number));
    }

    private Answer showInvoice(String number) {
        var invoice = get(number);
        var currency = invoice.currency();
        var lines = invoices.lines(invoice.id());
        var taxes = invoices.taxes(invoice.id());
        var taxed = new Fields<InvoiceTax>()
                .column("TAX", InvoiceTax::label)
                .column("REASON", InvoiceTax::reason)
                .column("ON", tax -> money(tax.base(), invoice))
                .column("AMOUNT", tax -> money(tax.tax(), invoice))
                .column("IN ITS COUNTRY", InvoiceCommands::local)
                .column("NOTE", InvoiceTax::note)
                .column("EVIDENCE", InvoiceTax::evidence);
        var attempts = payments.getObject().attempts(invoice.id());
        var settlements = invoices.settlements(invoice.id());
        var settled = new Fields<Settlement>()
                .both("kind", "SETTLED BY", Settlement::kind)
                .both("amount", "AMOUNT", settlement -> money(settlement.amount(), invoice))
                .both("reference", "REFERENCE", Settlement::reference)
                .both("at", "AT", Settlement::at);
        var printed = new Fields<InvoiceLine>()
                .column("PRODUCT", InvoiceLine::product)
                .column("PERIOD", InvoiceLine::usagePeriod)
                .column("QUANTITY", line -> line.quantity().toPlainString())
                .column("UNIT", InvoiceLine::unit)
                .column("PRICE", line -> line.unitPrice().toPlainString() + " / " + line.listedUnit())
                .column("AMOUNT", line -> money(line.amount(), invoice));
        var json = InvoiceJson.of(invoice);
        json.put("open_amount", money(invoices.openAmount(invoice), invoice));
        json.put("lines", InvoiceJson.lines(lines, currency));
        json.put("taxes", InvoiceJson.taxes(taxes, currency));
        json.put("attempts", ATTEMPTS.json(attempts));
        json.put("settlements", settled.json(settlements));
        return Answer.of(json, """
                Invoice %s of %s for %s, tax point %s: %s
                %s
                %s
                subtotal %s, credits %s, tax %s, total %s; carried in %s, carried forward %s, from the account balance %s
                amount due %s %s by %s, open %s
                %s
                %s""".formatted(
                        number,
                        invoice.account(),
                        invoice.period(),
                        invoice.taxPoint(),
                        invoice.status(),
                        printed.table(lines),
                        taxed.table(taxes).orElse("Nothing is taxed"),
                        money(invoice.subtotal(), invoice),
                        money(invoice.credits(), invoice),
                        money(invoice.tax(), invoice),
                        money(invoice.total(), invoice),
                        money(invoice.carriedIn(), invoice),
                        money(invoice.carriedForward(), invoice),
                        money(invoice.fromBalance(), invoice),
                        money(invoice.amountDue(), invoice),
                        currency,
                        invoice.dueOn(),
                        json.get("open_amount"),
                        ATTEMPTS.table(attempts).orElse("No card was charged"),
                        settled.table(settlements).orElse("Nothing is settled")));
    }

    @Sandboxed
    @Command(
            name = "credit",
            description =
                    "Corrects an issued invoice by a credit note; what was paid already goes to the account balance.")
    Answer credit(
            @Parameters(paramLabel = "NUMBER") String number,
            @Parameters(paramLabel = "AMOUNT", description = "With tax, such as 25.00.") BigDecimal amount,
            @Option(names = "--reason", required = true, description = "Printed on the credit note.") String reason) {
        return switch (giveBack.getObject().creditNote(actor, number, amount, reason)) {
            case Outcome.Waits(var approval) -> ApprovalText.waits(approval);
            case Outcome.Done(var note) -> credited(number, note);
        };
    }

    private Answer credited(String number, CreditNote note) {
        var invoice = get(number);
        var balance = money(note.freed(), invoice);
        return Answer.of(
                new Json()
                        .with("number", note.number())
                        .with("invoice", number)
                        .with("amount", money(note.amount(), invoice))
                        .with("tax", money(note.tax(), invoice))
                        .with("currency", invoice.currency())
                        .with("balance", balance)
                        .with("issued_on", note.issuedOn())
                        .with("reason", note.reason())
                        .with("pdf", documents.getObject().pdf(note).place()),
                "Credit note " + note.number() + " takes " + Amounts.text(note.amount(), invoice.currency())
                        + " off invoice " + number + ", which is " + invoice.status()
                        + (note.freed().signum() == 0
                                ? ""
                                : "; " + balance + " of it was paid already and went to the account balance"));
    }

    @Command(
            name = "pdf",
            description = "Tells where the PDF of an invoice or credit note lies; renders it again if it is gone.")
    Answer pdf(@Parameters(paramLabel = "NUMBER") String number) {
        var topUp = topUps.getObject().find(number);
        if (topUp.isPresent())
            return TopUpText.file(number, topUpFiles.getObject().pdf(topUp.get()));
        var note = notes.getObject().find(number);
        var invoice = note.isPresent() ? null : get(number);
        var file = (invoice == null
                        ? documents.getObject().pdf(note.orElseThrow())
                        : documents.getObject().pdf(invoice))
                .place();
        return Answer.of(
                new Json()
                        .with("number", number)
                        .with("file", file)
                        .with("sha256", invoice == null ? null : get(number).pdfSha256()),
                file);
    }

    @Command(
            name = "xml",
            description =
                    "Prints the e-invoice of an invoice or credit note: as its PDF carries it, or as XRechnung or Peppol BIS 3.")
    Answer xml(
            @Parameters(paramLabel = "NUMBER") String number,
            @Option(
                            names = "--format",
                            defaultValue = "cii",
                            description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
                    Format format) {
        var bytes = topUps.getObject()
                .find(number)
                .map(document -> topUpFiles.getObject().xml(document, format))
                .or(() -> notes.getObject()
                        .find(number)
                        .map(note -> electronic.getObject().xml(note, format)))
                .orElseGet(() -> electronic.getObject().xml(get(number), format));
        var xml = new String(bytes, StandardCharsets.UTF_8);
        return Answer.of(
                new Json()
                        .with("number", number)
                        .with("format", format.toString())
                        .with("xml", xml),
                xml);
    }

    private Invoice get(String number) {
        return invoices.find(number)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no invoice '" + number + "': ./postpaid invoices list --period P lists them"));
    }

    private static String local(InvoiceTax tax) {
        var local = tax.local();
        return local == null ? "" : Amounts.text(local.amount(), local.currency());
    }

    private static String money(BigDecimal amount, Invoice invoice) {
        return Amounts.plain(amount, invoice.currency());
    }
}
