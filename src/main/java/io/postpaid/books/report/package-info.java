/**
 * Proves the books, and shows a period to finance.
 *
 * <h2>Owns</h2>
 * the checks of every invariant (verify_* in the migrations), and what the latest found; the views of the finance report (report_*), its files and its
 * page.
 *
 * <h2>Does not own</h2>
 * any other table: it reads, and never mends what it finds.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>All files of a report show one moment of the books; the same books give the same bytes.
 *   <li>The books of a closed month give the same bytes at any time: they are sums of the general ledger up to its last day.
 *   <li>A file is there as a whole or not at all.
 *   <li>No cell of a CSV file is taken for a formula by a spreadsheet.
 *   <li>The page stands alone: no script, no font and no picture is fetched from anywhere.
 * </ul>
 */
@NamedInterface("report")
@NullMarked
package io.postpaid.books.report;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
