package io.postpaid.payments.stripe;

import io.postpaid.payments.stripe.PaymentOutcome.DeclinedForGood;
import io.postpaid.payments.stripe.PaymentOutcome.NeedsCustomer;
import io.postpaid.payments.stripe.PaymentOutcome.Succeeded;
import io.postpaid.payments.stripe.PaymentOutcome.Unknown;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A payment intent as Stripe shows it.
 *
 * @param status {@code requires_payment_method}, {@code requires_confirmation}, {@code requires_action}, {@code processing},
 *     {@code succeeded} or {@code canceled}
 * @param charge its latest charge, a failed one too
 * @param lastError why its last try failed
 * @param nextUrl the page on which the customer confirms it
 * @param metadata what we wrote on it
 */
public record Intent(
        String id,
        String status,
        long amountMinor,
        @Nullable String charge,
        @Nullable Decline lastError,
        @Nullable String nextUrl,
        Map<String, String> metadata) {

    /** Whether it waits for a try. */
    public boolean mayBeConfirmed() {
        return status.equals("requires_payment_method") || status.equals("requires_confirmation");
    }

    /** Whether it can never pay any more. */
    public boolean canceled() {
        return status.equals("canceled");
    }

    /** What its state means for the try that was made. */
    public PaymentOutcome outcome() {
        return switch (status) {
            case "succeeded" -> new Succeeded(id, Objects.requireNonNullElse(charge, id));
            case "canceled" -> new DeclinedForGood(Decline.canceled(charge));
            case "requires_action" ->
                new NeedsCustomer(
                        // Its latest charge is of an earlier try.
                        new Decline("authentication_required", null, "The customer has not confirmed it", null));
            case "requires_payment_method" ->
                Objects.requireNonNullElseGet(lastError, () -> new Decline("card_error", null, null, charge))
                        .outcome();
            default -> new Unknown("Stripe shows " + id + " as " + status, false);
        };
    }
}
