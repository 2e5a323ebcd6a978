package io.postpaid.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * What of Stripe's interface is data, in {@code sandbox/stripe.json}: its objects as they are before anything happened to
 * them, with the fields of API version 2026-07-29.dahlia; its calls; what it charges in; its test cards.
 *
 * @param card the card of a payment method
 * @param calls the calls that the stand-in answers, each with the parameters that it takes
 * @param minimum the least that is charged of a currency in its minor unit. Stripe publishes none for krw, vnd, clp, cop and
 *     idr: it is the worth of its minimum in the seller's own currency
 */
record Catalog(
        List<Kind> kinds,
        ObjectNode card,
        Map<String, List<String>> calls,
        Set<String> withoutDecimals,
        Map<String, Long> minimum,
        List<TestCard> cards) {
    static final Catalog STRIPE = read();

    /**
     * One kind of object.
     *
     * @param noun what errors call it
     * @param filters the fields that its list may be asked by; {@code indexed} are those that are found without a search
     */
    record Kind(
            String name,
            String prefix,
            String noun,
            String path,
            List<String> filters,
            List<String> indexed,
            ObjectNode blank) {}

    Kind kind(String name) {
        return kinds.stream()
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Catalog read() {
        try (var json = Catalog.class.getResourceAsStream("/sandbox/stripe.json")) {
            return Tree.MAPPER.readValue(json, Catalog.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
