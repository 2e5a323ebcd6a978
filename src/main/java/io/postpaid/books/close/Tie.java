package io.postpaid.books.close;

import java.math.BigDecimal;

/**
 * A figure of the books, and what it must be equal to.
 *
 * @param books by the general ledger
 * @param against what the other amount is
 */
public record Tie(String name, String currency, BigDecimal books, String against, BigDecimal other) {
    public BigDecimal difference() {
        return books.subtract(other);
    }

    public boolean holds() {
        return difference().signum() == 0;
    }
}
