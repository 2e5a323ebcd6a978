package io.postpaid.web.console;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.postpaid.pricing.pricebook.Price;
import io.postpaid.pricing.pricebook.PriceModel;
import io.postpaid.pricing.pricebook.Tier;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Prices and products, a page at a time: accounts may have prices of their own, and then they are many. */
@Component
@ConditionalOnWebApplication
class PriceList {
    private final JdbcClient jdbc;

    PriceList(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Which versions of prices are shown. */
    enum Show {
        NOW("p.effective_from <= :today and (n.next is null or n.next > :today)"),
        COMING("p.effective_from > :today"),
        ALL("true");

        private final String condition;

        Show(String condition) {
            this.condition = condition;
        }
    }

    /** @param next when the next version follows it, if one does */
    record Listed(Price price, String unit, @Nullable LocalDate next) {}

    private record Row(
            long id,
            String product,
            @Nullable String account,
            String currency,
            LocalDate effectiveFrom,
            String model,
            BigDecimal per,
            String unit,
            @Nullable LocalDate next) {}

    private record Position(String product, String account, LocalDate day, long id) {
        static final Position START = new Position("", "", LocalDate.of(1, 1, 1), 0);
    }

    private record TierRow(long price, int n, @Nullable BigDecimal upTo, BigDecimal amount) {}

    /** By product, list prices first, then by account and day; from behind a price on. Empty is any. */
    List<Listed> prices(Show show, String product, String account, LocalDate today, long after, int most) {
        var start = position(after);
        var rows = jdbc.sql("""
                        select p.id, p.product, p.account, p.currency, p.effective_from, p.model, p.per, d.unit, n.next
                          from price p
                          join product d on d.id = p.product
                         cross join lateral (
                               select min(l.effective_from) as next
                                 from price l
                                where l.product = p.product and coalesce(l.account, '') = coalesce(p.account, '')
                                  and l.currency = p.currency and l.effective_from > p.effective_from) n
                         where (p.product, coalesce(p.account, ''), p.effective_from, p.id)
                               > (:fromProduct, :fromAccount, :fromDay, :fromId)
                           and %s and %s and %s
                         order by p.product, coalesce(p.account, ''), p.effective_from, p.id
                         limit :most""".formatted(
                                show.condition,
                                product.isEmpty() ? "true" : "p.product = :product",
                                account.isEmpty() ? "true" : "p.account = :account"))
                .param("fromProduct", start.product())
                .param("fromAccount", start.account())
                .param("fromDay", start.day())
                .param("fromId", start.id())
                .param("product", product)
                .param("account", account)
                .param("today", today)
                .param("most", most)
                .query(Row.class)
                .list();
        var tiers = tiers(rows.stream().map(Row::id).toList());
        return rows.stream()
                .map(row -> new Listed(price(row, tiers), row.unit(), row.next()))
                .toList();
    }

    private Position position(long id) {
        return jdbc.sql("""
                        select product, coalesce(account, '') as account, effective_from as day, id
                          from price where id = :id""").param("id", id).query(Position.class).optional().orElse(Position.START);
    }

    private Map<Long, List<TierRow>> tiers(List<Long> prices) {
        return jdbc.sql("""
                        select price, tier as n, up_to, amount from price_tier
                         where price = any(:prices::bigint[]) order by price, tier""").param("prices", prices.toArray(Long[]::new)).query(TierRow.class).list().stream()
                .collect(groupingBy(TierRow::price));
    }

    private static Price price(Row row, Map<Long, List<TierRow>> tiers) {
        return new Price(
                row.id(),
                row.product(),
                row.account(),
                row.currency(),
                row.effectiveFrom(),
                PriceModel.valueOf(row.model().toUpperCase(Locale.ROOT)),
                row.per(),
                tiers.getOrDefault(row.id(), List.of()).stream()
                        .map(tier -> new Tier(tier.n(), tier.upTo(), tier.amount()))
                        .toList());
    }

    record ProductRow(String id, String unit, BigDecimal listedPer, String listedUnit, boolean billable) {}

    /** By id, from behind one on. */
    List<ProductRow> products(String after, int most) {
        return jdbc.sql("""
                        select id, unit, listed_per, listed_unit, billable
                          from product where id > :after order by id limit :most""")
                .param("after", after)
                .param("most", most)
                .query(ProductRow.class)
                .list();
    }

    /** Operations that cost nothing. */
    List<String> freeOperations(int most) {
        return jdbc.sql("select id from operation where not billable order by id limit :most")
                .param("most", most)
                .query(String.class)
                .list();
    }

    /** What the usage of products is counted in. */
    Map<String, String> units(List<String> products) {
        record Unit(String id, String unit) {}
        return jdbc
                .sql("select id, unit from product where id = any(:ids::text[])")
                .param("ids", products.toArray(String[]::new))
                .query(Unit.class)
                .list()
                .stream()
                .collect(toMap(Unit::id, Unit::unit));
    }
}
