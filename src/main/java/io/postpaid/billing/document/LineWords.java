package io.postpaid.billing.document;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceLine;
import io.postpaid.platform.template.TemplateFiles;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How products and lines are called on invoices, and so on pages. */
@Component
public class LineWords {
    private final JdbcClient jdbc;
    private final String language;
    private final Phrases phrases;
    private final Figures figures;

    LineWords(JdbcClient jdbc, TemplateFiles templates) {
        this.jdbc = jdbc;
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
        var since = pricedSince(List.of(lines));
        return lines.stream().map(line -> of(line, lines, since, invoice)).toList();
    }

    Words of(InvoiceLine line, List<InvoiceLine> lines, Map<Long, LocalDate> since, Invoice invoice) {
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
                    .replace("{date}", figures.date(Objects.requireNonNull(since.get(line.price())))));
        return new Words(product(line.product()), String.join(" · ", notes));
    }

    Map<Long, LocalDate> pricedSince(Collection<List<InvoiceLine>> lines) {
        var since = new HashMap<Long, LocalDate>();
        jdbc.sql("select id, effective_from from price where id = any(:prices)")
                .param(
                        "prices",
                        lines.stream()
                                .flatMap(List::stream)
                                .map(InvoiceLine::price)
                                .distinct()
                                .toArray(Long[]::new))
                .query(row -> {
                    since.put(row.getLong("id"), row.getObject("effective_from", LocalDate.class));
                });
        return since;
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
