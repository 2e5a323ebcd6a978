package io.postpaid.sandbox;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One of Stripe's test cards, and what becomes of a charge to it.
 *
 * <p>Stripe refuses some of them already when they are attached. Here all attach, and are declined when charged: a batch
 * meets declines at the charge, months after the card was good enough to be saved, and that is what has to be rehearsed.
 *
 * @param names as in {@code pm_card_visa} and {@code tok_visa}
 * @param country of its bank, the US where none is named
 * @param decline how the issuer declines it
 */
record TestCard(
        String number,
        String brand,
        String funding,
        List<String> names,
        @Nullable String country,
        Behaviour behaviour,
        @Nullable BankAnswer decline) {

    enum Behaviour {
        APPROVED,
        DECLINED,
        /** Approved if the customer is there to confirm it, declined if not. */
        NEEDS_AUTHENTICATION,
        /** The same until the customer has confirmed it where it was saved. */
        NEEDS_AUTHENTICATION_ONCE,
        /** The charge succeeds, and is disputed as fraudulent. */
        DISPUTED,
        /** The charge succeeds; a refund of it does at first, and fails later: here as soon as it is answered. */
        REFUND_FAILS,
        /** The charge succeeds; a refund of it is pending, and succeeds an hour later. */
        REFUND_PENDING,
        /** As above, but the refund fails an hour later: Stripe has no such card, and banks do so all the same. */
        REFUND_PENDING_FAILS
    }

    /** What the issuer says to a charge. */
    record BankAnswer(String code, String declineCode, String adviceCode, String message) {}

    /** By {@code pm_card_visa} and the like. */
    static Optional<TestCard> ofPaymentMethod(String alias) {
        return find(card -> card.names.stream().anyMatch(name -> alias.equals("pm_card_" + name)));
    }

    /** By {@code tok_visa} and the like. */
    static Optional<TestCard> ofToken(String token) {
        return find(card -> card.names.stream().anyMatch(name -> token.equals("tok_" + name)));
    }

    static Optional<TestCard> ofNumber(String number) {
        var digits = number.replaceAll("[ -]", "");
        return find(card -> card.number.equals(digits));
    }

    /** By a payment method that was made from one, or the details of a charge to it: the fingerprint says from which. */
    static TestCard of(JsonNode paymentMethod) {
        var fingerprint = Tree.text(paymentMethod.path("card"), "fingerprint");
        return find(card -> card.fingerprint().equals(fingerprint))
                .orElseThrow(() -> new IllegalStateException("no test card has the fingerprint " + fingerprint));
    }

    private static Optional<TestCard> find(Predicate<TestCard> wanted) {
        return Catalog.STRIPE.cards().stream().filter(wanted).findFirst();
    }

    boolean needsAuthentication() {
        return behaviour == Behaviour.NEEDS_AUTHENTICATION || behaviour == Behaviour.NEEDS_AUTHENTICATION_ONCE;
    }

    String last4() {
        return number.substring(number.length() - 4);
    }

    /** Stripe's is the same for the same number, too. */
    String fingerprint() {
        return "Sandbox" + "%09d".formatted(Long.parseLong(number.substring(number.length() - 9)));
    }
}
