package io.postpaid.pricing.pricebook;

import io.postpaid.platform.batch.RunFailedException;
import io.postpaid.platform.batch.Runs;
import io.postpaid.pricing.pricebook.PricesPreview.RatedAgain;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Where products and prices are kept. */
@Component
class PriceStore {
    /**
     * Usage that a price version would rate otherwise than it is rated now, per day and period; the version is in force
     * until the next of its key, and a list price only where the account has none of its own.
     */
    private static final String RATED_OTHERWISE = """
            select u.account, u.product, u.day, u.period
              from daily_cost u
              join account a on a.id = u.account
              join price n on n.id = :price
             where u.period >= (select date_trunc('month', effective_from)::date from price where id = :price)
               and u.product = n.product
               and u.price <> n.id
               and a.currency = n.currency
               and (n.account is null or u.account = n.account)
               and u.day >= n.effective_from
               and not exists (select from price later
                                where later.product = n.product and later.account is not distinct from n.account
                                  and later.currency = n.currency
                                  and later.effective_from > n.effective_from and later.effective_from <= u.day)
               and (n.account is not null
                    or not exists (select from price own
                                    where own.product = n.product and own.account = u.account
                                      and own.currency = n.currency and own.effective_from <= u.day))""";

    private static final String FROZEN_OTHERWISE = """
            with otherwise as (
            """ + RATED_OTHERWISE + """
            )
            select o.account, o.day
              from otherwise o
              join billing_period using (period)
             order by o.day, o.account
             limit 1""";

    /**
     * Tiers count over the month: with one day the whole month of the account and product is rated again. What the gate
     * charged for a rated day is known to the ledger and does not count anew.
     */
    private static final String RATE_AGAIN = """
            with otherwise as (
            """ + RATED_OTHERWISE + """
            ), again as (
                insert into unrated_day (account, product, day, period)
                select account, product, day, period
                  from daily_usage
                 where (account, product, period) in (select account, product, period from otherwise)
                    on conflict do nothing
                returning product, day
            )
            select product, day, count(*) as accounts from again group by product, day""";

    private final JdbcClient jdbc;

    PriceStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Keeps runs and other imports out until the transaction ends: a run prices with the book that it began with. */
    void lock() {
        jdbc.sql("lock table product, price in share row exclusive mode").update();
        boolean idle = jdbc.sql("select pg_try_advisory_xact_lock(:lock)")
                .param("lock", Runs.RUN_LOCK)
                .query(Boolean.class)
                .single();
        if (!idle) throw new RunFailedException("A run is in progress: wait for it to end, then import the prices");
    }

    /** Changes with every change of products and prices. */
    long version() {
        return jdbc.sql("select version from price_book_version")
                .query(Long.class)
                .single();
    }

    List<Product> products() {
        return jdbc.sql("select id, unit, listed_per, listed_unit, billable, tax_category from product order by id")
                .query((row, i) -> new Product(
                        row.getString("id"),
                        row.getString("unit"),
                        row.getBigDecimal("listed_per"),
                        row.getString("listed_unit"),
                        row.getBoolean("billable"),
                        row.getString("tax_category")))
                .list();
    }

    List<Price> prices() {
        Map<Long, List<Tier>> tiers = new HashMap<>();
        jdbc.sql("select price, tier, up_to, amount from price_tier order by price, tier")
                .query((row, i) -> tiers.computeIfAbsent(row.getLong("price"), price -> new ArrayList<>())
                        .add(new Tier(row.getInt("tier"), row.getBigDecimal("up_to"), row.getBigDecimal("amount"))))
                .list();
        return jdbc.sql("select id, product, account, currency, effective_from, model, per from price order by id")
                .query((row, i) -> price(row, tiers.getOrDefault(row.getLong("id"), List.of())))
                .list();
    }

