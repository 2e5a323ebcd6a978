package io.postpaid.billing.invoicing;

import io.postpaid.pricing.exchange.Exchange;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A tax in the currency of the country where it is due.
 *
 * @param amount the tax, rounded once in that currency
 */
public record LocalTax(Exchange exchange, BigDecimal amount) {
    /** From a row of a document's tax; null where it has none. */
    public static @Nullable LocalTax of(ResultSet row) throws SQLException {
        var currency = row.getString("tax_currency");
        if (currency == null) return null;
        return new LocalTax(
                new Exchange(
                        row.getString("currency"),
                        currency,
                        row.getBigDecimal("currency_per_euro"),
                        row.getBigDecimal("tax_currency_per_euro"),
                        row.getObject("rate_day", LocalDate.class)),
                row.getBigDecimal("tax_in_currency"));
    }

    public String currency() {
        return exchange.to();
    }
}
