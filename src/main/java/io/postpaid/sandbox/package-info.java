/**
 * Stands in for the outside world: Stripe and VIES over real HTTP, a mail server over real SMTP, all on loopback.
 *
 * <h2>Owns</h2> the Stripe stand-in's objects and events (one journal file), the mails it accepted (one file each), the
 * table of test cards.
 *
 * <h2>Does not own</h2> anything of the product: no account, no invoice, no payment attempt. No package knows this one;
 * it is reached by address like the real services.
 *
 * <h2>Always true</h2>
 * <ul>
 *   <li>What was answered was written before: a process killed at any instant has lost no charge and no mail that
 *       somebody was told of.
 *   <li>An idempotency key has one effect within 24 hours, whichever process on the directory is asked.
 *   <li>A payment intent succeeds at most once.
 *   <li>A mail delivered twice is two files.
 * </ul>
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.postpaid.sandbox;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
