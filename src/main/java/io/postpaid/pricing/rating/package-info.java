/**
 * Turns usage into cost with the price in force on the day, and has it covered: by credit first, the rest accrues.
 *
 * <h2>Owns</h2>
 * the pricing functions; the journal of daily usage and its cost; what usage costs that is known and not rated yet.
 *
 * <h2>Does not own</h2>
 * prices (pricebook), quantities (metering), grants and postings (credit), rounding to cents (invoicing).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Every metered unit is priced exactly once, whatever the order in which it arrived.
 *   <li>Nothing is rounded to cents here; nothing is divided before it is multiplied.
 *   <li>The cost of a period equals the revenue posted for it.
 * </ul>
 */
@NamedInterface("rating")
@NullMarked
package io.postpaid.pricing.rating;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
