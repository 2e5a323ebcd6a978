package io.postpaid.billing.einvoice;

import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import io.postpaid.account.TaxIds;
import io.postpaid.billing.einvoice.EInvoice.Adjustment;
import io.postpaid.billing.einvoice.EInvoice.Corrected;
import io.postpaid.billing.einvoice.EInvoice.Days;
import io.postpaid.billing.einvoice.EInvoice.Line;
import io.postpaid.billing.einvoice.EInvoice.Payment;
import io.postpaid.billing.einvoice.EInvoice.Sums;
import io.postpaid.billing.invoicing.BilledTo;
import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceLine;
import io.postpaid.billing.invoicing.InvoiceTax;
import io.postpaid.billing.invoicing.PaymentReference;
import io.postpaid.billing.receipt.TopUpDocument;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.template.Seller;
import io.postpaid.platform.template.TemplateFiles;
import io.postpaid.pricing.pricebook.Price;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Says invoices and credit notes in the terms of EN 16931: pure functions of what stands in the books. */
@Component
public class EInvoices {
    private static final Pattern CARD = Pattern.compile("(.*) ending ([0-9]{4})");

    private static final BigDecimal CENT = new BigDecimal("0.01");
    private static final String TRANSFER = "30";
    private static final String CARD_PAYMENT = "48";
    private static final String ONLINE = "68";
    private static final String NOT_DEFINED = "1";

    private final Seller seller;
    private final ElectronicSeller electronic;
    private final Parties parties;

    EInvoices(Seller seller, TemplateFiles templates) {
        this.seller = seller;
        this.electronic = templates.yaml("e-invoice.yaml", ElectronicSeller.class);
        electronic.check(seller.address());
        this.parties = new Parties(seller, electronic);
    }

    /**
     * A line with what the paper says of it.
     *
     * @param price of its tier, for {@code per} units
     */
    public record Printed(InvoiceLine line, String name, String note, Price price) {}

    /**
     * What else the paper says.
     *
     * @param credit what the credit that covers a part of the lines is called
     * @param notes amounts that are carried over, in words
     * @param terms how it is paid
     */
    public record Words(String credit, List<String> notes, String terms) {}

    public EInvoice of(Invoice invoice, List<Printed> lines, List<InvoiceTax> taxes, Words words) {
        var categories = new Categories(taxes, hasVatId());
        var period = period(invoice, lines);
        var customer = invoice.customer();
        return new EInvoice(
                false,
                invoice.issuedNumber(),
                invoice.issuedOn(),
                invoice.amountDue().signum() > 0 ? invoice.dueOn() : null,
                categories.outside() || invoice.taxPoint().equals(invoice.issuedOn()) ? null : invoice.taxPoint(),
                invoice.currency(),
                reference(customer, invoice.account()),
                customer.purchaseOrder(),
                null,
                period,
                words.notes(),
                parties.seller(categories),
                Parties.buyer(customer, categories),
                payment(invoice, words.terms()),
                lines.isEmpty()
                        ? List.of(nothing(words.credit(), period, categories))
                        : lines.stream().map(line -> line(line, categories)).toList(),
                adjustments(lines, taxes, categories, words.credit()),
                categories.taxes(),
                new Sums(
                        invoice.subtotal(),
                        invoice.subtotal().subtract(invoice.credits()),
                        invoice.tax(),
                        invoice.total(),
                        invoice.total().subtract(invoice.amountDue()),
                        invoice.amountDue(),
                        categories.local()));
    }

    /** @param returned what it returns of each tax of the invoice */
    public EInvoice of(CreditNote note, List<InvoiceTax> returned, Invoice invoice, String terms) {
        // Of what was carried into the invoice it returns no tax.
        var categories = new Categories(returned.isEmpty() ? List.of(untaxed(note)) : returned, hasVatId());
        var month = days(invoice.period());
        var net = sum(returned.stream().map(InvoiceTax::base).toList());
        var gross = net.add(note.tax());
        return new EInvoice(
                true,
                note.number(),
                note.issuedOn(),
                null,
                null,
                invoice.currency(),
                reference(invoice.customer(), invoice.account()),
                invoice.customer().purchaseOrder(),
                new Corrected(invoice.issuedNumber(), invoice.issuedOn()),
                month,
                List.of(),
                parties.seller(categories),
                Parties.buyer(invoice.customer(), categories),
                new Payment(NOT_DEFINED, terms, note.number(), "", "", "", ""),
                categories.rows().stream()
                        .map(tax -> whole(note.reason(), "", tax.base(), month, categories.of(tax)))
                        .toList(),
                List.of(),
                categories.taxes(),
                // What was carried into the invoice bears its tax where it came from.
                new Sums(
                        net, net, note.tax(), gross, gross.subtract(note.amount()), note.amount(), categories.local()));
    }

    private static InvoiceTax untaxed(CreditNote note) {
        return new InvoiceTax(1, "O", null, "", ZERO, ZERO, ZERO, note.reason(), "", null);
    }

