/**
 * Turns what has arrived into the quantity of each account, product and UTC day.
 *
 * <h2>Owns</h2>
 * daily usage; which billing period's invoice late usage goes on.
 *
 * <h2>Does not own</h2>
 * raw records and their sums (usage), what they cost (rating).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>What has arrived is added once.
 *   <li>The daily usage of a frozen period does not change.
 * </ul>
 */
@ApplicationModule(allowedDependencies = {"batch"})
@NullMarked
package io.postpaid.metering;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
