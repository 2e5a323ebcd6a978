package io.postpaid.books.explain;

import static java.math.BigDecimal.ZERO;

import io.postpaid.usage.archive.RawRecord;
import java.math.BigDecimal;

/** The records of the day that is being passed over, added up. */
final class DayRecords {
    private BigDecimal quantity = ZERO;
    private BigDecimal freeQuantity = ZERO;
    private long billable;
    private long free;
    private long voided;
    private long seen;

    boolean isEmpty() {
        return seen == 0;
    }

    /** What was billed. */
    BigDecimal quantity() {
        return quantity;
    }

    long counted() {
        return billable + free;
    }

    long add(RawRecord record) {
        if (record.voided()) {
            voided++;
        } else if (record.billable()) {
            billable++;
            quantity = quantity.add(record.quantity());
        } else {
            free++;
            freeQuantity = freeQuantity.add(record.quantity());
        }
        return ++seen;
    }

    void add(ExplanationWriter.Aggregated sums) {
        billable += sums.records();
        quantity = quantity.add(sums.quantity());
        free += sums.freeRecords();
        freeQuantity = freeQuantity.add(sums.freeQuantity());
        voided += sums.voided();
    }

    ExplanationWriter.Records shown(long shown, boolean ties) {
        return new ExplanationWriter.Records(
                billable,
                Explanations.plain(quantity),
                free,
                Explanations.plain(freeQuantity),
                voided,
                Math.min(seen, shown),
                ties);
    }
}
