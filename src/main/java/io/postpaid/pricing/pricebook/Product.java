package io.postpaid.pricing.pricebook;

import java.math.BigDecimal;

/**
 * Something billable.
 *
 * @param unit what its usage is counted in
 * @param listedPer how many of these make the unit that its price is listed by: 60 seconds, listed per minute
 * @param taxCategory what kind of thing it is to the tax rates
 */
public record Product(
        String id, String unit, BigDecimal listedPer, String listedUnit, boolean billable, String taxCategory) {
    /** The tax category of what names none. */
    public static final String STANDARD = "standard";

    public Product {
        if (listedPer.signum() <= 0)
            throw new IllegalArgumentException("product " + id + " is listed per " + listedPer);
    }

    boolean sameAs(Product other) {
        return id.equals(other.id)
                && unit.equals(other.unit)
                && listedPer.compareTo(other.listedPer) == 0
                && listedUnit.equals(other.listedUnit)
                && billable == other.billable
                && taxCategory.equals(other.taxCategory);
    }
}
