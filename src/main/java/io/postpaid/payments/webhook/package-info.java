/**
 * Processes the events of Stripe.
 *
 * <h2>Owns</h2>
 * which events were delivered, taken, swept or dismissed.
 *
 * <h2>Does not own</h2>
 * what follows from the state of an intent, a refund or a dispute (charging, topup, settlement).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>An event is kept before Stripe is answered, and has its effect once, in the transaction that takes it.
 *   <li>Its object is asked for: what the event itself says of it is not believed.
 * </ul>
 */
@NamedInterface("webhook")
@NullMarked
package io.postpaid.payments.webhook;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
