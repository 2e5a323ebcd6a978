package io.postpaid.usage.admission;

import io.postpaid.usage.record.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of a line. */
public sealed interface Verdict {
    enum Taken implements Verdict {
        ACCEPTED,
        DUPLICATE,
        /** By its mapping. */
        LEFT_OUT
    }

    /** @param retryAt when what is a little early will be usage like any other */
    record Refused(Reason reason, String detail, @Nullable Instant retryAt) implements Verdict {
        /** Details quote the line, which may hold by an escape what cannot be kept as it is. */
        public Refused {
            detail = detail.replace("\0", "\\0");
        }

        public Refused(Reason reason, String detail) {
            this(reason, detail, null);
        }
    }
}
