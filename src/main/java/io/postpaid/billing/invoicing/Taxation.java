package io.postpaid.billing.invoicing;

import io.postpaid.pricing.exchange.Exchange;
import io.postpaid.pricing.exchange.ExchangeTable;
import io.postpaid.pricing.tax.TaxCurrencies;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * By what the invoices of a period are taxed.
 *
 * @param lines which tax each line bears
 * @param taxPoint of the invoices
 * @param rates into the currencies of countries; null where nobody asks for these
 */
record Taxation(
        LineTaxes lines, LocalDate taxPoint, @Nullable ExchangeTable rates) {
    /** The currency that the country wants its tax in, if that is another than the invoice's and any tax is charged. */
    Optional<String> localCurrency(String country, String currency, List<InvoiceTax> taxes) {
        if (rates == null || taxes.stream().allMatch(tax -> tax.tax().signum() == 0)) return Optional.empty();
        return TaxCurrencies.of(country).filter(local -> !local.equals(currency));
    }

    Optional<Exchange> exchange(String from, String to) {
        return rates == null ? Optional.empty() : rates.between(from, to, taxPoint);
    }
}