    private static Price price(ResultSet row, List<Tier> tiers) throws SQLException {
        return new Price(
                row.getLong("id"),
                row.getString("product"),
                row.getString("account"),
                row.getString("currency"),
                row.getObject("effective_from", LocalDate.class),
                PriceModel.of(row.getString("model")),
                row.getBigDecimal("per"),
                tiers);
    }

    /** Where a price was used first, as a sentence goes on: {@code for account acme on 2026-10-01}. */
    Optional<String> useOfPrice(long price) {
        return jdbc.sql("""
                        (select 'for account ' || account || ' on ' || day from daily_cost where price = :price
                          order by day, account limit 1)
                        union all
                        (select 'on an invoice of account ' || i.account || ' for ' || to_char(i.period, 'YYYY-MM')
                           from invoice_line l join invoice i on i.id = l.invoice where l.price = :price
                          order by i.id limit 1)
                        limit 1""").param("price", price).query(String.class).optional();
    }

    Optional<String> useOfProduct(String product) {
        return jdbc.sql("""
                        select 'by account ' || account || ' on ' || day from daily_usage where product = :product
                         order by day, account limit 1""").param("product", product).query(String.class).optional();
    }

    void put(Product product) {
        jdbc.sql("""
                insert into product (id, unit, listed_per, listed_unit, billable, tax_category)
                values (:id, :unit, :listedPer, :listedUnit, :billable, :taxCategory)
                    on conflict (id) do update
                   set unit = excluded.unit, listed_per = excluded.listed_per, listed_unit = excluded.listed_unit,
                       billable = excluded.billable, tax_category = excluded.tax_category""")
                .param("id", product.id())
                .param("unit", product.unit())
                .param("listedPer", product.listedPer())
                .param("listedUnit", product.listedUnit())
                .param("billable", product.billable())
                .param("taxCategory", product.taxCategory())
                .update();
    }

    /** Whether usage by an operation is billable. */
    Map<String, Boolean> operations() {
        var operations = new HashMap<String, Boolean>();
        jdbc.sql("select id, billable from operation").query(row -> {
            operations.put(row.getString("id"), row.getBoolean("billable"));
        });
        return operations;
    }

    void put(String operation, boolean billable) {
        jdbc.sql("""
                insert into operation (id, billable) values (:id, :billable)
                    on conflict (id) do update set billable = excluded.billable""").param("id", operation).param("billable", billable).update();
    }

    /** @return the id of the stored version */
    long put(Price price) {
        long id = jdbc.sql("""
                        insert into price (product, account, currency, effective_from, model, per)
                        values (:product, :account, :currency, :from, :model, :per)
                            on conflict (product, account, currency, effective_from) do update
                           set model = excluded.model, per = excluded.per
                        returning id""")
                .param("product", price.product())
                .param("account", price.account())
                .param("currency", price.currency())
                .param("from", price.effectiveFrom())
                .param("model", price.model().toString())
                .param("per", price.per())
                .query(Long.class)
                .single();
        jdbc.sql("delete from price_tier where price = :price")
                .param("price", id)
                .update();
        for (var tier : price.tiers()) {
            jdbc.sql("insert into price_tier (price, tier, up_to, amount) values (:price, :tier, :upTo, :amount)")
                    .param("price", id)
                    .param("tier", tier.n())
                    .param("upTo", tier.upTo())
                    .param("amount", tier.amount())
                    .update();
        }
        return id;
    }

    /** A day of a frozen period that the version would price otherwise, as a sentence goes on. */
    Optional<String> frozenDayThatChanges(long price) {
        return jdbc.sql(FROZEN_OTHERWISE)
                .param("price", price)
                .query((row, i) -> "what account " + row.getString("account") + " used on "
                        + row.getObject("day", LocalDate.class))
                .optional();
    }

    /** Has the days that the version changes rated again. */
    List<RatedAgain> rateAgain(long price) {
        return jdbc.sql(RATE_AGAIN)
                .param("price", price)
                .query((row, i) -> new RatedAgain(
                        row.getString("product"), row.getObject("day", LocalDate.class), row.getInt("accounts")))
                .list();
    }
}
