package io.postpaid.payment;

import org.jspecify.annotations.Nullable;

/**
 * A payment intent as Stripe shows it.
 *
 * @param status {@code requires_payment_method}, {@code requires_confirmation}, {@code requires_action}, {@code processing},
 *     {@code succeeded} or {@code canceled}
 * @param charge its latest charge, a failed one too
 * @param lastError why its last try failed
 */
record Intent(
        String id,
        String status,
        long amountMinor,
        @Nullable String charge,
        @Nullable Decline lastError) {}
