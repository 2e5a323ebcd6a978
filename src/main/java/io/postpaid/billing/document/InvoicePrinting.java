package io.postpaid.billing.document;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
    private final Languages languages;

    InvoicePrinting(
            JdbcClient jdbc,
            Invoices invoices,
            Seller seller,
            PriceBooks prices,
            EInvoices electronic,
            LineWords words,
            Languages languages) {
        this.jdbc = jdbc;
        this.invoices = invoices;
        this.seller = seller;
        this.prices = prices;
        this.electronic = electronic;
        this.words = words;
        this.languages = languages;
    }

    /** The printed sentences and labels, to be checked before they are needed. */
    String words() {
        return languages.own().phrases().toString();
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
        var document = text(invoice.customer()).of(invoice, lines, taxes, book, costs);
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

    Paper of(CreditNote note, List<InvoiceTax> returned, Invoice invoice) {
        var text = text(invoice.customer());
        return new Paper(
                text.of(note, returned, invoice),
                electronic.of(note, returned, invoice, text.language().phrases().creditNoteTerms()));
    }

    /** The words for a customer. */
    InvoiceText text(BilledTo customer) {
        return new InvoiceText(languages.of(customer.language()), words, seller);
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
}
