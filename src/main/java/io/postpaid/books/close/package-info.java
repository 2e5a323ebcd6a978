/**
 * Closes the books of a month.
 *
 * <h2>Owns</h2>
 * which months are closed, what each close proved, and the hashes of its report.
 *
 * <h2>Does not own</h2>
 * the ledger, the journal and the report (rooms beside it); the triggers that keep a closed month closed (V033).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Months are closed in order, and opened again from the last one back.
 *   <li>A month is closed with its journal and all its proofs, or not at all.
 *   <li>Nothing is posted into a closed month, by whatever way.
 * </ul>
 */
@NamedInterface("close")
@NullMarked
package io.postpaid.books.close;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
