/**
 * The customers that are billed.
 *
 * <h2>Owns</h2>
 * name, aliases, address, currency, monthly limit, card on file and status of an account; the history of what happened to it.
 *
 * <h2>Does not own</h2>
 * credit (credit), whether a call is allowed (access), the cards themselves (Stripe, through payment).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>An import changes all of what its file says, or nothing.
 *   <li>A name that logs use means one account: no alias belongs to two, or is the id of another.
 *   <li>The currency and the free allowance of an account never change.
 *   <li>Every suspension, reactivation and change of limit or card stands in its history.
 * </ul>
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.postpaid.account;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
