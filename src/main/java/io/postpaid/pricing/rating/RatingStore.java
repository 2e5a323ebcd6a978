package io.postpaid.pricing.rating;

import static java.time.temporal.TemporalAdjusters.lastDayOfMonth;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import io.postpaid.platform.batch.Column;
import io.postpaid.platform.batch.CopyRows;
import io.postpaid.pricing.metering.Metering.Metered;
import io.postpaid.pricing.metering.Metering.Sums;
import io.postpaid.pricing.pricebook.PriceBook;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.core.Oid;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class RatingStore {
    private final JdbcClient jdbc;
    private final JdbcTemplate template;

    RatingStore(JdbcClient jdbc, JdbcTemplate template) {
        this.jdbc = jdbc;
        this.template = template;
    }

    /** A day of usage, by what identifies it. */
    private record Day(String account, String product, LocalDate day, LocalDate period) {
        DailyUsage.Month month() {
            return new DailyUsage.Month(account, product, day.withDayOfMonth(1));
        }
    }

    /** The days from one to another, both included. */
    private record Days(LocalDate first, LocalDate last) {
        static Days ofMonth(LocalDate firstDay) {
            return new Days(firstDay, firstDay.with(lastDayOfMonth()));
        }
    }

    /**
     * The days to be rated, and with them all others of their month where prices count over it, by account and month of
     * use.
     *
     * @param metered what is new
     */
    Map<String, List<List<DailyUsage>>> touched(Collection<String> accounts, List<Metered> metered, PriceBook prices) {
        var unrated = unrated(accounts);
        var asked = new HashMap<DailyUsage.Month, Days>();
        for (var month : metered) {
            asked.put(
                    DailyUsage.Month.of(month),
                    prices.countsOverTheMonth(month.product())
                            ? Days.ofMonth(month.month())
                            : new Days(month.days().firstKey(), month.days().lastKey()));
        }
        unrated.forEach(day -> asked.put(day.month(), Days.ofMonth(day.month().firstDay())));
        var known = known(asked);

        var months = new LinkedHashMap<DailyUsage.Month, List<DailyUsage>>();
        for (var month : metered) {
            var days = new ArrayList<DailyUsage>();
            month.days().forEach((date, added) -> {
                var day = new Day(month.account(), month.product(), date, month.period());
                var before = known.remove(day);
                days.add(usage(day, before == null ? List.of() : before, false, added));
            });
            months.put(DailyUsage.Month.of(month), days);
        }
        var others = new HashSet<DailyUsage.Month>();
        known.forEach((day, before) -> {
            boolean rated = !unrated.contains(day);
            if (!rated || prices.countsOverTheMonth(day.product())) {
                months.computeIfAbsent(day.month(), month -> new ArrayList<>()).add(usage(day, before, rated, null));
                others.add(day.month());
            }
        });
        // What is new of a month is in order.
        for (var month : others) months.getOrDefault(month, List.of()).sort(DailyUsage.ORDER);
        return months.values().stream()
                .collect(groupingBy(days -> days.getFirst().account()));
    }

    private static DailyUsage usage(Day of, List<RatedPart> before, boolean rated, @Nullable Sums added) {
        var quantity = RatedPart.quantity(before);
        return new DailyUsage(
                of.account(),
                of.product(),
                of.day(),
                of.period(),
                added == null ? quantity : quantity.add(added.quantity()),
                rated,
                before,
                added);
    }

    private Set<Day> unrated(Collection<String> accounts) {
        return new HashSet<>(jdbc.sql("""
                        select account, product, day, period from unrated_day where account = any(:accounts)""")
                .param("accounts", accounts.toArray(String[]::new))
                .query((row, i) -> day(row))
                .list());
    }

    /** What is known of days of some months of use. */
    private Map<Day, List<RatedPart>> known(Map<DailyUsage.Month, Days> months) {
        if (months.isEmpty()) return new HashMap<>();
        return jdbc
                .sql("""
                        select m.account, m.product, k.day, k.period, k.price, k.tier, sum(k.quantity) as quantity,
                               sum(k.amount) as amount
                          from unnest(:account::text[], :product::text[], :month::date[], :first::date[], :last::date[])
                            as m (account, product, month, first, last)
                         cross join lateral (
                               select j.period, l.*
                                 from usage_journal j
                                cross join unnest(j.lines) l
                                where j.account = m.account and j.product = m.product and j.period >= m.month
                                  and j.last_day >= m.first and l.day between m.first and m.last
                               offset 0) k
                         group by m.account, m.product, k.day, k.period, k.price, k.tier""")
                .param("account", Column.of(months.keySet(), DailyUsage.Month::account))
                .param("product", Column.of(months.keySet(), DailyUsage.Month::product))
                .param("month", Column.of(months.keySet(), DailyUsage.Month::firstDay))
                .param("first", Column.of(months.values(), Days::first))
                .param("last", Column.of(months.values(), Days::last))
                .query((row, i) -> Map.entry(day(row), part(row)))
                .list()
                .stream()
                .collect(groupingBy(Map.Entry::getKey, HashMap::new, mapping(Map.Entry::getValue, toList())));
    }

    /** The days of some months of use that earlier periods than one have billed, as they were rated, in order. */
    Map<DailyUsage.Month, List<DailyUsage>> billedBefore(Set<DailyUsage.Month> months, LocalDate period) {
        var asked = months.stream().collect(toMap(month -> month, month -> Days.ofMonth(month.firstDay())));
        return known(asked).entrySet().stream()
                .filter(day -> day.getKey().period().isBefore(period))
                .map(day -> usage(day.getKey(), day.getValue(), true, null))
                .sorted(DailyUsage.ORDER)
                .collect(groupingBy(DailyUsage::month));
    }

    private static Day day(ResultSet row) throws SQLException {
        return new Day(
                row.getString("account"),
                row.getString("product"),
                row.getObject("day", LocalDate.class),
                row.getObject("period", LocalDate.class));
    }

    private static RatedPart part(ResultSet row) throws SQLException {
        var quantity = row.getBigDecimal("quantity");
        long price = row.getLong("price");
        if (row.wasNull()) return RatedPart.unpriced(quantity);
        return new RatedPart(price, row.getInt("tier"), quantity, row.getBigDecimal("amount"));
    }

    /**
     * All days of the months of use that the days lie in, as they will be rated: with what has arrived since they were
     * metered. In the order in which tiers are filled.
     *
     * @param product null for all
     */
    List<DailyUsage> known(String account, @Nullable String product, LocalDate from, LocalDate to) {
        var days = new LinkedHashMap<Day, DailyUsage>();
        jdbc.sql("""
                        with known as (
                            select product, day, period, price, tier, quantity, amount, true as rated
                              from usage_line
                             where account = :account and day >= :from and day <= :to and period >= :from
                             union all
                            select product, day, period, null, null, 0, null, false
                              from unrated_day
                             where account = :account and day >= :from and day <= :to
                             union all
                            select product, day, billed_in(account, day), null, null, quantity, null, false
                              from arrived_usage
                             where account = :account and day >= :from and day <= :to)
                        select :account as account, product, day, period, price, tier, sum(quantity) as quantity,
                               sum(amount) as amount, bool_and(rated) as rated
                          from known
                         where (:product::text is null or product = :product)
                         group by product, day, period, price, tier
                         order by product, date_trunc('month', day), period, day""")
                .param("account", account)
                .param("product", product)
                .param("from", from.withDayOfMonth(1))
                .param("to", to.with(lastDayOfMonth()))
                .query(row -> {
                    var of = day(row);
                    days.merge(of, usage(of, List.of(part(row)), row.getBoolean("rated"), null), DailyUsage::with);
                });
        return List.copyOf(days.values());
    }

    /** How many records the days have, metered or not, by product, day and period. */
    List<RunningCost.Counted> counted(String account, LocalDate from, LocalDate to) {
        return jdbc.sql("""
                        select product, day, period, sum(records) as records, sum(free_quantity) as free_quantity,
                               sum(free_records) as free_records
                          from (select product, day, period, records, free_quantity, free_records
                                  from usage_line
                                 where account = :account and day >= :from and day <= :to and period >= :month
                                 union all
                                select product, day, billed_in(account, day), records, free_quantity, free_records
                                  from arrived_usage
                                 where account = :account and day >= :from and day <= :to) both_places
                         group by product, day, period
                         order by product, day, period""")
                .param("account", account)
                .param("from", from)
                .param("to", to)
                .param("month", from.withDayOfMonth(1))
                .query(RunningCost.Counted.class)
                .list();
    }

    Map<String, BigDecimal> free(String account, LocalDate from, LocalDate to) {
        return jdbc
                .sql("""
                        select product, sum(free_quantity) as free_quantity
                          from (select product, free_quantity
                                  from usage_line
                                 where account = :account and day >= :from and day <= :to and period >= :month
                                 union all
                                select product, free_quantity
                                  from arrived_usage
                                 where account = :account and day >= :from and day <= :to) both_places
                         group by product""")
                .param("account", account)
                .param("from", from)
                .param("to", to)
                .param("month", from.withDayOfMonth(1))
                .query((row, i) -> Map.entry(row.getString("product"), row.getBigDecimal("free_quantity")))
                .list()
                .stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The days that a billing period has metered. */
    List<RunningCost.Billed> billedIn(String account, LocalDate period) {
        return jdbc.sql("""
                        select product, day, sum(quantity) as quantity, sum(records) as records,
                               sum(free_quantity) as free_quantity, sum(free_records) as free_records,
                               coalesce(sum(amount), 0) as cost
                          from usage_line
                         where account = :account and period = :period
                         group by product, day
                         order by product, day""")
                .param("account", account)
                .param("period", period)
                .query(RunningCost.Billed.class)
                .list();
    }

    /** Adds to the journal what days of the accounts are rated at now, less what they were rated at before. */
    void add(Collection<String> accounts, List<RatedDay> rated) {
        mark(accounts, rated);
        int line = jdbc.sql("select 'journal_line'::regtype::oid::int")
                .query(Integer.class)
                .single();
        template.execute((ConnectionCallback<Long>) connection ->
                CopyRows.copy(connection.unwrap(PGConnection.class), """
                copy usage_journal (period, account, product, lines) from stdin (format binary)
                """, rows -> {
                    int from = 0;
                    for (int to = 1; to <= rated.size(); to++) {
                        if (to == rated.size()
                                || !together(
                                        rated.get(from).usage(), rated.get(to).usage())) {
                            write(rows, rated.subList(from, to), line);
                            from = to;
                        }
                    }
                }));
    }

    /** A row holds the lines of an account, product and period, in the order of days. */
    private static boolean together(DailyUsage one, DailyUsage other) {
        return !one.day().isAfter(other.day())
                && one.period().equals(other.period())
                && one.product().equals(other.product())
                && one.account().equals(other.account());
    }

    private record Line(
            LocalDate day, RatedPart part, @Nullable Sums added) {}

    private static void write(CopyRows rows, List<RatedDay> days, int type) throws SQLException {
        var lines = new ArrayList<Line>(days.size());
        for (var day : days) lines(day, lines);
        if (lines.isEmpty()) return;
        var of = days.getFirst().usage();
        rows.row(4).date(of.period()).text(of.account()).text(of.product());
        rows.array(type, lines.size(), elements -> {
            for (var line : lines) elements.composite(8, fields -> write(fields, line));
        });
    }

    /** The first line of a day tells its records. */
    private static void lines(RatedDay day, List<Line> lines) {
        var added = day.usage().added();
        for (var part : day.changes()) {
            lines.add(new Line(day.usage().day(), part, added));
            added = null;
        }
        if (added != null) lines.add(new Line(day.usage().day(), RatedPart.unpriced(BigDecimal.ZERO), added));
    }

    private static void write(CopyRows fields, Line line) {
        var part = line.part();
        var added = line.added();
        fields.type(Oid.DATE).date(line.day());
        if (part.price() == null) {
            fields.type(Oid.INT8).none().type(Oid.INT4).none();
            fields.type(Oid.NUMERIC).numeric(part.quantity()).type(Oid.NUMERIC).none();
        } else {
            fields.type(Oid.INT8).int8(part.price()).type(Oid.INT4).int4(part.tier());
            fields.type(Oid.NUMERIC).numeric(part.quantity()).type(Oid.NUMERIC).numeric(part.amount());
        }
        fields.type(Oid.INT8).int8(added == null ? 0 : added.records());
        fields.type(Oid.NUMERIC).numeric(added == null ? BigDecimal.ZERO : added.freeQuantity());
        fields.type(Oid.INT8).int8(added == null ? 0 : added.freeRecords());
    }

    /** Of the accounts' days that were unrated, those stay that wait for a price still. */
    private void mark(Collection<String> accounts, List<RatedDay> rated) {
        var waiting =
                rated.stream().filter(RatedDay::waits).map(RatedDay::usage).toList();
        var days = Map.of(
                "accounts", accounts.toArray(String[]::new),
                "account", Column.of(waiting, DailyUsage::account),
                "product", Column.of(waiting, DailyUsage::product),
                "day", Column.of(waiting, DailyUsage::day),
                "period", Column.of(waiting, DailyUsage::period),
                "charge", Column.of(waiting, DailyUsage::gateCharge));
        jdbc.sql("""
                        delete from unrated_day
                         where account = any(:accounts)
                           and (account, product, day, period) not in (
                               select * from unnest(:account::text[], :product::text[], :day::date[], :period::date[]))""").params(days).update();
        if (waiting.isEmpty()) return;
        jdbc.sql("""
                        insert into unrated_day as u (account, product, day, period, gate_charge)
                        select *
                          from unnest(:account::text[], :product::text[], :day::date[], :period::date[], :charge::numeric[])
                            on conflict (account, product, day, period) do update
                           set gate_charge = u.gate_charge + excluded.gate_charge""").params(days).update();
    }
}
