/**
 * Decides on each line whether it may be billed, and writes what it accepts.
 *
 * <h2>Owns</h2>
 * verdicts and their reasons; the rows of keys, records, corrections, arrivals and quarantined lines.
 *
 * <h2>Does not own</h2>
 * where lines come from and how far a file is taken (intake), what a line says (record).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A batch is taken as a whole or not at all.
 *   <li>A key is the first one's who claims it; writers claim keys in one order.
 *   <li>Each accepted record is in the arrivals of its account, product and day.
 * </ul>
 */
@NullMarked
package io.postpaid.usage.admission;

import org.jspecify.annotations.NullMarked;
