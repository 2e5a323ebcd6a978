/**
 * Traces an invoice back to what it was made of: days, prices, postings, and the raw records of each day.
 *
 * <h2>Owns</h2>
 * the account of an invoice, and the sums that are proved while it is given.
 *
 * <h2>Does not own</h2>
 * any table: it reads, and never mends what it finds.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>What is told is one moment of the books.
 *   <li>Every number that is printed on the invoice is added up again; a difference is told, never smoothed.
 *   <li>Memory holds the days of the invoice and one page of records, however many there are.
 * </ul>
 */
@NamedInterface("explain")
@NullMarked
package io.postpaid.books.explain;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
