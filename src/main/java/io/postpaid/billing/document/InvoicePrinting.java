package io.postpaid.billing.document;

import io.postpaid.billing.document.InvoiceDocument.Amount;
import io.postpaid.billing.document.InvoiceDocument.Customer;
import io.postpaid.billing.document.InvoiceDocument.Kind;
import io.postpaid.billing.document.InvoiceDocument.Line;
import io.postpaid.billing.document.InvoiceDocument.TaxAmount;
import io.postpaid.billing.einvoice.EInvoices;
import io.postpaid.billing.invoicing.BilledTo;
import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceLine;
import io.postpaid.billing.invoicing.InvoiceTax;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.platform.batch.Column;
import io.postpaid.platform.template.Seller;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.pricebook.PriceBooks;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Says an invoice in words and figures, ready to be drawn, and as programs read it. */
@Component
class InvoicePrinting {
    private final JdbcClient jdbc;
    private final Invoices invoices;
    private final Seller seller;
    private final PriceBooks prices;
    private final EInvoices electronic;
    private final LineWords words;
    private final Phrases phrases;
    private final Figures figures;

    InvoicePrinting(
            JdbcClient jdbc,
            Invoices invoices,
            Seller seller,
            PriceBooks prices,
            EInvoices electronic,
            LineWords words) {
        this.jdbc = jdbc;
        this.invoices = invoices;
        this.seller = seller;
        this.prices = prices;
        this.electronic = electronic;
        this.words = words;
        this.phrases = words.phrases();
        this.figures = words.figures();
    }

    /** The printed sentences and labels, to be checked before they are needed. */
    String words() {
        return phrases.toString();
    }

    /** What the documents of some invoices of one period say, in their order. */
    List<Paper> of(List<Invoice> printed) {
        var lines = invoices.lines(printed.stream().map(Invoice::id).toList());
        var taxes = invoices.taxes(printed.stream().map(Invoice::id).toList());
        var book = prices.current();
        var costs = dailyCosts(printed);
        return printed.stream()
                .map(invoice -> paper(
                        invoice,
                        lines.getOrDefault(invoice.id(), List.of()),
                        taxes.getOrDefault(invoice.id(), List.of()),
                        book,
                        costs.getOrDefault(invoice.account(), Map.of())))
                .toList();
    }

    private Paper paper(
            Invoice invoice,
            List<InvoiceLine> lines,
            List<InvoiceTax> taxes,
            PriceBook book,
            Map<LocalDate, BigDecimal> costs) {
        var document = document(invoice, lines, taxes, book, costs);
        var printed = IntStream.range(0, lines.size())
                .mapToObj(i -> new EInvoices.Printed(
                        lines.get(i),
                        document.lines().get(i).description(),
                        document.lines().get(i).note(),
                        book.price(lines.get(i).price())))
                .toList();
        var carried = document.carried().stream()
                .map(amount -> amount.label() + ": " + amount.amount())
                .toList();
        var said = new EInvoices.Words(
                document.credits().isEmpty()
                        ? ""
                        : document.credits().getFirst().label(),
                carried,
                document.payment());
        return new Paper(document, electronic.of(invoice, printed, taxes, said));
    }

    private InvoiceDocument document(
            Invoice invoice,
            List<InvoiceLine> lines,
            List<InvoiceTax> taxes,
            PriceBook book,
            Map<LocalDate, BigDecimal> costs) {
        return new InvoiceDocument(
                Kind.INVOICE,
                words.language(),
                invoice.issuedNumber(),
                invoice.issuedOn(),
                figures.date(invoice.issuedOn()),
                invoice.amountDue().signum() == 0 ? "" : figures.date(invoice.dueOn()),
                figures.days(invoice.period()),
                invoice.currency(),
                customer(invoice),
                "",
                lines.stream().map(line -> line(line, lines, book, invoice)).toList(),
                amount(invoice.subtotal(), invoice),
                invoice.credits().signum() == 0
                        ? List.of()
                        : List.of(new Amount(
                                invoice.credits().signum() > 0 ? phrases.credit() : phrases.creditReturned(),
                                amount(invoice.credits().negate(), invoice))),
                taxes(taxes, invoice),
                notes(taxes),
                amount(invoice.total(), invoice),
                carried(invoice),
                amount(invoice.amountDue(), invoice),
                payment(invoice),
                dailyCost(invoice, costs));
    }

    /** A credit note has one line: why, and how much. */
    Paper of(CreditNote note, List<InvoiceTax> returned, Invoice invoice) {
        return new Paper(
                document(note, returned, invoice), electronic.of(note, returned, invoice, phrases.creditNoteTerms()));
    }

