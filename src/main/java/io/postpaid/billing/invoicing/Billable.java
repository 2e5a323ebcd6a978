package io.postpaid.billing.invoicing;

import io.postpaid.account.Account;
import io.postpaid.credit.MonthlyCost;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.Price;
import io.postpaid.pricing.pricebook.Product;
import io.postpaid.pricing.tax.Tax;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The facts that an invoice is drafted from.
 *
 * @param cost the exact cost of the period, and what credit covered of it
 * @param carriedIn what earlier invoices left to this one
 * @param unpriced days of usage without a price in force, in words
 * @param givenTwice what credit notes have given back and the period takes off once more, in words; empty if nothing
 */
record Billable(
        Account account,
        BillingPeriod period,
        List<Usage> usage,
        MonthlyCost cost,
        BigDecimal carriedIn,
        List<String> unpriced,
        String givenTwice) {

    /**
     * @param amount the exact cost; what a package price is billed by
     * @param billedWith where it takes back what another invoice billed, the tax that it bore there; otherwise null
     */
    record Usage(
            Product product,
            BillingPeriod month,
            Price price,
            int tier,
            BigDecimal quantity,
            BigDecimal amount,
            @Nullable Tax billedWith) {
        Usage billedWith(@Nullable Tax tax) {
            return new Usage(product, month, price, tier, quantity, amount, tax);
        }
    }

    /** What else its invoice says in the operator's own words. */
    Set<String> words() {
        var products = usage.stream()
                .map(Usage::product)
                .distinct()
                .flatMap(product -> Stream.of(product.id(), product.unit(), product.listedUnit()));
        return Stream.concat(Stream.of(account.id()), products).collect(Collectors.toSet());
    }
}
