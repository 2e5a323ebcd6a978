/**
 * Bills a month once more, in memory, and compares.
 *
 * <h2>Owns</h2>
 * which accounts would be billed otherwise than they were, by how much, and why.
 *
 * <h2>Does not own</h2>
 * rating and what credit covers (pricing.rating), drafting and tax (billing.invoicing): it has them do again what they did.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>It leaves no trace: every transaction is read only, and nobody outside is asked.
 *   <li>Where nothing has changed since, the difference is zero for every account of every billed month.
 * </ul>
 */
@NamedInterface("rehearse")
@NullMarked
package io.postpaid.books.rehearse;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
