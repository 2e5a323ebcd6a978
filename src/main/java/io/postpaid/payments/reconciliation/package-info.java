/**
 * Compares every movement of Stripe's balance with the books, and the books with Stripe.
 *
 * <h2>Owns</h2>
 * nothing: it reads views and asks Stripe.
 *
 * <h2>Does not own</h2>
 * the books (charging, topup, settlement).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>What stands on one side only, or differs, is listed with its reason.
 * </ul>
 */
@NamedInterface("reconciliation")
@NullMarked
package io.postpaid.payments.reconciliation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
