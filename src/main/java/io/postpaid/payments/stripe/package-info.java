/**
 * Calls Stripe at the rate that it allows, and says what its answers mean.
 *
 * <h2>Owns</h2>
 * the requests and what is read of the answers; the front part of every idempotency key; the minor units; the meaning of a decline.
 *
 * <h2>Does not own</h2>
 * what is called for, and what follows from an answer (charging, topup, settlement, webhook).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Nothing that changes something is sent without a key of ours.
 *   <li>A call without an answer is not taken for a failure: its effect is not known.
 * </ul>
 */
@NullMarked
package io.postpaid.payments.stripe;

import org.jspecify.annotations.NullMarked;
