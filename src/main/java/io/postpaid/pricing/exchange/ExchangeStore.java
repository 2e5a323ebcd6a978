package io.postpaid.pricing.exchange;

import io.postpaid.platform.batch.Column;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rates as rows. */
@Component
class ExchangeStore {
    private static final int BATCH = 20_000;
    private static final int FETCHED = 1_000;

    private final JdbcClient jdbc;

    ExchangeStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One import after the other; whoever reads is not held up. */
    void lock() {
        jdbc.sql("lock table exchange_rate in share row exclusive mode").update();
    }

    /** What is kept of the days and currencies of some rates, in no order. */
    List<ExchangeRate> kept(List<ExchangeRate> rates) {
        var kept = new ArrayList<ExchangeRate>();
        for (int from = 0; from < rates.size(); from += BATCH) {
            var some = rates.subList(from, Math.min(from + BATCH, rates.size()));
            kept.addAll(jdbc.sql("""
                            select e.currency, e.day, e.per_euro
                              from unnest(:currency::text[], :day::date[]) r (currency, day)
                              join exchange_rate e on e.day = r.day and e.currency = r.currency""")
                    .param("currency", Column.of(some, ExchangeRate::currency))
                    .param("day", Column.of(some, ExchangeRate::day))
                    .query(ExchangeRate.class)
                    .list());
        }
        return kept;
    }

    void add(String file, LocalDate first, LocalDate last, List<ExchangeRate> rates) {
        long id = jdbc.sql("""
                        insert into exchange_import (file, added, first_day, last_day)
                        values (:file, :added, :first, :last) returning id""")
                .param("file", file)
                .param("added", rates.size())
                .param("first", first)
                .param("last", last)
                .query(Long.class)
                .single();
        for (int from = 0; from < rates.size(); from += BATCH) {
            var some = rates.subList(from, Math.min(from + BATCH, rates.size()));
            jdbc.sql("""
                            insert into exchange_rate (currency, day, per_euro, import)
                            select r.currency, r.day, r.per_euro, :import
                              from unnest(:currency::text[], :day::date[], :per_euro::numeric[]) r (currency, day, per_euro)""")
                    .param("import", id)
                    .param("currency", Column.of(some, ExchangeRate::currency))
                    .param("day", Column.of(some, ExchangeRate::day))
                    .param("per_euro", Column.of(some, ExchangeRate::perEuro))
                    .update();
        }
    }

    List<ExchangeRate> between(LocalDate first, LocalDate last) {
        return jdbc.sql("select currency, day, per_euro from exchange_rate where day between :first and :last")
                .param("first", first)
                .param("last", last)
                .query(ExchangeRate.class)
                .list();
    }

    /** The newest first; within a transaction they are read as they are asked for. */
    void each(@Nullable String currency, @Nullable LocalDate day, Consumer<ExchangeRate> reader) {
        jdbc.sql("""
                        select currency, day, per_euro
                          from exchange_rate
                         where (cast(:currency as text) is null or currency = :currency)
                           and (cast(:day as date) is null or day = :day)
                         order by day desc, currency""")
                .param("currency", currency)
                .param("day", day)
                .withFetchSize(FETCHED)
                .query(row -> {
                    reader.accept(new ExchangeRate(
                            row.getString("currency"),
                            row.getObject("day", LocalDate.class),
                            row.getBigDecimal("per_euro")));
                });
    }
}
