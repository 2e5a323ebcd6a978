/**
 * Pages that show what an amount is made of: days, hours and records of usage, lines of invoices, prices.
 *
 * <h2>Owns</h2>
 * how usage and prices are shown.
 *
 * <h2>Does not own</h2>
 * any figure (pricing and books compute them); sign-in and what all pages share (portal).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A page shows the account that is signed in, and no other.
 *   <li>A page reads daily sums, or one page of a day's records, however much was used.
 * </ul>
 */
@NullMarked
package io.postpaid.web.usage;

import org.jspecify.annotations.NullMarked;
