package io.postpaid.account;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The card on file: all that is known of it, and never more.
 *
 * @param paymentMethod Stripe's id
 * @param brand as Stripe writes it, {@code visa}
 * @param expires its last valid day
 * @param country of the bank that issued it, two letters, where Stripe says it
 */
public record Card(
        String paymentMethod,
        String brand,
        String last4,
        @Nullable LocalDate expires,
        @Nullable String country) {
    public Card {
        if (!last4.matches("[0-9]{4}")) {
            throw new IllegalArgumentException("The last four digits of a card cannot be '" + last4 + "'");
        }
        if (country != null && !country.matches("[A-Z]{2}")) country = null;
    }

    /** The card as its owner knows it: {@code Visa ending 4242}. */
    public String label() {
        var name = Arrays.stream(brand.replace('_', ' ').strip().split(" +"))
                .filter(word -> !word.isEmpty())
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining(" "));
        return (name.isEmpty() ? "Card" : name) + " ending " + last4;
    }
}
