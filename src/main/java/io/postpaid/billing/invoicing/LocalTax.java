package io.postpaid.billing.invoicing;

import io.postpaid.pricing.exchange.Exchange;
import java.math.BigDecimal;

/**
 * A tax in the currency of the country where it is due.
 *
 * @param amount the tax, rounded once in that currency
 */
public record LocalTax(Exchange exchange, BigDecimal amount) {
    public String currency() {
        return exchange.to();
    }
}
