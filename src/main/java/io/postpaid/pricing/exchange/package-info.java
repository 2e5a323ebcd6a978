/**
 * What one currency is worth in another.
 *
 * <h2>Owns</h2>
 * the daily rates of the European Central Bank, and the files that they come from.
 *
 * <h2>Does not own</h2>
 * which amounts are converted, and the day that counts (billing).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A rate that was imported never changes.
 *   <li>A rate between two currencies is made of two that were published on one day, at most a week before it is needed.
 * </ul>
 */
@NamedInterface("exchange")
@NullMarked
package io.postpaid.pricing.exchange;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
