/**
 * Billing periods and the clock that everything is told by.
 *
 * <h2>Owns</h2>
 * the UTC month as a billing period; the one clock of the process.
 *
 * <h2>Does not own</h2>
 * what happens on which day (the features).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Periods are half-open and tile the calendar.
 *   <li>Nothing else reads the system clock.
 * </ul>
 */
@NullMarked
package io.postpaid.platform.calendar;

import org.jspecify.annotations.NullMarked;
