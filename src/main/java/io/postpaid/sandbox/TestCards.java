package io.postpaid.sandbox;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Stripe's test cards and what becomes of a charge to each.
 *
 * <p>Stripe refuses some of them already when they are attached. Here all attach, and are declined when charged: a batch
 * meets declines at the charge, months after the card was good enough to be saved, and that is what has to be rehearsed.
 */
enum TestCards {
    VISA("4242424242424242", "visa", "credit", Outcome.APPROVED, "visa"),
    VISA_DEBIT("4000056655665556", "visa", "debit", Outcome.APPROVED, "visa_debit"),
    MASTERCARD("5555555555554444", "mastercard", "credit", Outcome.APPROVED, "mastercard"),
    AMEX("378282246310005", "amex", "credit", Outcome.APPROVED, "amex"),
    CHARGE_FAILS("4000000000000341", Outcome.GENERIC, "chargeCustomerFail"),
    DECLINED("4000000000000002", Outcome.GENERIC, "visa_chargeDeclined", "chargeDeclined"),
    INSUFFICIENT_FUNDS(
            "4000000000009995",
            Outcome.declined("insufficient_funds", "try_again_later", "Your card has insufficient funds."),
            "visa_chargeDeclinedInsufficientFunds",
            "chargeDeclinedInsufficientFunds"),
    LOST(
            "4000000000009987",
            Outcome.declined("lost_card", "do_not_try_again", "Your card was declined."),
            "visa_chargeDeclinedLostCard",
            "chargeDeclinedLostCard"),
    STOLEN(
            "4000000000009979",
            Outcome.declined("stolen_card", "do_not_try_again", "Your card was declined."),
            "visa_chargeDeclinedStolenCard",
            "chargeDeclinedStolenCard"),
    FRAUDULENT(
            "4100000000000019",
            Outcome.declined("fraudulent", "do_not_try_again", "Your card was declined."),
            "chargeDeclinedFraudulent",
            "radarBlock"),
    TOO_OFTEN(
            "4000000000006975",
            Outcome.declined(
                    "card_velocity_exceeded",
                    "try_again_later",
                    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."),
            "visa_chargeDeclinedVelocityLimitExceeded",
            "chargeDeclinedVelocityLimitExceeded"),
    EXPIRED(
            "4000000000000069",
            new Outcome.Declined("expired_card", "expired_card", "confirm_card_data", "Your card has expired."),
            "chargeDeclinedExpiredCard"),
    WRONG_CVC(
            "4000000000000127",
            new Outcome.Declined(
                    "incorrect_cvc", "incorrect_cvc", "confirm_card_data", "Your card's security code is incorrect."),
            "chargeDeclinedIncorrectCvc"),
    PROCESSING_ERROR(
            "4000000000000119",
            new Outcome.Declined(
                    "processing_error",
                    "processing_error",
                    "try_again_later",
                    "An error occurred while processing your card. Try again in a little bit."),
            "chargeDeclinedProcessingError"),
    /** The charge succeeds, and is disputed as fraudulent. */
    DISPUTED("4000000000000259", Outcome.APPROVED, "createDispute"),
    /** The charge succeeds; a refund of it does at first, and fails later: here as soon as it is answered. */
    REFUND_FAILS("4000000000005126", Outcome.APPROVED, "refundFail"),
    /** The charge succeeds; a refund of it is pending, and succeeds an hour later. */
    REFUND_PENDING("4000000000007726", Outcome.APPROVED, "pendingRefund"),
    /** As above, but the refund fails an hour later: Stripe has no such card, and banks do so all the same. */
    REFUND_PENDING_FAILS("4000000000007734", Outcome.APPROVED, "pendingRefundFail"),
    AUTHENTICATION_REQUIRED("4000002760003184", new Outcome.NeedsAuthentication(), "authenticationRequired"),
    THREE_D_SECURE("4000000000003220", new Outcome.NeedsAuthentication(), "threeDSecure2Required");

    /** What the issuer says to a charge. */
    sealed interface Outcome {
        Outcome APPROVED = new Approved();
        Outcome GENERIC = declined("generic_decline", "try_again_later", "Your card was declined.");

        record Approved() implements Outcome {}

        record Declined(String code, String declineCode, String adviceCode, String message) implements Outcome {}

        /** Approved if the customer is there to confirm it, declined if not. */
        record NeedsAuthentication() implements Outcome {
            Declined withoutCustomer() {
                return new Declined(
                        "authentication_required",
                        "authentication_required",
                        "",
                        "Your card was declined. This transaction requires authentication.");
            }
        }

        private static Declined declined(String declineCode, String adviceCode, String message) {
            return new Declined("card_declined", declineCode, adviceCode, message);
        }
    }

    private final String number;
    private final String brand;
    private final String funding;
    private final Outcome outcome;
    private final List<String> names;

    TestCards(String number, Outcome outcome, String... names) {
        this(number, "visa", "credit", outcome, names);
    }

    TestCards(String number, String brand, String funding, Outcome outcome, String... names) {
        this.number = number;
        this.brand = brand;
        this.funding = funding;
        this.outcome = outcome;
        this.names = List.of(names);
    }

    /** By {@code pm_card_visa} and the like. */
    static Optional<TestCards> ofPaymentMethod(String alias) {
        return find(card -> card.names.stream().anyMatch(name -> alias.equals("pm_card_" + name)));
    }

    /** By {@code tok_visa} and the like. */
    static Optional<TestCards> ofToken(String token) {
        return find(card -> card.names.stream().anyMatch(name -> token.equals("tok_" + name)));
    }

    static Optional<TestCards> ofNumber(String number) {
        var digits = number.replaceAll("[ -]", "");
        return find(card -> card.number.equals(digits));
    }

    /** By a payment method that was made from one: the fingerprint says from which. */
    static TestCards of(JsonNode paymentMethod) {
        return ofFingerprint(paymentMethod.path("card").path("fingerprint").stringValue(""));
    }

    /** By a charge to one. */
    static TestCards ofCharge(JsonNode charge) {
        return ofFingerprint(charge.path("payment_method_details")
                .path("card")
                .path("fingerprint")
                .stringValue(""));
    }

    private static TestCards ofFingerprint(String fingerprint) {
        return find(card -> card.fingerprint().equals(fingerprint))
                .orElseThrow(() -> new IllegalStateException("no test card has the fingerprint " + fingerprint));
    }

    private static Optional<TestCards> find(Predicate<TestCards> wanted) {
        return Arrays.stream(values()).filter(wanted).findFirst();
    }

    String brand() {
        return brand;
    }

    String funding() {
        return funding;
    }

    Outcome outcome() {
        return outcome;
    }

    String last4() {
        return number.substring(number.length() - 4);
    }

    /** Stripe's is the same for the same number, too. */
    String fingerprint() {
        return "Sandbox" + "%09d".formatted(Long.parseLong(number.substring(number.length() - 9)));
    }
}
