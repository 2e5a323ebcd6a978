package io.postpaid.pricing.metering;

import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.SqlFiles;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** Adds up what has arrived. */
@Component
public class Metering {
    private final SqlFiles sql;

    Metering(SqlFiles sql) {
        this.sql = sql;
    }

    /**
     * What is new of a month of use.
     *
     * @param month the first day of it
     * @param period the billing period (its first day) that it is invoiced in
     */
    public record Metered(
            String account, String product, LocalDate month, LocalDate period, SortedMap<LocalDate, Sums> days) {}

    /**
     * What is new of a day.
     *
     * @param quantity what is to be billed, in units; negative where more was taken back than came
     * @param gateCharge what the gate has charged for it
     */
    public record Sums(
            BigDecimal quantity, long records, BigDecimal freeQuantity, long freeRecords, BigDecimal gateCharge) {

        Sums plus(Sums more) {
            return new Sums(
                    quantity.add(more.quantity),
                    records + more.records,
                    freeQuantity.add(more.freeQuantity),
                    freeRecords + more.freeRecords,
                    gateCharge.add(more.gateCharge));
        }
    }

    private record Month(String account, String product, LocalDate firstDay) {}

    /**
     * Takes what has arrived for some accounts of the days before the run's date, in the caller's transaction.
     *
     * @return by account, product and month
     */
    public List<Metered> meter(Collection<String> accounts, Run run) {
        Map<Month, Metered> months = new HashMap<>();
        sql.statement(run, "meter-usage")
                .param("accounts", accounts.toArray(String[]::new))
                .query(row -> {
                    var day = row.getObject("day", LocalDate.class);
                    var month = new Month(row.getString("account"), row.getString("product"), day.withDayOfMonth(1));
                    var metered = months.get(month);
                    if (metered == null) {
                        var period = row.getObject("period", LocalDate.class);
                        metered = new Metered(
                                month.account(), month.product(), month.firstDay(), period, new TreeMap<>());
                        months.put(month, metered);
                    }
                    metered.days()
                            .merge(
                                    day,
                                    new Sums(
                                            row.getBigDecimal("quantity"),
                                            row.getLong("records"),
                                            row.getBigDecimal("free_quantity"),
                                            row.getLong("free_records"),
                                            row.getBigDecimal("gate_charge")),
                                    Sums::plus);
                });
        return months.values().stream()
                .sorted(Comparator.comparing(Metered::account)
                        .thenComparing(Metered::product)
                        .thenComparing(Metered::month))
                .toList();
    }
}
