/**
 * Money that may stand on an invoice, and the one place where it is rounded. Money itself is Joda-Money's.
 *
 * <h2>Owns</h2>
 * the rounding rule; how amounts are written as text.
 *
 * <h2>Does not own</h2>
 * prices (pricebook), accrued cost (rating): both are exact decimals that are not rounded.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Rounding is HALF_UP to the currency's minor unit, and happens once, on the invoice line.
 * </ul>
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.postpaid.money;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
