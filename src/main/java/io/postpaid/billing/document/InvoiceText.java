package io.postpaid.billing.document;

import io.postpaid.billing.document.InvoiceDocument.Amount;
import io.postpaid.billing.document.InvoiceDocument.Customer;
import io.postpaid.billing.document.InvoiceDocument.Kind;
import io.postpaid.billing.document.InvoiceDocument.Line;
import io.postpaid.billing.document.InvoiceDocument.TaxAmount;
import io.postpaid.billing.invoicing.BilledTo;
import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceLine;
import io.postpaid.billing.invoicing.InvoiceTax;
import io.postpaid.billing.invoicing.LocalTax;
import io.postpaid.platform.template.Seller;
import io.postpaid.pricing.exchange.Exchange;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.tax.ReverseCharge;
import io.postpaid.pricing.tax.TaxReason;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Says invoices and credit notes in words and figures of one language: pure functions. */
record InvoiceText(Language language, LineWords words, Seller seller) {
    private static final String EURO = "EUR";

    InvoiceDocument of(
            Invoice invoice,
            List<InvoiceLine> lines,
            List<InvoiceTax> taxes,
            PriceBook book,
            Map<LocalDate, BigDecimal> costs) {
        return new InvoiceDocument(
                Kind.INVOICE,
                language.code(),
                invoice.issuedNumber(),
                invoice.issuedOn(),
                figures().date(invoice.issuedOn()),
                invoice.amountDue().signum() == 0 ? "" : figures().date(invoice.dueOn()),
                figures().days(invoice.period()),
                invoice.currency(),
                customer(invoice.customer(), invoice.account()),
                "",
                lines.stream()
                        .map(line -> line(line, lines, taxes, book, invoice))
                        .toList(),
                amount(invoice.subtotal(), invoice),
                invoice.credits().signum() == 0
                        ? List.of()
                        : List.of(new Amount(
                                invoice.credits().signum() > 0
                                        ? phrases().credit()
                                        : phrases().creditReturned(),
                                amount(invoice.credits().negate(), invoice))),
                taxes(taxes, invoice.currency()),
                "",
                amount(invoice.total(), invoice),
                carried(invoice),
                amount(invoice.amountDue(), invoice),
                payment(invoice),
                dailyCost(invoice, costs),
                taxPoint(invoice, taxes),
                localTaxes(taxes));
    }

    /** A credit note has one line: why, and how much. */
    InvoiceDocument of(CreditNote note, List<InvoiceTax> returned, Invoice invoice) {
        var net = note.amount().subtract(note.tax());
        return new InvoiceDocument(
                Kind.CREDIT_NOTE,
                language.code(),
                note.number(),
                note.issuedOn(),
                figures().date(note.issuedOn()),
                "",
                figures().days(invoice.period()),
                invoice.currency(),
                customer(invoice.customer(), invoice.account()),
                invoice.issuedNumber(),
                List.of(new Line("", note.reason(), "", "1", "", amount(net, invoice), amount(net, invoice))),
                amount(net, invoice),
                List.of(),
                taxes(returned, invoice.currency()),
                "",
                amount(note.amount(), invoice),
                List.of(),
                amount(note.amount(), invoice),
                "",
                List.of(),
                "",
                localTaxes(returned));
    }

    Customer customer(BilledTo customer, String account) {
        var address = customer.address();
        return new Customer(
                customer.name(),
                Stream.of(
                                address.line1(),
                                address.line2(),
                                Figures.place(address),
                                figures().country(address.country()))
                        .filter(line -> !line.isBlank())
                        .toList(),
                customer.taxId(),
                customer.email(),
                account,
                address.country(),
                customer.purchaseOrder(),
                customer.buyerReference());
    }

    private Line line(
            InvoiceLine line, List<InvoiceLine> lines, List<InvoiceTax> taxes, PriceBook book, Invoice invoice) {
        var said = words.of(line, lines, book, invoice, language);
        return new Line(
                line.product(),
                said.name(),
                said.note(),
                figures().number(line.quantity()),
                line.unit(),
                figures().price(line.unitPrice(), invoice.currency()) + " / " + line.listedUnit(),
                amount(line.amount(), invoice),
                taxes.size() > 1 ? percent(taxes.get(line.tax() - 1)) : "");
    }

    // ---- taxes

