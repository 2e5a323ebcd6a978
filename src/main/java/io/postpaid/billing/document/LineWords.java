package io.postpaid.billing.document;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceLine;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.pricebook.PriceBooks;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** How products and lines are called on invoices, and so on pages. */
@Component
public class LineWords {
    private final PriceBooks prices;
    private final Language own;

    LineWords(PriceBooks prices, Languages languages) {
        this.prices = prices;
        this.own = languages.own();
    }

    /**
     * What a line says beside its figures.
     *
     * @param note its tier, its price's first day, or the earlier month that it is of; empty where nothing needs saying
     */
    public record Words(String name, String note) {}

    /** The name of a product, which is its id where the phrases have none. */
    public String product(String id) {
        return product(id, own);
    }

    private static String product(String id, Language language) {
        return language.phrases().products().getOrDefault(id, id);
    }

    /** The words of an invoice's lines, in their order. */
    public List<Words> of(Invoice invoice, List<InvoiceLine> lines) {
        var book = prices.current();
        return lines.stream().map(line -> of(line, lines, book, invoice, own)).toList();
    }

    Words of(InvoiceLine line, List<InvoiceLine> lines, PriceBook book, Invoice invoice, Language language) {
        var phrases = language.phrases();
        var figures = language.figures();
        boolean tiered = lines.stream().anyMatch(other -> other.price() == line.price() && other.tier() != line.tier());
        boolean changed = lines.stream()
                .anyMatch(other -> other.product().equals(line.product())
                        && other.usagePeriod().equals(line.usagePeriod())
                        && other.price() != line.price());
        var notes = new ArrayList<String>();
        if (!line.usagePeriod().equals(invoice.period())) {
            var late = line.amount().signum() < 0 ? phrases.lateCorrection() : phrases.lateUsage();
            notes.add(late.replace("{period}", figures.month(line.usagePeriod())));
        }
        if (tiered) notes.add(phrases.tier().replace("{tier}", Integer.toString(line.tier())));
        if (changed)
            notes.add(phrases.priceFrom()
                    .replace("{date}", figures.date(book.price(line.price()).effectiveFrom())));
        return new Words(product(line.product(), language), String.join(" · ", notes));
    }
}
