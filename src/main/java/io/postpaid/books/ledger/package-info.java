/**
 * The general ledger: the accounts of a set of books, as the customers' ledger, the rated usage and the company's own postings
 * say them.
 *
 * <h2>Owns</h2>
 * the names and kinds of its accounts; the view of its entries (ledger_entry), and its trial balance.
 *
 * <h2>Does not own</h2>
 * any posting: it is drawn from those of credit and payments, and from the usage that was rated.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>An entry moves one amount from one account to another, so that debits and credits are equal in every currency.
 *   <li>An entry stands on the day of its event; usage in the month that bills it.
 * </ul>
 */
@NamedInterface("ledger")
@NullMarked
package io.postpaid.books.ledger;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
