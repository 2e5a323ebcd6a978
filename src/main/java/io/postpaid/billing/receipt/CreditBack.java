package io.postpaid.billing.receipt;

import static java.math.BigDecimal.ZERO;

import io.postpaid.platform.money.Rounding;
import java.math.BigDecimal;

/**
 * What a top-up was sold for and what of it went back. A part returns the rounded tax on all that went back so far less what
 * was returned before, so that all parts together return what was charged, to the cent: a pure function.
 *
 * @param net the credit that was sold
 * @param netBack of it, what went back
 */
public record CreditBack(String currency, BigDecimal net, BigDecimal tax, BigDecimal netBack, BigDecimal taxBack) {

    /** A part that goes back: credit, and the tax on it. */
    public record Part(BigDecimal net, BigDecimal tax) {
        public BigDecimal total() {
            return net.add(tax);
        }
    }

    /** What goes back with an amount of credit. */
    public Part ofNet(BigDecimal part) {
        return new Part(part, due(netBack.add(part), net));
    }

    /** What an amount of money consists of. */
    public Part ofTotal(BigDecimal part) {
        var due = due(netBack.add(taxBack).add(part), net.add(tax)).min(part);
        return new Part(part.subtract(due), due);
    }

    private BigDecimal due(BigDecimal back, BigDecimal all) {
        return Rounding.toMinorUnit(back.min(all).multiply(tax), all, currency)
                .subtract(taxBack)
                .max(ZERO)
                .min(tax.subtract(taxBack));
    }
}
