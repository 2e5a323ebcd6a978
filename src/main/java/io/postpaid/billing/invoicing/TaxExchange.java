package io.postpaid.billing.invoicing;

import io.postpaid.pricing.exchange.Exchange;
import io.postpaid.pricing.exchange.ExchangeRates;
import io.postpaid.pricing.exchange.ExchangeTable;
import io.postpaid.pricing.tax.TaxCurrencies;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** By what tax becomes an amount in the currency that its country wants, unless {@code POSTPAID_TAX_CURRENCY} says none. */
@Component
public class TaxExchange {
    private final ExchangeRates rates;
    private final boolean on;

    TaxExchange(ExchangeRates rates, @Value("${POSTPAID_TAX_CURRENCY:local}") String currency) {
        this.rates = rates;
        this.on = switch (currency) {
            case "local" -> true;
            case "none" -> false;
            default ->
                throw new IllegalArgumentException(
                        "POSTPAID_TAX_CURRENCY must be local or none, not '" + currency + "'");
        };
    }

    @Nullable
    ExchangeTable upTo(LocalDate day) {
        return on ? rates.upTo(day) : null;
    }

    /** The currency that a country wants a tax in, where that is another than that of the document. */
    public Optional<String> wanted(String country, String currency, BigDecimal tax) {
        if (!on || tax.signum() == 0) return Optional.empty();
        return TaxCurrencies.of(country).filter(local -> !local.equals(currency));
    }

    public Optional<Exchange> between(String from, String to, LocalDate day) {
        return rates.upTo(day).between(from, to, day);
    }
}
