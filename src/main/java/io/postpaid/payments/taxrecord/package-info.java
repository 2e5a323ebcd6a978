/**
 * Records at Stripe Tax what was billed with its calculations, so that its own reports are those of the invoices.
 *
 * <h2>Owns</h2>
 * which invoices and credit notes were recorded, each once: {@code stripe_tax_transaction}.
 *
 * <h2>Does not own</h2>
 * the calculations (pricing), the invoices and credit notes (billing).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A document is claimed, and committed, before Stripe is called; the same claim always uses the same key and reference.
 *   <li>A credit note is recorded after its invoice.
 * </ul>
 */
@NullMarked
package io.postpaid.payments.taxrecord;

import org.jspecify.annotations.NullMarked;