    List<TaxAmount> taxes(List<InvoiceTax> taxes, String currency) {
        return taxes.stream()
                .filter(InvoiceTax::printed)
                .map(tax -> new TaxAmount(
                        tax.name().isEmpty()
                                ? phrases().taxReasons().getOrDefault(tax.category(), tax.reason())
                                : tax.name() + " " + percent(tax),
                        figures().amount(tax.base(), currency),
                        figures().amount(tax.tax(), currency),
                        tax.note().isEmpty() ? note(tax) : tax.note()))
                .toList();
    }

    /** What the law wants said where nobody has said it. */
    private String note(InvoiceTax tax) {
        boolean fromEu = tax.category().equals(TaxReason.EXPORT.code()) && ReverseCharge.isInEu(seller.country());
        return fromEu ? phrases().exportFromEu() : "";
    }

    private String percent(InvoiceTax tax) {
        return tax.printed() ? figures().number(tax.percent()) + " %" : "";
    }

    /** Where it is another day than that of issue, which the reader takes it for. */
    private String taxPoint(Invoice invoice, List<InvoiceTax> taxes) {
        return taxes.stream().noneMatch(InvoiceTax::printed)
                        || invoice.taxPoint().equals(invoice.issuedOn())
                ? ""
                : figures().date(invoice.taxPoint());
    }

    /** All taxes of a document are due in one country, and so by one rate. */
    List<String> localTaxes(List<InvoiceTax> taxes) {
        var local = taxes.stream().filter(tax -> tax.local() != null).toList();
        if (local.isEmpty()) return List.of();
        var first = Objects.requireNonNull(local.getFirst().local());
        var sum = local.stream()
                .map(InvoiceTax::local)
                .filter(Objects::nonNull)
                .map(LocalTax::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        return List.of(phrases()
                .taxInCurrency()
                .replace(
                        "{name}",
                        local.stream().map(InvoiceTax::name).distinct().collect(Collectors.joining(", ")))
                .replace("{currency}", first.currency())
                .replace("{amount}", figures().amount(sum, first.currency()))
                .replace("{rate}", rate(first.exchange()))
                .replace("{date}", figures().date(first.exchange().day())));
    }

    /** As it was published: for one euro. */
    private String rate(Exchange exchange) {
        return "1 EUR"
                + perEuro(exchange.from(), exchange.fromPerEuro())
                + perEuro(exchange.to(), exchange.toPerEuro());
    }

    private String perEuro(String currency, BigDecimal rate) {
        return currency.equals(EURO) ? "" : " = " + figures().exact(rate) + " " + currency;
    }

    // ---- what is paid

    private List<Amount> carried(Invoice invoice) {
        var carried = new ArrayList<Amount>();
        carry(carried, phrases().carriedIn(), invoice.carriedIn(), invoice);
        carry(carried, phrases().carriedForward(), invoice.carriedForward().negate(), invoice);
        var toBalance = invoice.fromBalance().negate();
        carry(
                carried,
                toBalance.signum() > 0 ? phrases().toBalance() : phrases().fromBalance(),
                toBalance,
                invoice);
        return carried;
    }

    private void carry(List<Amount> carried, String label, BigDecimal amount, Invoice invoice) {
        if (amount.signum() != 0) carried.add(new Amount(label, amount(amount, invoice)));
    }

    private String payment(Invoice invoice) {
        if (invoice.fromBalance().signum() < 0) return phrases().owedToYou();
        if (invoice.carriedForward().signum() > 0) return phrases().tooSmall();
        if (invoice.amountDue().signum() == 0) {
            return invoice.fromBalance().signum() == 0
                    ? phrases().covered()
                    : phrases().paidFromBalance();
        }
        var card = invoice.customer().card();
        return !card.isEmpty()
                ? phrases()
                        .card()
                        .replace("{card}", card)
                        .replace("{date}", figures().date(invoice.issuedOn()))
                : phrases()
                        .noCard()
                        .replace("{date}", figures().date(invoice.dueOn()))
                        .replace("{url}", seller.payUrl(invoice.issuedNumber()));
    }

    private static List<BigDecimal> dailyCost(Invoice invoice, Map<LocalDate, BigDecimal> byDay) {
        return IntStream.rangeClosed(1, invoice.period().month().lengthOfMonth())
                .mapToObj(day -> byDay.getOrDefault(invoice.period().month().atDay(day), BigDecimal.ZERO))
                .toList();
    }

    private String amount(BigDecimal amount, Invoice invoice) {
        return figures().amount(amount, invoice.currency());
    }

    private Phrases phrases() {
        return language.phrases();
    }

    private Figures figures() {
        return language.figures();
    }
}
