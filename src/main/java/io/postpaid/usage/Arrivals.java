package io.postpaid.usage;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
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

    void add(long file, UsageRecord usage, LocalDate day, boolean billable) {
        var sums = Objects.requireNonNull(
                cells.computeIfAbsent(new Cell(file, usage.account(), usage.product(), day), _ -> new Sums()));
        if (billable) {
            sums.quantity = sums.quantity.add(usage.quantity());
            sums.records++;
        } else {
            sums.freeQuantity = sums.freeQuantity.add(usage.quantity());
            sums.freeRecords++;
        }
    }

    Map<Cell, Sums> cells() {
        return cells;
    }
}
