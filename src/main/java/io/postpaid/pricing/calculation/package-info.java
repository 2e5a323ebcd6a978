/**
 * Tax as Stripe Tax calculates it, where {@code POSTPAID_TAX=stripe} says so.
 *
 * <h2>Owns</h2>
 * what Stripe is asked, and what it answered: {@code stripe_tax_calculation}, which is history; the tax of a single amount, whoever
 * decides it.
 *
 * <h2>Does not own</h2>
 * the rates of the tax file (tax), the call itself (payments), the rows of an invoice (billing).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>The same question is paid for once: what was answered is kept, and found by its content.
 *   <li>Nobody is asked within a transaction.
 * </ul>
 */
@NamedInterface("calculation")
@NullMarked
package io.postpaid.pricing.calculation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
