package io.postpaid.pricing.exchange;

import static java.util.stream.Collectors.toMap;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.file.RefusedFileException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Imports the rates of the European Central Bank, and hands them out. */
@Component
public class ExchangeRates {
    private final ExchangeStore store;
    private final BillingClock clock;

    ExchangeRates(ExchangeStore store, BillingClock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** What an import did, and the days that its file has. */
    public record Imported(int added, int unchanged, LocalDate first, LocalDate last) {}

    private record Key(String currency, LocalDate day) {
        static Key of(ExchangeRate rate) {
            return new Key(rate.currency(), rate.day());
        }
    }

    /**
     * Adds the rates of a file, all of them or nothing.
     *
     * @throws RefusedFileException with every problem of the file, and every rate that was another when it was imported
     */
    @Transactional
    public Imported importFile(Path file) {
        var content = ExchangeFile.read(file, clock.today());
        store.lock();
        var kept = store.kept(content.rates()).stream().collect(toMap(Key::of, ExchangeRate::perEuro));
        var added = new ArrayList<ExchangeRate>();
        var problems = new ArrayList<String>();
        for (var rate : content.rates()) {
            var before = kept.get(Key.of(rate));
            if (before == null) added.add(rate);
            else if (before.compareTo(rate.perEuro()) != 0) problems.add(changed(file, content.lines(), rate, before));
        }
        if (!problems.isEmpty()) throw new RefusedFileException(file, problems);
        var days = content.lines().keySet().stream().sorted().toList();
        if (!added.isEmpty()) {
            added.sort(Comparator.comparing(ExchangeRate::day).thenComparing(ExchangeRate::currency));
            store.add(file.toString(), added.getFirst().day(), added.getLast().day(), added);
        }
        return new Imported(added.size(), content.rates().size() - added.size(), days.getFirst(), days.getLast());
    }

    private static String changed(Path file, Map<LocalDate, Integer> lines, ExchangeRate rate, BigDecimal before) {
        return ExchangeFile.at(
                file,
                lines.getOrDefault(rate.day(), 0),
                rate.currency() + " of " + rate.day() + " is " + rate.perEuro().toPlainString()
                        + ", and was imported as " + before.toPlainString()
                        + ": a rate that was imported is never changed");
    }

    /** All that is needed to convert what counts on one day. */
    public ExchangeTable upTo(LocalDate day) {
        return ExchangeTable.of(store.between(day.minusDays(ExchangeTable.DAYS_OLD_MAX), day));
    }

    /** The newest first, read as they are asked for: of a currency, of a day, or all. */
    @Transactional(readOnly = true)
    public void each(@Nullable String currency, @Nullable LocalDate day, Consumer<ExchangeRate> reader) {
        store.each(currency, day, reader);
    }
}
