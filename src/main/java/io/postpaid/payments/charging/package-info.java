/**
 * Charges open invoices to the cards on file, once each, and books the money that comes in.
 *
 * <h2>Owns</h2>
 * payment intents and attempts; when a card is tried again; the cards that accounts want; the account balance and what it pays.
 *
 * <h2>Does not own</h2>
 * the open amount (invoicing), the card on file (account), reminders and suspension (dunning).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>An attempt is committed before Stripe is called, and no other is made while its outcome is not known.
 *   <li>An invoice has one payment intent at most that Stripe has not cancelled, and it can succeed once.
 *   <li>Outcome, settlement, notice and reactivation are one transaction.
 * </ul>
 */
@NamedInterface("charging")
@NullMarked
package io.postpaid.payments.charging;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
