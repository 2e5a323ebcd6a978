package io.postpaid.billing.document;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceLine;
import io.postpaid.platform.template.TemplateFiles;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.pricebook.PriceBooks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** How products and lines are called on invoices, and so on pages. */
@Component
public class LineWords {
    private final PriceBooks prices;
    private final String language;
    private final Phrases phrases;
    private final Figures figures;

    LineWords(PriceBooks prices, TemplateFiles templates) {
        this.prices = prices;
        this.language = Look.load(templates).language();
        this.phrases = templates.yaml("invoice/phrases." + language + ".yaml", Phrases.class);
        this.figures = new Figures(Locale.forLanguageTag(phrases.locale()), phrases.date());
    }

    /**
     * What a line says beside its figures.
     *
     * @param note its tier, its price's first day, or the earlier month that it is of; empty where nothing needs saying
     */
    public record Words(String name, String note) {}

    /** The name of a product, which is its id where the phrases have none. */
    public String product(String id) {
        return phrases.products().getOrDefault(id, id);
    }

    /** The words of an invoice's lines, in their order. */
    public List<Words> of(Invoice invoice, List<InvoiceLine> lines) {
        var book = prices.current();
        return lines.stream().map(line -> of(line, lines, book, invoice)).toList();
    }

    Words of(InvoiceLine line, List<InvoiceLine> lines, PriceBook book, Invoice invoice) {
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
        return new Words(product(line.product()), String.join(" · ", notes));
    }

    String language() {
        return language;
    }

    Phrases phrases() {
        return phrases;
    }

    Figures figures() {
        return figures;
    }
}
