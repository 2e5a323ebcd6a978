package io.postpaid.billing.invoicing;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.exchange.ExchangeRates;
import io.postpaid.pricing.tax.TaxCustomer;
import io.postpaid.pricing.tax.Taxes;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Loads what the invoices of a period are taxed by. */
@Component
class Taxations {
    private final Taxes taxes;
    private final ExchangeRates rates;
    private final BillingClock clock;
    private final TaxPoint point;
    private final boolean isLocal;

    Taxations(
            Taxes taxes,
            ExchangeRates rates,
            BillingClock clock,
            @Value("${POSTPAID_TAX_POINT:service}") String point,
            @Value("${POSTPAID_TAX_CURRENCY:local}") String currency) {
        this.taxes = taxes;
        this.rates = rates;
        this.clock = clock;
        this.point = TaxPoint.of(point);
        this.isLocal = switch (currency) {
            case "local" -> true;
            case "none" -> false;
            default ->
                throw new IllegalArgumentException(
                        "POSTPAID_TAX_CURRENCY must be local or none, not '" + currency + "'");
        };
    }

    /** @param customers whose tax ids are perhaps to be confirmed */
    Taxation of(BillingPeriod period, List<TaxCustomer> customers) {
        var day = point == TaxPoint.ISSUE ? clock.today() : TaxPoint.lastDay(period);
        return new Taxation(taxes.rules(customers), point, day, isLocal ? rates.upTo(day) : null);
    }

    /** For an invoice that nobody gets: the rates of its day are perhaps not published yet. */
    Taxation preview(BillingPeriod period, List<TaxCustomer> customers) {
        var taxation = of(period, customers);
        return new Taxation(taxation.rules(), point, taxation.taxPoint(), null);
    }
}
