package io.postpaid.rating;

import java.math.BigDecimal;

/**
 * A quantity that fell into one tier of one price.
 *
 * @param amount exact, or cut at {@link io.postpaid.money.Rounding#ACCRUAL_SCALE} decimals where the quotient does not end
 */
public record RatedPart(long price, int tier, BigDecimal quantity, BigDecimal amount) {}
