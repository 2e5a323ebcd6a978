package io.postpaid.bench;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How many processors were busy on average.
 *
 * @param postpaid of this process, what measures included
 * @param postgresql of all processes of the server; null where it runs on another machine
 */
public record Cores(BigDecimal postpaid, @Nullable BigDecimal postgresql) {
    @Override
    public String toString() {
        return "Postpaid " + postpaid + (postgresql == null ? "" : ", PostgreSQL " + postgresql);
    }
}
