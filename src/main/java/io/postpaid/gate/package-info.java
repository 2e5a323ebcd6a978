/**
 * Prices a call before it runs, holds the price, and charges at most that.
 *
 * <h2>Owns</h2>
 * authorizations and the sum that is held for each account; which usage came through the gate; how many calls were refused, by the hour; an account's summary of its
 * own usage.
 *
 * <h2>Does not own</h2>
 * what quantities cost (rating), credit and the monthly cost (credit), raw usage once it is written (usage), the words for a
 * refusal (access).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>What is held and charged is never more than the credit that can be used and what is left of the limit.
 *   <li>A call costs at most the price that it was let through at, and costs it once.
 *   <li>One idempotency key of an account is one call, and all items of a call are held and end together.
 *   <li>What the gate charges is what the nightly run bills, to the last decimal, for all but volume prices.
 * </ul>
 */
@ApplicationModule(
        allowedDependencies = {"account", "credit", "mail", "pricing::pricebook", "pricing::rating", "usage::record"})
@NullMarked
package io.postpaid.gate;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
