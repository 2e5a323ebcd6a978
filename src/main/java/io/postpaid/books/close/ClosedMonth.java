package io.postpaid.books.close;

import io.postpaid.platform.calendar.BillingPeriod;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One closing of a month.
 *
 * @param version 1, and one more each time that it is closed again
 * @param reopenedAt when it was opened again, by whom and why; null while it is closed
 * @param ties what it proved
 * @param files its report
 */
public record ClosedMonth(
        BillingPeriod period,
        int version,
        Instant closedAt,
        String closedBy,
        @Nullable Instant reopenedAt,
        @Nullable String reopenedBy,
        @Nullable String reason,
        List<Tie> ties,
        List<KeptFile> files) {
    public ClosedMonth {
        ties = List.copyOf(ties);
        files = List.copyOf(files);
    }

    /** A file of its report, with the hash of its bytes. */
    public record KeptFile(String file, String sha256, long bytes) {}

    public boolean open() {
        return reopenedAt != null;
    }
}
