/**
 * Turns the rated usage of a period into invoices that can no longer change.
 *
 * <h2>Owns</h2>
 * invoice lines, tax, totals, numbers and status; settlements, and what an invoice still has open; credit notes.
 *
 * <h2>Does not own</h2>
 * what usage costs (rating), the PDF (document), how it is charged (payment), what follows if it is not (dunning).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>An issued invoice has a number; numbers of one year have no gap and no twin.
 *   <li>A total is the sum of its printed lines less credits plus tax; each line was rounded once.
 *   <li>Each line bears one tax; each tax is rounded once, on the sum of its lines less their part of the credit.
 *   <li>One account has at most one invoice per period and currency.
 * </ul>
 */
@NamedInterface("invoicing")
@NullMarked
package io.postpaid.billing.invoicing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
