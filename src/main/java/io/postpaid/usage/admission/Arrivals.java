package io.postpaid.usage.admission;

import io.postpaid.platform.batch.CopyRows;
import io.postpaid.platform.batch.CopyRows.RowWriter;
import io.postpaid.usage.record.UsageRecord;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Oid;

/** The sums of accepted records per file, account, product and UTC day, as metering will take them. */
final class Arrivals {
    /** What has been added up so far; {@code free} is what costs zero. */
    private static final class Sums {
        BigDecimal quantity = BigDecimal.ZERO;
        long records;
        BigDecimal freeQuantity = BigDecimal.ZERO;
        long freeRecords;
    }

    /** The days of an account and product. Usage comes in about the order of its time: mostly the last one is meant again. */
    private static final class Days {
        final Map<Integer, Sums> sums = new TreeMap<>();
        private int lastDay;
        private @Nullable Sums last;

        Sums of(int day) {
            if (last == null || lastDay != day) {
                last = sums.computeIfAbsent(day, _ -> new Sums());
                lastDay = day;
            }
            return last;
        }
    }

    /** Hashed step by step: few steps are new to the processor's cache, where one map of all would be. */
    private final Map<Long, Map<String, Map<String, Days>>> files = new HashMap<>();

    private int size;

    void add(long file, UsageRecord usage, int day, boolean billable) {
        var days = files.computeIfAbsent(file, _ -> new HashMap<>())
                .computeIfAbsent(usage.account(), _ -> new HashMap<>(4))
                .computeIfAbsent(usage.product(), _ -> new Days());
        var sums = days.of(day);
        if (sums.records + sums.freeRecords == 0) size++;
        if (billable) {
            sums.quantity = sums.quantity.add(usage.quantity());
            sums.records++;
        } else {
            sums.freeQuantity = sums.freeQuantity.add(usage.quantity());
            sums.freeRecords++;
        }
    }

    int size() {
        return size;
    }

    private record Day(String product, int day, Sums sums) {}

    /**
     * As rows of arrived_batch.
     *
     * @param type the oid of arrived_day
     */
    RowWriter rows(int type) {
        return rows -> {
            for (var file : files.entrySet()) {
                for (var account : new TreeMap<>(file.getValue()).entrySet()) {
                    rows.row(3).int8(file.getKey()).text(account.getKey());
                    var days = inOrder(account.getValue());
                    rows.array(type, days.size(), elements -> {
                        for (var day : days) elements.composite(6, fields -> write(fields, day));
                    });
                }
            }
        };
    }

    private static List<Day> inOrder(Map<String, Days> products) {
        var days = new ArrayList<Day>();
        products.forEach((product, of) -> of.sums.forEach((day, sums) -> days.add(new Day(product, day, sums))));
        days.sort(Comparator.comparingInt(Day::day).thenComparing(Day::product));
        return days;
    }

    private static void write(CopyRows fields, Day day) throws SQLException {
        var sums = day.sums();
        fields.type(Oid.TEXT).text(day.product()).type(Oid.DATE).date(day.day());
        fields.type(Oid.NUMERIC).numeric(sums.quantity).type(Oid.INT8).int8(sums.records);
        fields.type(Oid.NUMERIC).numeric(sums.freeQuantity).type(Oid.INT8).int8(sums.freeRecords);
    }
}
