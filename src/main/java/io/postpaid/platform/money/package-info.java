/**
 * The currencies that an account can be billed in, and the one place where an amount is rounded.
 *
 * <h2>Owns</h2>
 * the table of currencies; the rounding rule; how amounts are written as text.
 *
 * <h2>Does not own</h2>
 * prices (pricebook), accrued cost (rating): both are exact decimals that are not rounded.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Rounding is HALF_UP to the unit that can be charged in the currency, and happens once, on the invoice line.
 * </ul>
 */
@NullMarked
package io.postpaid.platform.money;

import org.jspecify.annotations.NullMarked;
