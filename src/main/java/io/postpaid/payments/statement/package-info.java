/**
 * Reads bank statements: camt.053, MT940, and CSV by a mapping.
 *
 * <h2>Owns</h2>
 * the formats.
 *
 * <h2>Does not own</h2>
 * what follows from a line (bank).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A statement whose lines do not lead from its opening to its closing balance is refused, and its file with it.
 *   <li>A file is data of a stranger: no document type, no entity, and every size is bounded.
 * </ul>
 */
@NullMarked
package io.postpaid.payments.statement;

import org.jspecify.annotations.NullMarked;
