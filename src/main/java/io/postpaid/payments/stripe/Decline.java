package io.postpaid.payments.stripe;

import org.jspecify.annotations.Nullable;

/**
 * What Stripe told of a charge that did not go through.
 *
 * @param code the decline code, or the error code where there is none
 * @param advice the network's advice
 * @param message in Stripe's words, for operators
 * @param charge the failed charge
 */
public record Decline(
        String code,
        @Nullable String advice,
        @Nullable String message,
        @Nullable String charge) {}
