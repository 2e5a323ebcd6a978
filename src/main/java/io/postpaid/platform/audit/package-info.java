/**
 * Who changed what, when, from where and why.
 *
 * <h2>Owns</h2>
 * the audit log, which triggers write in the transaction of each change; and saying in each transaction who acts.
 *
 * <h2>Does not own</h2>
 * what is audited: a wing's migration has the table, and V021 the triggers.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A change and its entry are committed together, or neither is.
 *   <li>An entry is never changed or deleted, and a chain of hashes shows it if one is.
 *   <li>What tells of a person lies beside its entry, which has a salted hash of it, and goes with the account.
 * </ul>
 */
@NullMarked
package io.postpaid.platform.audit;

import org.jspecify.annotations.NullMarked;
