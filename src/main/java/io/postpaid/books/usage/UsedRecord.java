package io.postpaid.books.usage;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.usage.archive.RawRecord;
import java.util.List;

/**
 * A record with what became of it.
 *
 * @param billedIn the billing periods that its day is invoiced in: one, or several where usage of the day came late as well
 */
public record UsedRecord(RawRecord record, List<BillingPeriod> billedIn) {
    public UsedRecord {
        billedIn = List.copyOf(billedIn);
    }

    /** What became of a record. */
    public enum Status {
        /** It counts for an invoice. */
        BILLABLE,
        /** It costs nothing: the call failed, or its operation or product is not billable. */
        FREE,
        /** A correction has taken it back. */
        VOIDED
    }

    public Status status() {
        if (record.voided()) return Status.VOIDED;
        return record.billable() ? Status.BILLABLE : Status.FREE;
    }

    /** Whether it came after its month was invoiced, and so goes on a later invoice. */
    public boolean late() {
        return billedIn.size() == 1 && !billedIn.getFirst().equals(BillingPeriod.of(record.day()));
    }
}
