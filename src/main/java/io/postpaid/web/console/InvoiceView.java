package io.postpaid.web.console;

import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceLine;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.InvoiceTax;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.payments.charging.PaymentAttempt;
import io.postpaid.payments.charging.Payments;
import io.postpaid.platform.money.Amounts;
import io.postpaid.web.portal.Figures;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** An invoice from all sides. */
@Component
@ConditionalOnWebApplication
class InvoiceView {
    private final Invoices invoices;
    private final CreditNotes notes;
    private final Payments payments;

    InvoiceView(Invoices invoices, CreditNotes notes, Payments payments) {
        this.invoices = invoices;
        this.notes = notes;
        this.payments = payments;
    }

    Map<String, @Nullable Object> of(Invoice invoice) {
        var currency = invoice.currency();
        var open = invoice.status() == InvoiceStatus.OPEN ? invoices.openAmount(invoice) : BigDecimal.ZERO;
        var given = notes.givenBack(invoice);
        var view = new HashMap<String, @Nullable Object>();
        view.put("number", invoice.issuedNumber());
        view.put("href", Hrefs.invoice(invoice.issuedNumber()));
        view.put("account", invoice.account());
        view.put("account_href", Hrefs.account(invoice.account()));
        view.put("name", invoice.customer().name());
        view.put("period", invoice.period().toString());
        view.put("status", invoice.status().name().toLowerCase(Locale.ROOT));
        view.put("issued", invoice.issuedOn().toString());
        view.put("due_on", invoice.dueOn().toString());
        view.put("currency", currency);
        view.put("sums", sums(invoice, invoices.taxes(invoice.id())));
        view.put("open", open.signum() == 0 ? null : Amounts.text(open, currency));
        view.put("open_plain", Amounts.plain(open, currency));
        view.put("creditable", Amounts.text(given.creditable(), currency));
        view.put("refundable", Amounts.text(given.refundable(), currency));
        view.put(
                "lines",
                invoices.lines(invoice.id()).stream()
                        .map(line -> line(line, currency))
                        .toList());
        view.put(
                "attempts",
                payments.attempts(invoice.id()).stream()
                        .map(InvoiceView::attempt)
                        .toList());
        view.put(
                "settlements",
                invoices.settlements(invoice.id()).stream()
                        .map(settled -> Map.of(
                                "at", Moments.text(settled.at()),
                                "kind",
                                        settled.kind()
                                                .name()
                                                .toLowerCase(Locale.ROOT)
                                                .replace('_', ' '),
                                "reference", settled.reference(),
                                "amount", Amounts.plain(settled.amount(), currency)))
                        .toList());
        view.put(
                "notes",
                notes.of(invoice.id()).stream()
                        .map(note -> Map.of(
                                "number", note.number(),
                                "on", note.issuedOn().toString(),
                                "reason", note.reason(),
                                "amount", Amounts.plain(note.amount(), currency)))
                        .toList());
        return view;
    }

    private static List<Map<String, String>> sums(Invoice invoice, List<InvoiceTax> taxes) {
        var before = Stream.of(
                sum("Subtotal", invoice.subtotal(), invoice),
                sum("Covered by credit", invoice.credits().negate(), invoice));
        var after = Stream.of(
                sum("Total", invoice.total(), invoice),
                sum("Carried in", invoice.carriedIn(), invoice),
                sum("Carried forward", invoice.carriedForward().negate(), invoice),
                sum("From the account balance", invoice.fromBalance().negate(), invoice),
                sum("To be paid", invoice.amountDue(), invoice));
        return Stream.of(before, taxes.stream().filter(InvoiceTax::printed).map(tax -> tax(tax, invoice)), after)
                .flatMap(sums -> sums)
                .filter(sum -> !Objects.requireNonNull(sum.get("amount")).isEmpty())
                .toList();
    }

    private static Map<String, String> tax(InvoiceTax tax, Invoice invoice) {
        return Map.of(
                "name",
                tax.label() + " on " + Amounts.plain(tax.base(), invoice.currency())
                        + (tax.remark().isEmpty() ? "" : ": " + tax.remark()),
                "amount",
                Amounts.plain(tax.tax(), invoice.currency()));
    }

    private static Map<String, String> sum(String name, BigDecimal amount, Invoice invoice) {
        boolean shown = amount.signum() != 0 || name.equals("Total") || name.equals("To be paid");
        return Map.of("name", name.strip(), "amount", shown ? Amounts.plain(amount, invoice.currency()) : "");
    }

    private static Map<String, ?> line(InvoiceLine line, String currency) {
        return Map.of(
                "product", line.product(),
                "month", line.usagePeriod().toString(),
                "quantity", Figures.quantity(line.quantity()) + " " + line.unit(),
                "price", line.unitPrice().toPlainString() + " / " + line.listedUnit(),
                "amount", Amounts.plain(line.amount(), currency));
    }

    private static Map<String, ?> attempt(PaymentAttempt attempt) {
        return Map.of(
                "id", attempt.id(),
                "at", Moments.text(attempt.claimedAt()),
                "status", attempt.status().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                "class", attempt.status() == PaymentAttempt.Status.SUCCEEDED ? "good" : "bad",
                "code", Objects.requireNonNullElse(attempt.declineCode(), ""),
                "message", Objects.requireNonNullElse(attempt.message(), ""),
                "stripe", Objects.requireNonNullElse(attempt.stripeId(), ""));
    }
}
