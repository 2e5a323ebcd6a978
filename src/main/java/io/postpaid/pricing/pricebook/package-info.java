/**
 * What usage costs: products, and the versions of their prices.
 *
 * <h2>Owns</h2>
 * products, list prices and the overrides of single accounts, each effective from a UTC day; the price file.
 *
 * <h2>Does not own</h2>
 * the arithmetic (rating), what was used (usage, metering).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A price that was used is never edited: a new version follows it.
 *   <li>No new version changes what a frozen period cost.
 *   <li>On every day an account has at most one price for a product: its own, otherwise the list price.
 * </ul>
 */
@NamedInterface("pricebook")
@NullMarked
package io.postpaid.pricing.pricebook;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
