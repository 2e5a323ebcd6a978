/**
 * Settles invoices without a charge of ours, and gives money back.
 *
 * <h2>Owns</h2>
 * transfers, write-offs and credit notes that operators ask for; refunds and disputes, and what they take and return.
 *
 * <h2>Does not own</h2>
 * how much may be given back (invoicing), the account balance (charging).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Work on an invoice waits until it is known what became of its last charge.
 *   <li>A refund is committed before Stripe is called; credit note, mail and money follow when it has succeeded.
 *   <li>What a bank or the dashboard of Stripe takes is written down as it happened.
 * </ul>
 */
@NamedInterface("settlement")
@NullMarked
package io.postpaid.payments.settlement;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
