package io.postpaid.payments.charging;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One try to charge an invoice. */
public record PaymentAttempt(
        long id,
        long invoice,
        int n,
        AttemptStatus status,
        String paymentMethod,
        long amountMinor,
        String currency,
        @Nullable String stripeId,
        @Nullable String declineCode,
        @Nullable String message,
        Instant claimedAt,
        @Nullable Instant resolvedAt) {}
