package io.postpaid.pricing.calculation;

import io.postpaid.account.Address;
import io.postpaid.platform.file.Sha256;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;

/**
 * What Stripe Tax is asked. Questions with the same content are the same question.
 *
 * @param taxIds the customer's, of types that Stripe knows
 * @param exempt whether the customer pays no tax
 * @param day on which the tax point lies
 */
public record TaxQuestion(
        String account,
        String currency,
        Address address,
        List<TaxId> taxIds,
        boolean exempt,
        LocalDate day,
        List<Item> items) {

    /** @param type such as {@code eu_vat} */
    public record TaxId(String type, String value) {}

    /**
     * One amount before tax.
     *
     * @param reference the category of products
     * @param code Stripe's code of the category, such as {@code txcd_10000000}
     */
    public record Item(String reference, String code, BigDecimal amount) {}

    public TaxQuestion {
        taxIds = List.copyOf(taxIds);
        items = List.copyOf(items);
    }

    /** The same for the same content; it tells nothing of the address. */
    public String hash() {
        return Sha256.of(toString().getBytes(StandardCharsets.UTF_8));
    }
}
