/**
 * Turns quantities into money.
 *
 * <h2>Owns</h2>
 * the price book; the daily quantities of each account; what they cost; the tax rates.
 *
 * <h2>Does not own</h2>
 * raw usage (usage), grants and postings (credit), rounding to cents (billing).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A price in force is never changed: a new one follows it.
 *   <li>Every metered unit is priced exactly once.
 * </ul>
 */
@ApplicationModule(allowedDependencies = {"account", "credit"})
@NullMarked
package io.postpaid.pricing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
