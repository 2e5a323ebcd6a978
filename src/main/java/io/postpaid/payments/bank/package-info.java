/**
 * Bank statements: imported once, and each line matched with the money that it is in the books.
 *
 * <h2>Owns</h2>
 * the files, statements and lines that were imported, what each line is, and postings for what the bank charges.
 *
 * <h2>Does not own</h2>
 * the formats (statement), transfers (settlement), payouts (reconciliation).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A file is imported once, a line once, and a line is one amount in the books at most.
 *   <li>Only a line that names an open invoice and is of its exact amount is recorded without a person.
 * </ul>
 */
@NamedInterface("bank")
@NullMarked
package io.postpaid.payments.bank;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
