/**
 * Reads logs that were not written for billing.
 *
 * <h2>Owns</h2>
 * the mapping file, its rules and the ways in which logs write times; what it takes to read a line of a file again.
 *
 * <h2>Does not own</h2>
 * lines and their quotes (format), what a record must have (record).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A mapping is data, and is kept with each file that was read by it.
 *   <li>A mistake in it is reported with file and key before anything is taken.
 *   <li>A date that does not exist is never moved to a near one.
 * </ul>
 */
@NamedInterface("mapping")
@NullMarked
package io.postpaid.usage.mapping;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
