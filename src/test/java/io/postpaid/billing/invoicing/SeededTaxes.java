package io.postpaid.billing.invoicing;

import io.postpaid.pricing.exchange.ExchangeTable;
import io.postpaid.pricing.pricebook.Product;
import io.postpaid.pricing.tax.Exemption;
import io.postpaid.pricing.tax.ReverseCharge;
import io.postpaid.pricing.tax.TaxRate;
import io.postpaid.pricing.tax.TaxTable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** By what seeded invoices are taxed. */
final class SeededTaxes {
    private SeededTaxes() {}

    /** Of some currencies no rate is published: such a draft is held. */
    static Taxation of(Random random, String home, String account) {
        var day = LocalDate.of(2026, 10, 31);
        var published = Map.of("USD", "1.1712", "JPY", "176.34", "CHF", "0.9312");
        var table = new TreeMap<String, BigDecimal>();
        published.forEach((currency, rate) -> table.put(currency, new BigDecimal(rate)));
        var exchange = new ExchangeTable(Map.of(day.minusDays(1), table));
        return new Taxation(
                new TaxesByRules(rates(random, home, account), TaxPoint::lastDay),
                day,
                random.nextBoolean() ? exchange : null);
    }

    /** Rates with versions within the months, several of one percentage, one of nothing, an exemption that ends. */
    private static TaxTable rates(Random random, String home, String account) {
        var rates = new ArrayList<TaxRate>();
        for (var country : List.of("FI", "DE", "FR", "GR", "IE", "AT", "BE", "CH")) {
            add(rates, country, Product.STANDARD, "2026-01-01", "24", "VAT");
            add(rates, country, Product.STANDARD, "2026-10-01", "25.5", "VAT");
            add(rates, country, "books", "2026-01-01", "10", "VAT");
            add(rates, country, "calls", "2026-01-01", "25.5", "VAT on calls");
            add(rates, country, "health", "2026-01-01", "0", "VAT");
        }
        if (random.nextBoolean()) {
            for (var category : List.of(Product.STANDARD, "books", "calls", "health")) {
                add(rates, "US", category, "2026-01-01", category.equals("health") ? "0" : "8.875", "Sales tax");
            }
        }
        boolean reverses = List.of("FI", "DE").contains(home) && random.nextInt(4) > 0;
        var reverse =
                new ReverseCharge(List.of("EU"), home + "1", "Reverse charge: the customer pays <the tax> & more");
        var until = random.nextBoolean() ? null : LocalDate.of(2026, 10, 1);
        var exemption = new Exemption(account, "Diplomatic mission <1>", until);
        return new TaxTable(
                rates, reverses ? reverse : null, random.nextInt(4) == 0 ? List.of(exemption) : List.of(), home);
    }

    private static void add(
            List<TaxRate> rates, String country, String category, String from, String percent, String name) {
        int id = rates.size() + 1;
        var since = LocalDate.parse(from);
        rates.add(new TaxRate(id, country, "", category, "any", since, new BigDecimal(percent), name, ""));
    }
}
