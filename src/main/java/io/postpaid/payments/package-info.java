/**
 * Money that comes in and goes back: by card through Stripe, once for each invoice and top-up, and by bank transfer.
 *
 * <h2>Owns</h2>
 * payment intents, attempts, top-ups, refunds, disputes, transfers, write-offs, approvals and Stripe's events, room by room: {@code stripe},
 * {@code charging}, {@code topup}, {@code settlement}, {@code webhook}, {@code approval}, each knowing those before it; {@code reconciliation} and
 * {@code dunning} beside them.
 *
 * <h2>Does not own</h2>
 * what is open (invoicing), the card on file (account), the sending of mails (mail).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Stripe is never called inside a transaction, and never without a key of ours.
 *   <li>What comes in settles what is open, and the rest is on the account balance: no money is left unbooked.
 * </ul>
 */
@ApplicationModule(
        allowedDependencies = {
            "account",
            "billing::invoicing",
            "billing::receipt",
            "credit",
            "mail",
            "pricing::calculation"
        })
@NullMarked
package io.postpaid.payments;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
