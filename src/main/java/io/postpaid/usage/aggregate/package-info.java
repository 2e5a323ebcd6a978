/**
 * Aggregates usage outside of the database, with Apache Spark, and imports what it adds up to.
 *
 * <h2>Owns</h2>
 * runs with their sums; the snapshot that a run decides by; the process that runs it; which way the usage of a source comes.
 *
 * <h2>Does not own</h2>
 * reading lines (format, mapping) and judging them (admission), which the process does with the same classes; what is done with
 * the sums (metering).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A run is imported as a whole or not at all, and once.
 *   <li>A run knows the keys of all runs before it, and none is imported in between.
 *   <li>A source that was ingested is not aggregated, and one that was aggregated is not ingested.
 * </ul>
 */
@NamedInterface("aggregate")
@NullMarked
package io.postpaid.usage.aggregate;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
