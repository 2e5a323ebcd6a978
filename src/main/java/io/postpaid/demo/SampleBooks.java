package io.postpaid.demo;

import io.postpaid.account.Accounts;
import io.postpaid.credit.CreditLedger;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.exchange.ExchangeRates;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.tax.Taxes;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/** The accounts, prices and taxes of the demo. */
@Component
class SampleBooks {
    private static final Pattern AMOUNT = Pattern.compile("\"([0-9.]+)\"");
    private static final BigDecimal RAISED = new BigDecimal("1.1");

    private final Accounts accounts;
    private final PriceBooks prices;
    private final Taxes taxes;
    private final ExchangeRates rates;
    private final CreditLedger ledger;
    private final Home home;

    SampleBooks(
            Accounts accounts, PriceBooks prices, Taxes taxes, ExchangeRates rates, CreditLedger ledger, Home home) {
        this.accounts = accounts;
        this.prices = prices;
        this.taxes = taxes;
        this.rates = rates;
        this.ledger = ledger;
        this.home = home;
    }

    /** @return how many accounts have a story */
    int importFor(BillingPeriod period, int count) throws IOException {
        var stories = resource("accounts.csv");
        int told = (int) stories.lines().count() - 1;
        var more = IntStream.rangeClosed(1, Math.max(0, count - told))
                .mapToObj(n ->
                        "%s,Customer %d Ltd,customer%d@example.com,%d Main Street,,Springfield,IL,62701,US,,USD,,,%s,2026-01-01,,,"
                                .formatted(SampleUsage.more(n), n, n, n, n % 4 == 0 ? "" : "pm_card_visa"))
                .collect(Collectors.joining("\n"));
        var folder = Files.createDirectories(home.path().resolve("demo"));
        accounts.importFile(Files.writeString(folder.resolve("accounts.csv"), stories + more));
        ledger.grantAllowances();
        var change = period.month().atDay(15).toString();
        prices.importFile(Files.writeString(
                folder.resolve("prices.yaml"), resource("prices.yaml").replace("PRICE_CHANGE", change)));
        taxes.importFile(Files.writeString(folder.resolve("taxes.yaml"), resource("taxes.yaml")));
        return told;
    }

    /** What a dollar was worth, in the form of the European Central Bank; the figures are made up. */
    void importRate(LocalDate day) throws IOException {
        if (day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0) return;
        var rate = "1.1%03d".formatted(day.getDayOfMonth() * 37 % 100);
        rates.importFile(
                Files.writeString(home.path().resolve("demo/eurofxref.csv"), "Date,USD\n%s,%s\n".formatted(day, rate)));
    }

    /** A price file with each amount 10 % higher, which is not imported. */
    Path raisedPrices() throws IOException {
        var prices = Files.readString(home.path().resolve("demo/prices.yaml"));
        var raised = AMOUNT.matcher(prices)
                .replaceAll(amount -> "\""
                        + new BigDecimal(amount.group(1))
                                .multiply(RAISED)
                                .stripTrailingZeros()
                                .toPlainString() + "\"");
        return Files.writeString(home.path().resolve("demo/prices-raised.yaml"), raised);
    }

    private static String resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(SampleBooks.class.getResourceAsStream("/demo/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
