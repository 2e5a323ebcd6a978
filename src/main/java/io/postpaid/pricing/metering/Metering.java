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
import org.jspecify.annotations.Nullable;
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

    private record Month(String account, String product, LocalDate firstDay) {
        boolean is(Metered metered) {
            return account.equals(metered.account) && product.equals(metered.product) && firstDay.equals(metered.month);
        }
    }

    /**
     * Takes what has arrived for some accounts of the days before the run's date, in the caller's transaction.
     *
     * @return by account, product and month
     */
    public List<Metered> meter(Collection<String> accounts, Run run) {
        Map<Month, Metered> months = new HashMap<>();
        var last = new Object() {
            @Nullable
            Metered month;
        };
        sql.statement(run, "meter-usage")
                .param("accounts", accounts.toArray(String[]::new))
                .query(row -> {
                    // By number: there are very many, of which those of a month come side by side.
                    var day = row.getObject(3, LocalDate.class);
                    var month = new Month(row.getString(1), row.getString(2), day.withDayOfMonth(1));
                    var metered = last.month;
                    if (metered == null || !month.is(metered)) {
                        var period = row.getObject(4, LocalDate.class);
                        metered = months.computeIfAbsent(
                                month,
                                _ -> new Metered(
                                        month.account(), month.product(), month.firstDay(), period, new TreeMap<>()));
                        last.month = metered;
                    }
                    metered.days()
                            .merge(
                                    day,
                                    new Sums(
                                            row.getBigDecimal(5),
                                            row.getLong(6),
                                            row.getBigDecimal(7),
                                            row.getLong(8),
                                            row.getBigDecimal(9)),
                                    Sums::plus);
                });
        return months.values().stream()
                .sorted(Comparator.comparing(Metered::account)
                        .thenComparing(Metered::product)
                        .thenComparing(Metered::month))
                .toList();
    }
}
