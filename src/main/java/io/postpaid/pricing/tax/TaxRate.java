package io.postpaid.pricing.tax;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * One version of a rate. It holds from its day until the next version of the same key.
 *
 * @param id 0 while it is not stored
 * @param region state or province; empty for the whole country
 * @param customer {@code business}, {@code consumer} or {@code any}
 * @param registration under which the tax is declared, such as OSS; empty for the country's own
 */
public record TaxRate(
        long id,
        String country,
        String region,
        String category,
        String customer,
        LocalDate effectiveFrom,
        BigDecimal percent,
        String name,
        String registration) {
    static final String ANY = "any";

    /** What it is the rate of, as a sentence says it. */
    String key() {
        return "the rate of " + country + (region.isEmpty() ? "" : " " + region) + " for " + category
                + (customer.equals(ANY) ? "" : " to a " + customer) + " from " + effectiveFrom;
    }

    /** Whether both are versions of one rate. */
    boolean follows(TaxRate other) {
        return country.equals(other.country)
                && region.equals(other.region)
                && category.equals(other.category)
                && customer.equals(other.customer);
    }

    TaxRate withId(long other) {
        return new TaxRate(other, country, region, category, customer, effectiveFrom, percent, name, registration);
    }

    boolean sameAs(TaxRate other) {
        return percent.compareTo(other.percent) == 0
                && name.equals(other.name)
                && registration.equals(other.registration);
    }

    boolean fits(TaxCustomer buyer, String wanted, LocalDate day) {
        return country.equals(buyer.country())
                && (region.isEmpty() || region.equalsIgnoreCase(buyer.region().strip()))
                && category.equals(wanted)
                && (customer.equals(ANY) || customer.equals("business") == buyer.isBusiness())
                && !effectiveFrom.isAfter(day);
    }
}
