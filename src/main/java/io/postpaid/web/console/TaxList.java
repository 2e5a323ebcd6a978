package io.postpaid.web.console;

import io.postpaid.pricing.tax.Exemption;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Rates, exemptions and what was taxed in a month, a page at a time. */
@Component
@ConditionalOnWebApplication
class TaxList {
    /** The sums read each invoice of the month: no page need wait for that each time. */
    private static final Duration GOOD_FOR = Duration.ofMinutes(1);

    private final JdbcClient jdbc;
    private final InstantSource clock;
    private volatile @Nullable Seen seen;

    TaxList(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    private record Seen(LocalDate period, Instant at, List<Figure> figures) {}

    /** Which versions of rates are shown. */
    enum Show {
        NOW("effective_from <= :today and (next is null or next > :today)"),
        COMING("effective_from > :today"),
        ALL("true");

        private final String condition;

        Show(String condition) {
            this.condition = condition;
        }
    }

    /** @param next when the next version follows it, if one does */
    record Rate(
            long id,
            String country,
            String region,
            String category,
            String customer,
            LocalDate effectiveFrom,
            BigDecimal percent,
            String name,
            String registration,
            @Nullable LocalDate next) {}

    /** By country, region, category and customer; from behind a rate on. An empty country is any. */
    List<Rate> rates(Show show, String country, LocalDate today, long after, int most) {
        return jdbc.sql("""
                        with version as (
                            select *, lead(effective_from) over (partition by country, region, category, customer
                                                                 order by effective_from) as next
                              from tax_rate
                             where :country = '' or country = :country
                        )
                        select id, country, region, category, customer, effective_from, percent, name, registration, next
                          from version
                         where %s
                           and (:after = 0 or (country, region, category, customer, effective_from)
                                > (select country, region, category, customer, effective_from from tax_rate where id = :after))
                         order by country, region, category, customer, effective_from
                         limit :most""".formatted(show.condition))
                .param("country", country)
                .param("today", today)
                .param("after", after)
                .param("most", most)
                .query(Rate.class)
                .list();
    }

    List<Exemption> exemptions(String after, int most) {
        return jdbc.sql(
                        "select account, reason, until from tax_exemption where account > :after order by account limit :most")
                .param("after", after)
                .param("most", most)
                .query(Exemption.class)
                .list();
    }

    /** What makes up one figure of a month: the taxes that are declared together. */
    record Group(
            LocalDate period,
            String currency,
            String country,
            String region,
            String registration,
            String customer,
            String category,
            String name,
            BigDecimal percent) {}

    record Figure(
            String currency,
            String country,
            String region,
            String registration,
            String customer,
            String category,
            String name,
            BigDecimal percent,
            long documents,
            BigDecimal invoiced,
            BigDecimal credited,
            BigDecimal base,
            BigDecimal tax) {
        Group of(LocalDate period) {
            return new Group(period, currency, country, region, registration, customer, category, name, percent);
        }
    }

    /** Of invoices that bill a month and credit notes that were issued in it, as they were within the last minute. */
    List<Figure> figures(LocalDate period) {
        var now = clock.instant();
        var last = seen;
        if (last == null
                || !last.period().equals(period)
                || Duration.between(last.at(), now).abs().compareTo(GOOD_FOR) > 0) {
            last = new Seen(period, now, read(period));
            seen = last;
        }
        return last.figures();
    }

    /** An invoice has one tax of each kind, so that each row is a document. */
    private List<Figure> read(LocalDate period) {
        return jdbc.sql("""
                        select currency, country, region, registration, customer, category, name, percent,
                               count(*) as documents,
                               coalesce(sum(tax) filter (where kind = 'INVOICE'), 0) as invoiced,
                               coalesce(-sum(tax) filter (where kind = 'CREDIT_NOTE'), 0) as credited,
                               sum(base) as base, sum(tax) as tax
                          from report_tax
                         where period = :period
                         group by currency, country, region, registration, customer, category, name, percent
                         order by currency, country, region, registration, customer, category, name, percent""").param("period", period).query(Figure.class).list();
    }

    /** @param corrects the invoice that a credit note corrects */
    record Document(
            String kind,
            String number,
            @Nullable String corrects,
            String account,
            LocalDate issuedOn,
            BigDecimal base,
            BigDecimal tax) {}

    /** The documents of a figure by number, from behind one on. */
    List<Document> documents(Group group, String after, int most) {
        return jdbc.sql("""
                        select kind, number, min(corrects) as corrects, account, issued_on, sum(base) as base, sum(tax) as tax
                          from report_tax
                         where period = :period and currency = :currency and country = :country and region = :region
                           and registration = :registration and customer = :customer and category = :category and name = :name
                           and percent = :percent and number > :after
                         group by kind, number, account, issued_on
                         order by number
                         limit :most""")
                .param("period", group.period())
                .param("currency", group.currency())
                .param("country", group.country())
                .param("region", group.region())
                .param("registration", group.registration())
                .param("customer", group.customer())
                .param("category", group.category())
                .param("name", group.name())
                .param("percent", group.percent())
                .param("after", after)
                .param("most", most)
                .query(Document.class)
                .list();
    }
}
