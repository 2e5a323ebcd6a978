/**
 * Invoices of top-ups and their credit notes.
 *
 * <h2>Owns</h2>
 * what credit costs with its tax, what of that a part of it returns; the numbered documents.
 *
 * <h2>Does not own</h2>
 * the charge and the refund (payments), the credit (credit), the PDF (document).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A top-up that was charged has one invoice, of the credit and the tax that was charged for it.
 *   <li>Numbers of one kind and year have no gap and no twin.
 *   <li>All credit notes of a top-up together return the rounded tax on all that they take back.
 * </ul>
 */
@NamedInterface("receipt")
@NullMarked
package io.postpaid.billing.receipt;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
