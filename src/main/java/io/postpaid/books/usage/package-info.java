/**
 * An account's single records, with what became of each: for customers who ask what an amount is made of.
 *
 * <h2>Owns</h2>
 * the order in which records are handed out, and the words for what became of one.
 *
 * <h2>Does not own</h2>
 * any table: records lie in usage, and what was counted of a day in pricing.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A record is of the account that was asked for.
 *   <li>Memory holds one page of records, however many there are.
 *   <li>A record's invoice is said only where it is certain: a day that two invoices share is said to be shared.
 * </ul>
 */
@NamedInterface("usage")
@NullMarked
package io.postpaid.books.usage;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
