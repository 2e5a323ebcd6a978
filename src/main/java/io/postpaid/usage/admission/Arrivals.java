package io.postpaid.usage.admission;

import io.postpaid.usage.record.UsageRecord;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The sums of accepted records per file, account, product and UTC day, as metering will take them. */
final class Arrivals {
    record Cell(long file, String account, String product, LocalDate day) {}

    /** What has been added up so far; {@code free} is what costs zero. */
    static final class Sums {
        BigDecimal quantity = BigDecimal.ZERO;
        long records;
        BigDecimal freeQuantity = BigDecimal.ZERO;
        long freeRecords;
    }

    private final Map<Cell, Sums> cells = new HashMap<>();

    void add(long file, UsageRecord usage, boolean billable) {
        var cell = new Cell(file, usage.account(), usage.product(), usage.day());
        var sums = Objects.requireNonNull(cells.computeIfAbsent(cell, _ -> new Sums()));
        if (billable) {
            sums.quantity = sums.quantity.add(usage.quantity());
            sums.records++;
        } else {
            sums.freeQuantity = sums.freeQuantity.add(usage.quantity());
            sums.freeRecords++;
        }
    }

    int size() {
        return cells.size();
    }

    /** Those of an account side by side, as metering will take them. */
    List<Map.Entry<Cell, Sums>> byAccount() {
        return cells.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(Cell::account)))
                .toList();
    }
}
