package io.postpaid.books.journal;

import io.postpaid.platform.calendar.BillingPeriod;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Writes what a month adds to the books, once; closing a month again writes what has changed. */
@Component
public class Journals {
    private final JournalStore store;
    private final BookCurrency books;
    private final InstantSource clock;

    Journals(JournalStore store, BookCurrency books, InstantSource clock) {
        this.store = store;
        this.books = books;
        this.clock = clock;
    }

    /** What keeps the journal of a period from being written: rates into the currency of the books that are not there. */
    public List<MissingRates> missingRates(BillingPeriod period) {
        var book = books.code();
        return book == null ? List.of() : store.missing(period, book);
    }

    /**
     * Writes the next journal of a period: what the ledger up to its end has, less what all journals of this period and those
     * before it have. Where several months were opened again, they are written one after the other.
     *
     * @throws IllegalArgumentException if a rate is missing, or an earlier journal has another currency of the books
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Journal write(BillingPeriod period) {
        store.lock();
        var before = store.journals(null);
        if (!before.isEmpty()) check(before.getLast());
        var missing = missingRates(period);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    missing.stream().map(MissingRates::sentence).collect(Collectors.joining("\n")));
        }
        long id = store.add(period, clock.instant(), books.code());
        store.addLines(id, period, books.code());
        return of(period).getLast();
    }

    private void check(Journal last) {
        if (!Objects.equals(last.bookCurrency(), books.code())) {
            throw new IllegalArgumentException(
                    "The books are kept in %s since their first journal: set POSTPAID_BOOK_CURRENCY to %s, as it was for %s"
                            .formatted(inWords(last.bookCurrency()), setting(last.bookCurrency()), last.period()));
        }
    }

    private static String inWords(@Nullable String currency) {
        return currency == null ? "each currency by itself" : currency;
    }

    private static String setting(@Nullable String currency) {
        return currency == null ? "nothing" : currency;
    }

    /** Those of a period, the first before those that have differences. */
    public List<Journal> of(BillingPeriod period) {
        return store.journals(period);
    }

    /** All, the oldest first. */
    public List<Journal> all() {
        return store.journals(null);
    }
}
