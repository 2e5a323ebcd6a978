package io.postpaid.pricing.exchange;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The rates of some days, from which the one between two currencies is found. */
public record ExchangeTable(Map<LocalDate, Map<String, BigDecimal>> perEuro) {
    /** Over Easter and the turn of the year none is published for four days. */
    static final int DAYS_OLD_MAX = 7;

    private static final String EURO = "EUR";

    static ExchangeTable of(List<ExchangeRate> rates) {
        return new ExchangeTable(rates.stream()
                .collect(Collectors.groupingBy(
                        ExchangeRate::day,
                        TreeMap::new,
                        Collectors.toMap(ExchangeRate::currency, ExchangeRate::perEuro))));
    }

    /** By the last day on which both were published, which is the day asked for or at most a week earlier. */
    public Optional<Exchange> between(String from, String to, LocalDate on) {
        for (var day = on; !day.isBefore(on.minusDays(DAYS_OLD_MAX)); day = day.minusDays(1)) {
            var published = perEuro.getOrDefault(day, Map.of());
            var one = from.equals(EURO) ? BigDecimal.ONE : published.get(from);
            var other = to.equals(EURO) ? BigDecimal.ONE : published.get(to);
            if (one != null && other != null) return Optional.of(new Exchange(from, to, one, other, day));
        }
        return Optional.empty();
    }

    /** Why there is none, and what to do. */
    public static String missing(String from, String to, LocalDate on) {
        return "there is no rate from " + from + " to " + to + " of the week up to " + on
                + ": ./postpaid rates import a file of the European Central Bank with "
                + (from.equals(EURO) ? to : to.equals(EURO) ? from : from + " and " + to);
    }
}
