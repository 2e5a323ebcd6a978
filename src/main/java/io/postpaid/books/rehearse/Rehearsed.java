package io.postpaid.books.rehearse;

import static java.util.stream.Collectors.joining;

import io.postpaid.billing.invoicing.Bill;
import java.math.BigDecimal;
import java.util.Set;

/**
 * An account of a rehearsal.
 *
 * @param before as it was billed; where no invoice is issued, as it would be by what has accrued so far
 * @param causes why they differ; empty where every figure is the same
 */
public record Rehearsed(String account, Bill before, Bill after, Set<Cause> causes) {
    public boolean changed() {
        return !causes.isEmpty();
    }

    public BigDecimal difference() {
        return after.total().subtract(before.total());
    }

    /** Such as {@code price, tax}. */
    public String why() {
        return causes.stream().sorted().map(Cause::toString).collect(joining(", "));
    }
}
