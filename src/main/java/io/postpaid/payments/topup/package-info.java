/**
 * Sells credit by card.
 *
 * <h2>Owns</h2>
 * top-ups, from the claim to their end.
 *
 * <h2>Does not own</h2>
 * the credit that they become (credit), what is given back of them (settlement).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A top-up is one try for an account and reference.
 *   <li>One that nobody asked for is bought only where the customer wants it, one at a time, and within the most a month.
 *   <li>Its end is written when its intent can move no money any more.
 * </ul>
 */
@NamedInterface("topup")
@NullMarked
package io.postpaid.payments.topup;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
