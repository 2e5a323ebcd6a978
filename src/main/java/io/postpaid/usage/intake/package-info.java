/**
 * Takes usage in: from files, the inbox, buckets and the API, and out of quarantine.
 *
 * <h2>Owns</h2>
 * how far each file is taken, with its tie-out; the inbox and its like in buckets; release from quarantine; applying corrections.
 *
 * <h2>Does not own</h2>
 * reading lines (format, mapping), deciding on them (admission).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>The tie-out is committed with what it counts.
 *   <li>A file that was broken off goes on where it stopped.
 *   <li>A file without ids of its own is not taken twice, whatever its name.
 * </ul>
 */
@NamedInterface("intake")
@NullMarked
package io.postpaid.usage.intake;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
