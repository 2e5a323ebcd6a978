package io.postpaid.pricing.exchange;

import io.postpaid.platform.money.Rounding;
import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * By what amounts of one currency become amounts of another.
 *
 * @param fromPerEuro how much of the one is one euro; 1 for the euro itself
 * @param toPerEuro the same of the other
 * @param day on which both were published
 */
public record Exchange(String from, String to, BigDecimal fromPerEuro, BigDecimal toPerEuro, LocalDate day) {
    /** Rounded once, from the exact quotient of the published figures. */
    public BigDecimal convert(BigDecimal amount) {
        return Rounding.toMinorUnit(amount.multiply(toPerEuro), fromPerEuro, to);
    }
}
