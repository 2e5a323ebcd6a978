/**
 * Charges cards through Stripe, once for each invoice and top-up, whatever dies when, and takes in all other money for invoices.
 *
 * <h2>Owns</h2>
 * payment intents and attempts, their idempotency keys, what an outcome means; when a card is tried again; Stripe's events,
 * refunds and disputes; transfers and write-offs; what came in beyond the open amount; credit bought by card.
 *
 * <h2>Does not own</h2>
 * what is open (invoicing), the card on file (account), reminders and suspension (dunning), the sending of mails (mail).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>An attempt is committed before Stripe hears of it, and no other is made while its outcome is not known.
 *   <li>An invoice has one payment intent for life, which can succeed once.
 *   <li>A top-up is one try, for an account and reference; its end is written when its intent can move no money any more.
 *   <li>Outcome, settlement, notice and reactivation are one transaction.
 *   <li>An event of Stripe has its effect once, in the transaction that remembers it; its object is asked for first.
 *   <li>What comes in settles what is open, and the rest is credit: no money is left unbooked.
 *   <li>Stripe is never called inside a transaction, and never without a key of ours.
 * </ul>
 */
@ApplicationModule(allowedDependencies = {"account", "billing::invoicing", "credit", "mail"})
@NullMarked
package io.postpaid.payments;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
