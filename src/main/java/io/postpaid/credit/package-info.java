/**
 * Prepaid money, and the ledger that every amount goes through.
 *
 * <h2>Owns</h2>
 * grants and the order in which they are used; the postings; an account's running monthly cost.
 *
 * <h2>Does not own</h2>
 * what usage costs (rating), what is printed (invoicing), how a top-up is paid (payment).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A posting moves one amount from one ledger account to another: the ledger sums to zero by its form.
 *   <li>No grant goes below zero, and none is used on or after the day it expires.
 *   <li>Credit is consumed before anything accrues.
 * </ul>
 */
@ApplicationModule(allowedDependencies = {"account"})
@NullMarked
package io.postpaid.credit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
