/**
 * Journals of closed months, and files of them for accounting programs.
 *
 * <h2>Owns</h2>
 * the lines that a month adds to the accounts of the general ledger, rounded and in the currency of the books; which account
 * of the user's chart each one is; the files that Xero, QuickBooks, NetSuite and DATEV import.
 *
 * <h2>Does not own</h2>
 * what happened (ledger); when a month is closed (close).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Each entry balances in its currency and in that of the books, and no line of it ever changes.
 *   <li>The lines of an account, product and tax sum to its rounded balance in the ledger, whatever was cut off each month.
 *   <li>A file that the program would refuse is not written, and its name is that of a whole file.
 * </ul>
 */
@NamedInterface("journal")
@NullMarked
package io.postpaid.books.journal;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
