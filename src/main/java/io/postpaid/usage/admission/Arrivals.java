package io.postpaid.usage.admission;

import io.postpaid.usage.record.UsageRecord;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The sums of accepted records per file, account, product and UTC day, as metering will take them. */
public final class Arrivals {
    public record Cell(long file, String account, String product, LocalDate day) {}

    /** What has been added up so far; {@code free} is what costs zero. */
    public static final class Sums {
        BigDecimal quantity = BigDecimal.ZERO;
        long records;
        BigDecimal freeQuantity = BigDecimal.ZERO;
        long freeRecords;
    }

    private final Map<Cell, Sums> cells = new HashMap<>();

    public void add(long file, UsageRecord usage, LocalDate day, boolean billable) {
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

    public Map<Cell, Sums> cells() {
        return cells;
    }
}
