/**
 * Forgetting the person behind an account.
 *
 * <h2>Owns</h2>
 * the promise of each wing that keeps something of a person to erase it.
 *
 * <h2>Does not own</h2>
 * what there is to erase (the wing whose table it is), and when (privacy).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>All wings erase in one transaction, or none does.
 * </ul>
 */
@NullMarked
package io.postpaid.platform.erasure;

import org.jspecify.annotations.NullMarked;