    private InvoiceDocument document(CreditNote note, List<InvoiceTax> returned, Invoice invoice) {
        var net = note.amount().subtract(note.tax());
        return new InvoiceDocument(
                Kind.CREDIT_NOTE,
                words.language(),
                note.number(),
                note.issuedOn(),
                figures.date(note.issuedOn()),
                "",
                figures.days(invoice.period()),
                invoice.currency(),
                customer(invoice),
                invoice.issuedNumber(),
                List.of(new Line("", note.reason(), "", "1", "", amount(net, invoice), amount(net, invoice))),
                amount(net, invoice),
                List.of(),
                taxes(returned, invoice),
                notes(returned),
                amount(note.amount(), invoice),
                List.of(),
                amount(note.amount(), invoice),
                "",
                List.of());
    }

    private Customer customer(Invoice invoice) {
        return customer(invoice.customer(), invoice.account());
    }

    Customer customer(BilledTo customer, String account) {
        var address = customer.address();
        return new Customer(
                customer.name(),
                Stream.of(address.line1(), address.line2(), Figures.place(address), figures.country(address.country()))
                        .filter(line -> !line.isBlank())
                        .toList(),
                customer.taxId(),
                customer.email(),
                account,
                address.country(),
                customer.purchaseOrder(),
                customer.buyerReference());
    }

    private Line line(InvoiceLine line, List<InvoiceLine> lines, PriceBook book, Invoice invoice) {
        var said = words.of(line, lines, book, invoice);
        return new Line(
                line.product(),
                said.name(),
                said.note(),
                figures.number(line.quantity()),
                line.unit(),
                figures.price(line.unitPrice(), invoice.currency()) + " / " + line.listedUnit(),
                amount(line.amount(), invoice));
    }

    private List<TaxAmount> taxes(List<InvoiceTax> taxes, Invoice invoice) {
        return taxes(taxes, invoice.currency());
    }

    List<TaxAmount> taxes(List<InvoiceTax> taxes, String currency) {
        return taxes.stream()
                .filter(InvoiceTax::printed)
                .map(tax -> new TaxAmount(
                        tax.name().isEmpty()
                                ? phrases.taxReasons().getOrDefault(tax.category(), tax.reason())
                                : tax.name() + " " + figures.number(tax.percent()) + " %",
                        figures.amount(tax.base(), currency),
                        figures.amount(tax.tax(), currency)))
                .toList();
    }

    private static String notes(List<InvoiceTax> taxes) {
        return taxes.stream()
                .map(InvoiceTax::note)
                .filter(note -> !note.isEmpty())
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private List<Amount> carried(Invoice invoice) {
        var carried = new ArrayList<Amount>();
        carry(carried, phrases.carriedIn(), invoice.carriedIn(), invoice);
        carry(carried, phrases.carriedForward(), invoice.carriedForward().negate(), invoice);
        var toBalance = invoice.fromBalance().negate();
        carry(carried, toBalance.signum() > 0 ? phrases.toBalance() : phrases.fromBalance(), toBalance, invoice);
        return carried;
    }

    private void carry(List<Amount> carried, String label, BigDecimal amount, Invoice invoice) {
        if (amount.signum() != 0) carried.add(new Amount(label, amount(amount, invoice)));
    }

    private String payment(Invoice invoice) {
        if (invoice.fromBalance().signum() < 0) return phrases.owedToYou();
        if (invoice.carriedForward().signum() > 0) return phrases.tooSmall();
        if (invoice.amountDue().signum() == 0) {
            return invoice.fromBalance().signum() == 0 ? phrases.covered() : phrases.paidFromBalance();
        }
        var card = invoice.customer().card();
        return !card.isEmpty()
                ? phrases.card().replace("{card}", card).replace("{date}", figures.date(invoice.issuedOn()))
                : phrases.noCard()
                        .replace("{date}", figures.date(invoice.dueOn()))
                        .replace("{url}", seller.payUrl(invoice.issuedNumber()));
    }

    private Map<String, Map<LocalDate, BigDecimal>> dailyCosts(List<Invoice> printed) {
        var costs = new HashMap<String, Map<LocalDate, BigDecimal>>();
        jdbc.sql("""
                        select account, day, sum(amount) as cost
                          from usage_line
                         where account = any(:accounts) and period = :period and day >= :period and price is not null
                         group by account, day""")
                .param("accounts", Column.of(printed, Invoice::account))
                .param("period", printed.getFirst().period().firstDay())
                .query(row -> {
                    costs.computeIfAbsent(row.getString("account"), account -> new HashMap<>())
                            .put(row.getObject("day", LocalDate.class), row.getBigDecimal("cost"));
                });
        return costs;
    }

    private static List<BigDecimal> dailyCost(Invoice invoice, Map<LocalDate, BigDecimal> byDay) {
        return IntStream.rangeClosed(1, invoice.period().month().lengthOfMonth())
                .mapToObj(day -> byDay.getOrDefault(invoice.period().month().atDay(day), BigDecimal.ZERO))
                .toList();
    }

    private String amount(BigDecimal amount, Invoice invoice) {
        return figures.amount(amount, invoice.currency());
    }
}
