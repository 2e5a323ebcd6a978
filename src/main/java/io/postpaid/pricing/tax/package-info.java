/**
 * Which tax an amount bears.
 *
 * <h2>Owns</h2>
 * tax rates by country, region and category, each effective from a UTC day; reverse charge; exemptions; the tax file.
 *
 * <h2>Does not own</h2>
 * the sums of an invoice and their tax (billing), the form of tax ids (account).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A rate that an invoice used is never changed: a new version follows it.
 *   <li>A country that has rates is never taxed with nothing because none of them fits: the account is held.
 *   <li>As long as no rate was imported, the percentages of the seller file hold.
 * </ul>
 */
@NamedInterface("tax")
@NullMarked
package io.postpaid.pricing.tax;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
