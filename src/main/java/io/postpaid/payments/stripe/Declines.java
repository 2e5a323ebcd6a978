package io.postpaid.payments.stripe;

import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.PaymentOutcome.DeclinedForGood;
import io.postpaid.payments.stripe.PaymentOutcome.DeclinedRetryable;
import io.postpaid.payments.stripe.PaymentOutcome.NeedsCustomer;
import io.postpaid.payments.stripe.PaymentOutcome.TooSmall;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a decline means, and what the customer is told of it. */
public final class Declines {
    private static final String TOO_SMALL = "amount_too_small";
    private static final Set<String> NEED_CUSTOMER = Set.of(
            "authentication_required",
            "authentication_not_handled",
            "offline_pin_required",
            "online_or_offline_pin_required");

    /** For good until the card changes. */
    private static final Set<String> FOR_GOOD = Set.of(
            "lost_card",
            "stolen_card",
            "pickup_card",
            "restricted_card",
            "fraudulent",
            "merchant_blacklist",
            "security_violation",
            "incorrect_number",
            "invalid_number",
            "incorrect_cvc",
            "invalid_cvc",
            "invalid_expiry_month",
            "invalid_expiry_year",
            "invalid_account",
            "new_account_information_available",
            "expired_card",
            "card_not_supported",
            "currency_not_supported",
            "not_permitted",
            "transaction_not_allowed",
            "revocation_of_authorization",
            "revocation_of_all_authorizations",
            "stop_payment_order",
            "testmode_decline",
            "amount_too_large",
            "canceled",
            "payment_method_unusable");

    /** Whoever holds the card must not learn from us that it is looked for. */
    private static final String NEUTRAL =
            "Your bank declined the charge and gave us no reason. Please use another card, or ask your bank.";

    private static final Map<String, String> SENTENCES = Map.ofEntries(
            Map.entry("insufficient_funds", "There was not enough money available on the card."),
            Map.entry("withdrawal_count_limit_exceeded", "The card has reached its limit."),
            Map.entry("card_velocity_exceeded", "The card has reached its limit."),
            Map.entry("expired_card", "The card has expired. Please add a new one."),
            Map.entry("invalid_expiry_month", "The card's expiry date is not right. Please add the card again."),
            Map.entry("invalid_expiry_year", "The card's expiry date is not right. Please add the card again."),
            Map.entry("incorrect_number", "The card number is not right. Please add the card again."),
            Map.entry("invalid_number", "The card number is not right. Please add the card again."),
            Map.entry("incorrect_cvc", "The card's security code is not right. Please add the card again."),
            Map.entry("invalid_cvc", "The card's security code is not right. Please add the card again."),
            Map.entry("invalid_account", "The card's account is closed or not valid. Please use another card."),
            Map.entry("card_not_supported", "The card does not allow this kind of payment. Please use another card."),
            Map.entry(
                    "currency_not_supported", "The card cannot be charged in this currency. Please use another card."),
            Map.entry("processing_error", "The bank could not process the charge at that time."),
            Map.entry("issuer_not_available", "Your bank could not be reached."),
            Map.entry("try_again_later", "Your bank could not process the charge at that time."),
            Map.entry("reenter_transaction", "The bank could not process the charge at that time."),
            Map.entry("authentication_required", "Your bank wants you to confirm the payment."),
            Map.entry("payment_method_unusable", "The card can no longer be used. Please add a new one."),
            Map.entry(TOO_SMALL, "The amount is too small to be charged to a card."),
            Map.entry("amount_too_large", "The amount is too large to be charged to a card at once."),
            Map.entry("canceled", "The payment was cancelled."),
            Map.entry("revocation_of_authorization", "The permission to charge this card was taken back at your bank."),
            Map.entry(
                    "revocation_of_all_authorizations",
                    "The permission to charge this card was taken back at your bank."),
            Map.entry("stop_payment_order", "The permission to charge this card was taken back at your bank."));

    private Declines() {}

    /** The network's advice first, the decline code second; what is not known may be retried. */
    public static PaymentOutcome outcome(Decline decline) {
        if (decline.code().equals(TOO_SMALL)) return new TooSmall(decline);
        if (NEED_CUSTOMER.contains(decline.code())) return new NeedsCustomer(decline);
        return switch (decline.advice()) {
            case "do_not_try_again", "confirm_card_data" -> new DeclinedForGood(decline);
            case "try_again_later" -> new DeclinedRetryable(decline);
            case null, default ->
                FOR_GOOD.contains(decline.code()) ? new DeclinedForGood(decline) : new DeclinedRetryable(decline);
        };
    }

    /** A request that was refused because of the card or the amount: it will not be taken another time either. */
    public static Optional<Decline> ofRefusal(RefusedException refused) {
        var unusable = refused.param().equals("payment_method");
        var code = unusable ? "payment_method_unusable" : refused.code();
        return unusable || code.equals(TOO_SMALL) || code.equals("amount_too_large")
                ? Optional.of(new Decline(code, null, refused.getMessage(), null))
                : Optional.empty();
    }

    /** One plain sentence for the customer. */
    public static String sentence(Decline decline) {
        return SENTENCES.getOrDefault(decline.code(), NEUTRAL);
    }
}
