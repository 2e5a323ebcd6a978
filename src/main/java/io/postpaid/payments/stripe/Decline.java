package io.postpaid.payments.stripe;

import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.PaymentOutcome.DeclinedForGood;
import io.postpaid.payments.stripe.PaymentOutcome.DeclinedRetryable;
import io.postpaid.payments.stripe.PaymentOutcome.NeedsCustomer;
import io.postpaid.payments.stripe.PaymentOutcome.TooSmall;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Stripe says of a charge that was declined, what it means, and the sentence for the customer.
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
        @Nullable String charge) {
    private static final String TOO_SMALL = "amount_too_small";
    private static final String TOO_LARGE = "amount_too_large";
    private static final String CANCELED = "canceled";
    private static final String UNUSABLE = "payment_method_unusable";

    private static final Set<String> NEED_CUSTOMER = Set.of("""
            authentication_required payment_intent_authentication_failure authentication_not_handled
            offline_pin_required online_or_offline_pin_required""".split("\\s+"));

    /** For good until the card changes. */
    private static final Set<String> FOR_GOOD = Set.of("""
            lost_card stolen_card pickup_card restricted_card fraudulent merchant_blacklist security_violation
            incorrect_number invalid_number incorrect_cvc invalid_cvc invalid_expiry_month invalid_expiry_year
            invalid_account new_account_information_available expired_card card_not_supported currency_not_supported
            not_permitted transaction_not_allowed revocation_of_authorization revocation_of_all_authorizations
            stop_payment_order testmode_decline amount_too_large canceled payment_method_unusable""".split("\\s+"));

    /** A request that was refused because of the card or the amount: it will not be taken another time either. */
    public static Optional<Decline> ofRefusal(RefusedException refused) {
        var code = refused.param().equals("payment_method") ? UNUSABLE : refused.code();
        return Set.of(UNUSABLE, TOO_SMALL, TOO_LARGE).contains(code)
                ? Optional.of(new Decline(code, null, refused.getMessage(), null))
                : Optional.empty();
    }

    /** That an intent was cancelled at Stripe. */
    public static Decline canceled(@Nullable String charge) {
        return new Decline(CANCELED, null, "The intent was cancelled at Stripe", charge);
    }

    boolean isCanceled() {
        return code.equals(CANCELED);
    }

    /** The network's advice first, the decline code second; what is not known may be retried. */
    public PaymentOutcome outcome() {
        if (code.equals(TOO_SMALL)) return new TooSmall(this);
        if (NEED_CUSTOMER.contains(code)) return new NeedsCustomer(this);
        return switch (advice) {
            case "do_not_try_again", "confirm_card_data" -> new DeclinedForGood(this);
            case "try_again_later" -> new DeclinedRetryable(this);
            case null, default -> FOR_GOOD.contains(code) ? new DeclinedForGood(this) : new DeclinedRetryable(this);
        };
    }

    /** One plain sentence for the customer; whoever holds a stolen card must not learn from us that it is looked for. */
    public String sentence() {
        return switch (code) {
            case "insufficient_funds" -> "There was not enough money available on the card.";
            case "withdrawal_count_limit_exceeded", "card_velocity_exceeded" -> "The card has reached its limit.";
            case "expired_card" -> "The card has expired. Please add a new one.";
            case "invalid_expiry_month", "invalid_expiry_year" ->
                "The card's expiry date is not right. Please add the card again.";
            case "incorrect_number", "invalid_number" -> "The card number is not right. Please add the card again.";
            case "incorrect_cvc", "invalid_cvc" -> "The card's security code is not right. Please add the card again.";
            case "invalid_account" -> "The card's account is closed or not valid. Please use another card.";
            case "card_not_supported" -> "The card does not allow this kind of payment. Please use another card.";
            case "currency_not_supported" -> "The card cannot be charged in this currency. Please use another card.";
            case "processing_error", "reenter_transaction" -> "The bank could not process the charge at that time.";
            case "issuer_not_available" -> "Your bank could not be reached.";
            case "try_again_later" -> "Your bank could not process the charge at that time.";
            case "authentication_required" -> "Your bank wants you to confirm the payment.";
            case "payment_intent_authentication_failure" ->
                "Your bank did not confirm the payment. Please try again, or use another card.";
            case UNUSABLE -> "The card can no longer be used. Please add a new one.";
            case TOO_SMALL -> "The amount is too small to be charged to a card.";
            case TOO_LARGE -> "The amount is too large to be charged to a card at once.";
            case CANCELED -> "The payment was cancelled.";
            case "revocation_of_authorization", "revocation_of_all_authorizations", "stop_payment_order" ->
                "The permission to charge this card was taken back at your bank.";
            default ->
                "Your bank declined the charge and gave us no reason. Please use another card, or ask your bank.";
        };
    }
}
