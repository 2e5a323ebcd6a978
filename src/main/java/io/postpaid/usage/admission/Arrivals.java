package io.postpaid.usage.admission;

import io.postpaid.platform.batch.CopyRows.RowWriter;
import io.postpaid.usage.record.UsageRecord;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

    /** As rows of usage_arrival; those of an account side by side, as metering will take them. */
    RowWriter rows() {
        return rows -> {
            for (var file : files.entrySet()) {
                for (var account : new TreeMap<>(file.getValue()).entrySet()) {
                    for (var product : account.getValue().entrySet()) {
                        for (var day : product.getValue().sums.entrySet()) {
                            var sums = day.getValue();
                            rows.row(8).int8(file.getKey()).text(account.getKey());
                            rows.text(product.getKey()).date(day.getKey());
                            rows.numeric(sums.quantity).int8(sums.records);
                            rows.numeric(sums.freeQuantity).int8(sums.freeRecords);
                        }
                    }
                }
            }
        };
    }
}
