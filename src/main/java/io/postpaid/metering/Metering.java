package io.postpaid.metering;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import io.postpaid.batch.Column;
import io.postpaid.batch.CopyRows;
import io.postpaid.batch.Run;
import io.postpaid.batch.SqlFiles;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Turns arrivals into daily usage. */
@Component
public class Metering {
    private final SqlFiles sql;
    private final JdbcClient jdbc;
    private final JdbcTemplate template;

    Metering(SqlFiles sql, JdbcClient jdbc, JdbcTemplate template) {
        this.sql = sql;
        this.jdbc = jdbc;
        this.template = template;
    }

    /**
     * A day that usage was added to.
     *
     * @param period the billing period (its first day) that it is invoiced in
     * @param quantity what there is of it now, in units
     * @param added whether there was none of it before
     */
    public record Metered(
            String account, String product, LocalDate day, LocalDate period, BigDecimal quantity, boolean added) {}

    private record Day(LocalDate period, String account, String product, LocalDate day) {
        static final Comparator<Day> AS_KEYED = comparing(Day::period)
                .thenComparing(Day::account)
                .thenComparing(Day::product)
                .thenComparing(Day::day);
    }

    private record Sums(
            BigDecimal quantity, long records, BigDecimal freeQuantity, long freeRecords, BigDecimal gateCharge) {
        static Sums of(ResultSet row) throws SQLException {
            return new Sums(
                    row.getBigDecimal("quantity"),
                    row.getLong("records"),
                    row.getBigDecimal("free_quantity"),
                    row.getLong("free_records"),
                    row.getBigDecimal("gate_charge"));
        }

        Sums plus(Sums more) {
            return new Sums(
                    quantity.add(more.quantity),
                    records + more.records,
                    freeQuantity.add(more.freeQuantity),
                    freeRecords + more.freeRecords,
                    gateCharge.add(more.gateCharge));
        }
    }

    /** Adds what has arrived for some accounts of the days before the run's date, in the caller's transaction. */
    public List<Metered> meter(Collection<String> accounts, Run run) {
        var arrived = new HashMap<Day, Sums>();
        sql.statement(run, "meter-usage")
                .param("accounts", accounts.toArray(String[]::new))
                .query(row -> {
                    arrived.merge(
                            new Day(
                                    row.getObject("period", LocalDate.class),
                                    row.getString("account"),
                                    row.getString("product"),
                                    row.getObject("day", LocalDate.class)),
                            Sums.of(row),
                            Sums::plus);
                });
        var days = arrived.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Day.AS_KEYED))
                .toList();
        var known = known(days.stream().map(Map.Entry::getKey).toList());
        var metered = new ArrayList<Metered>(days.size());
        metered.addAll(insert(
                days.stream().filter(day -> !known.contains(day.getKey())).toList()));
        metered.addAll(
                update(days.stream().filter(day -> known.contains(day.getKey())).toList()));
        return metered;
    }

    private record Month(LocalDate period, String account, String product) {}

    /** Which of the days, given in their order, have usage already. */
    private Set<Day> known(List<Day> days) {
        var months = days.stream().collect(groupingBy(day -> new Month(day.period(), day.account(), day.product())));
        return jdbc
                .sql("""
                        select m.period, m.account, m.product, u.day
                          from unnest(:period::date[], :account::text[], :product::text[], :first::date[], :last::date[])
                            as m (period, account, product, first, last)
                         cross join lateral (
                               select day
                                 from daily_usage
                                where (period, account, product) = (m.period, m.account, m.product)
                                  and day between m.first and m.last
                               offset 0) u""")
                .param("period", Column.of(months.keySet(), Month::period))
                .param("account", Column.of(months.keySet(), Month::account))
                .param("product", Column.of(months.keySet(), Month::product))
                .param("first", Column.of(months.values(), of -> of.getFirst().day()))
                .param("last", Column.of(months.values(), of -> of.getLast().day()))
                .query(Day.class)
                .stream()
                .collect(toSet());
    }

    private List<Metered> insert(List<Map.Entry<Day, Sums>> added) {
        if (added.isEmpty()) return List.of();
        template.execute((ConnectionCallback<Long>) connection ->
                CopyRows.copy(connection.unwrap(PGConnection.class), """
                copy daily_usage (account, product, day, period, quantity, records, free_quantity, free_records, gate_charge,
                                  rated)
                from stdin (format binary)
                """, rows -> {
                    for (var each : added) {
                        var day = each.getKey();
                        var sums = each.getValue();
                        rows.row(10).text(day.account()).text(day.product());
                        rows.date(day.day()).date(day.period());
                        rows.numeric(sums.quantity()).int8(sums.records());
                        rows.numeric(sums.freeQuantity()).int8(sums.freeRecords());
                        rows.numeric(sums.gateCharge()).bool(true);
                    }
                }));
        return added.stream()
                .map(each -> metered(each.getKey(), each.getValue().quantity(), true))
                .toList();
    }

    /** The ledger knows what a rated day cost: only what is new of it still counts as charged by the gate. */
    private List<Metered> update(List<Map.Entry<Day, Sums>> more) {
        if (more.isEmpty()) return List.of();
        var days = more.stream().map(Map.Entry::getKey).toList();
        var sums = more.stream().map(Map.Entry::getValue).toList();
        return jdbc.sql("""
                        update daily_usage d
                           set quantity = d.quantity + a.quantity,
                               records = d.records + a.records,
                               free_quantity = d.free_quantity + a.free_quantity,
                               free_records = d.free_records + a.free_records,
                               gate_charge = case when d.rated then 0 else d.gate_charge end + a.gate_charge,
                               rated = true
                          from unnest(:period::date[], :account::text[], :product::text[], :day::date[], :quantity::numeric[],
                                      :records::bigint[], :freeQuantity::numeric[], :freeRecords::bigint[],
                                      :gateCharge::numeric[])
                            as a (period, account, product, day, quantity, records, free_quantity, free_records, gate_charge)
                         where (d.period, d.account, d.product, d.day) = (a.period, a.account, a.product, a.day)
                        returning d.period, d.account, d.product, d.day, d.quantity""")
                .param("period", Column.of(days, Day::period))
                .param("account", Column.of(days, Day::account))
                .param("product", Column.of(days, Day::product))
                .param("day", Column.of(days, Day::day))
                .param("quantity", Column.of(sums, Sums::quantity))
                .param("records", Column.of(sums, Sums::records))
                .param("freeQuantity", Column.of(sums, Sums::freeQuantity))
                .param("freeRecords", Column.of(sums, Sums::freeRecords))
                .param("gateCharge", Column.of(sums, Sums::gateCharge))
                .query((row, i) -> metered(
                        new Day(
                                row.getObject("period", LocalDate.class),
                                row.getString("account"),
                                row.getString("product"),
                                row.getObject("day", LocalDate.class)),
                        row.getBigDecimal("quantity"),
                        false))
                .list();
    }

    private static Metered metered(Day day, BigDecimal quantity, boolean added) {
        return new Metered(day.account(), day.product(), day.day(), day.period(), quantity, added);
    }
}
