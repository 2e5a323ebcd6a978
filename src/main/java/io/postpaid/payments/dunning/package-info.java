/**
 * Follows up what stays unpaid: reminds, suspends, and lets in again.
 *
 * <h2>Owns</h2>
 * which step an unpaid invoice has come to, each taken once.
 *
 * <h2>Does not own</h2>
 * the days themselves and the retries of a card (payment), the account's status (account), the sending of mails (mail).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Nobody is suspended without an overdue invoice, nor while it is not known whether a charge went through.
 *   <li>A step, its notice and the suspension are one transaction.
 * </ul>
 */
@NullMarked
package io.postpaid.payments.dunning;

import org.jspecify.annotations.NullMarked;