    /**
     * The invoice of a top-up, which is paid, or a credit note of it: one line.
     *
     * @param note what else the paper says of the line
     */
    public EInvoice of(TopUpDocument document, String name, String note, String terms) {
        var categories = new Categories(List.of(document.tax()), hasVatId());
        var day = new Days(document.issuedOn(), document.issuedOn());
        var customer = document.customer();
        var corrects = document.corrects();
        var nothing = document.total().subtract(document.total());
        return new EInvoice(
                !document.isInvoice(),
                document.number(),
                document.issuedOn(),
                null,
                null,
                document.currency(),
                reference(customer, document.account()),
                customer.purchaseOrder(),
                corrects == null ? null : new Corrected(corrects.number(), corrects.issuedOn()),
                day,
                List.of(),
                parties.seller(categories),
                Parties.buyer(customer, categories),
                document.isInvoice()
                        ? card(customer, terms, document.number())
                                .orElse(new Payment(NOT_DEFINED, terms, document.number(), "", "", "", ""))
                        : new Payment(NOT_DEFINED, terms, document.number(), "", "", "", ""),
                List.of(whole(name, note, document.net(), day, categories.of(document.tax()))),
                List.of(),
                categories.taxes(),
                new Sums(
                        document.net(),
                        document.net(),
                        document.tax().tax(),
                        document.total(),
                        document.isInvoice() ? document.total() : nothing,
                        document.isInvoice() ? nothing : document.total(),
                        categories.local()));
    }

    private boolean hasVatId() {
        return !TaxIds.vat(seller.country(), seller.taxId()).isEmpty();
    }

    /** Who orders without a reference is found again by its account. */
    private static String reference(BilledTo customer, String account) {
        return customer.buyerReference().isBlank() ? account : customer.buyerReference();
    }

    private static Days days(BillingPeriod period) {
        return new Days(period.firstDay(), period.month().atEndOfMonth());
    }

    /** With the earlier months of late usage. */
    private static Days period(Invoice invoice, List<Printed> lines) {
        var month = days(invoice.period());
        LocalDate first = lines.stream()
                .map(printed -> printed.line().usagePeriod().firstDay())
                .reduce(month.first(), (one, other) -> one.isBefore(other) ? one : other);
        return new Days(first, month.last());
    }

    private Line line(Printed printed, Categories categories) {
        var line = printed.line();
        var price = printed.price();
        var amount = price.tiers().get(line.tier() - 1).amount();
        var category = categories.of(line.tax());
        var month = days(line.usagePeriod());
        var product = line.quantity().multiply(amount).divide(price.per(), 2, RoundingMode.HALF_UP);
        boolean whole = product.subtract(line.amount()).abs().compareTo(CENT) > 0;
        // A package costs the same however much of it was used, and a yen has no cents, which receivers compute.
        if (whole) return whole(printed.name(), said(printed), line.amount(), month, category);
        return new Line(
                printed.name(),
                printed.note(),
                line.quantity(),
                electronic.unit(line.unit()),
                amount,
                price.per(),
                line.amount(),
                month,
                category);
    }

    /** There is no invoice without a line, though credit that expired can be billed without usage. */
    private Line nothing(String name, Days period, Categories categories) {
        return whole(name, "", ZERO, period, categories.of(categories.rows().getFirst()));
    }

    private static String said(Printed printed) {
        var line = printed.line();
        var quantity = line.quantity().toPlainString() + " " + line.unit();
        return printed.note().isBlank() ? quantity : printed.note() + " · " + quantity;
    }

    /** An amount as one piece: a price is never below zero by the standard, a quantity may be. */
    private Line whole(String name, String description, BigDecimal amount, Days days, EInvoice.Category category) {
        var one = amount.signum() < 0 ? ONE.negate() : ONE;
        return new Line(name, description, one, electronic.unit(""), amount.abs(), ONE, amount, days, category);
    }

    /** What credit covers of the lines of each tax. */
    private static List<Adjustment> adjustments(
            List<Printed> lines, List<InvoiceTax> taxes, Categories categories, String reason) {
        var adjustments = new ArrayList<Adjustment>();
        for (var tax : taxes) {
            var amounts = lines.stream()
                    .map(Printed::line)
                    .filter(line -> line.tax() == tax.position())
                    .map(InvoiceLine::amount)
                    .toList();
            var covered = sum(amounts).subtract(tax.base());
            if (covered.signum() != 0) adjustments.add(new Adjustment(reason, covered, categories.of(tax)));
        }
        return adjustments;
    }

    private Payment payment(Invoice invoice, String terms) {
        var number = invoice.issuedNumber();
        if (invoice.amountDue().signum() == 0) return new Payment(NOT_DEFINED, terms, number, "", "", "", "");
        var card = card(invoice.customer(), terms, number);
        if (card.isPresent()) return card.get();
        return electronic.iban().isBlank()
                ? new Payment(ONLINE, terms, number, "", "", "", "")
                : transfer(terms, PaymentReference.of(number));
    }

    private Payment transfer(String terms, PaymentReference reference) {
        return new Payment(
                TRANSFER, terms, reference.value(), "", "", electronic.iban().replace(" ", ""), electronic.bic());
    }

    private static Optional<Payment> card(BilledTo customer, String terms, String number) {
        var card = CARD.matcher(customer.card());
        return card.matches()
                ? Optional.of(new Payment(CARD_PAYMENT, terms, number, card.group(2), card.group(1), "", ""))
                : Optional.empty();
    }

    private static BigDecimal sum(List<BigDecimal> amounts) {
        return amounts.stream().reduce(ZERO, BigDecimal::add);
    }
}
