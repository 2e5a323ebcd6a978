package io.postpaid.billing.invoicing;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.exchange.Exchange;
import io.postpaid.pricing.exchange.ExchangeTable;
import io.postpaid.pricing.tax.TaxCurrencies;
import io.postpaid.pricing.tax.TaxRules;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * By what the invoices of a period are taxed.
 *
 * @param point which day decides
 * @param taxPoint of the invoices
 * @param rates into the currencies of countries; null where nobody asks for these
 */
record Taxation(
        TaxRules rules,
        TaxPoint point,
        LocalDate taxPoint,
        @Nullable ExchangeTable rates) {
    /** The day whose rates count for what was used in a month: late usage and corrections keep those of their own. */
    LocalDate dayOf(BillingPeriod used) {
        return point == TaxPoint.ISSUE ? taxPoint : TaxPoint.lastDay(used);
    }

    /** The currency that the country wants its tax in, if that is another than the invoice's and any tax is charged. */
    Optional<String> localCurrency(String country, String currency, List<InvoiceTax> taxes) {
        if (rates == null || taxes.stream().allMatch(tax -> tax.tax().signum() == 0)) return Optional.empty();
        return TaxCurrencies.of(country).filter(local -> !local.equals(currency));
    }

    Optional<Exchange> exchange(String from, String to) {
        return rates == null ? Optional.empty() : rates.between(from, to, taxPoint);
    }
}
