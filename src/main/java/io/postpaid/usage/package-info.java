/**
 * Takes usage records in, each at most once, and keeps them.
 *
 * <h2>Owns</h2>
 * usage files and runs with their tie-out, usage keys, usage records, corrections, the quarantine, and the arrivals that metering
 * has not yet taken.
 *
 * <h2>Does not own</h2>
 * accounts (account), products and operations (pricebook): both are only looked up. Daily totals (metering).
 *
 * <h2>Always true</h2>
 * <ul>
 *   <li>One (source, id) is accepted at most once, ever.
 *   <li>For every file lines = accepted + duplicates + quarantined; nothing is dropped.
 *   <li>The first of two conflicting lines wins, and the second is quarantined.
 *   <li>The sums of the arrivals are the sums of the accepted records less the corrections applied.
 *   <li>Its rooms know each other in one direction: intake, admission, mapping, format, record; intake knows bucket, archive knows record,
 *       aggregate knows intake and archive.
 * </ul>
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.postpaid.usage;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
