/**
 * Adds up what has arrived by account, product and UTC day.
 *
 * <h2>Owns</h2>
 * which billing period's invoice late usage goes on.
 *
 * <h2>Does not own</h2>
 * raw records and what arrives of them (usage), what is kept of a day and what it costs (rating).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>What has arrived is taken once.
 *   <li>Nothing is added to a frozen period, but for an account that is held and has no invoice of it yet.
 * </ul>
 */
@NullMarked
package io.postpaid.pricing.metering;

import org.jspecify.annotations.NullMarked;
