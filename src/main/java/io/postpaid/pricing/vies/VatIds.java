package io.postpaid.pricing.vies;

import static java.time.ZoneOffset.UTC;
import static java.util.stream.Collectors.toMap;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.pricing.vies.Confirmation.Confirmed;
import io.postpaid.pricing.vies.Confirmation.Denied;
import io.postpaid.pricing.vies.Confirmation.Unknown;
import io.postpaid.pricing.vies.ViesAnswer.Silent;
import io.postpaid.pricing.vies.ViesStore.Last;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Which tax ids VIES confirms; all of them count while it is not turned on. */
@Component
public class VatIds {
    private static final Logger LOG = LoggerFactory.getLogger(VatIds.class);
    /** How long the last yes counts while VIES is silent. */
    private static final Duration YES_COUNTS = Duration.ofDays(90);
    /** As often a country may be silent, one time after the other, before a round asks for no more of its ids. */
    private static final int SILENCES_MAX = 3;

    private final ViesSettings settings;
    private final VatIdService service;
    private final ViesStore store;
    private final DataSource database;
    private final BillingClock clock;

    VatIds(ViesSettings settings, VatIdService service, ViesStore store, DataSource database, BillingClock clock) {
        this.settings = settings;
        this.service = service;
        this.store = store;
        this.database = database;
        this.clock = clock;
    }

    /** Whether the form of an id is not enough. */
    public boolean on() {
        return settings.on();
    }

    /** What counts of each of these ids, which have the letters of their country in front. Nobody is asked. */
    public ConfirmedIds known(Collection<String> wholeIds) {
        if (!settings.on()) return ConfirmedIds.BY_FORM;
        return new ConfirmedIds(
                true,
                store.last(wholeIds).values().stream()
                        .collect(toMap(Last::taxId, last -> counts(last, clock.instant()))));
    }

    /** What counted of an id at an earlier moment. */
    public ConfirmedIds knownAt(String wholeId, Instant moment) {
        if (!settings.on()) return ConfirmedIds.BY_FORM;
        return new ConfirmedIds(
                true,
                store.last(List.of(wholeId), moment).values().stream()
                        .collect(toMap(Last::taxId, last -> counts(last, moment))));
    }

    /** Begins to ask for some ids, so that a service or country that is silent costs little time. */
    public Round round() {
        return new Round();
    }

    /** Safe for many threads. */
    public final class Round {
        /** Why each country was silent, since its last answer. */
        private final Map<String, List<String>> silences = new ConcurrentHashMap<>();

        private Round() {}

        /**
         * Asks VIES, unless it said yes a short time ago, and keeps what it answers.
         *
         * @param wholeId with the letters of its country in front
         * @param requester the seller's own id; with it VIES gives a consultation number
         * @return whether it answered, now or a short time ago
         */
        public boolean ask(String wholeId, String requester) {
            if (!settings.on()) return true;
            if (TransactionSynchronizationManager.hasResource(database)) {
                throw new IllegalStateException("VIES is asked before a transaction begins, not within it");
            }
            var last = store.last(List.of(wholeId)).get(wholeId);
            if (last != null && last.saidYes(settings.fresh(), clock.instant())) return true;
            var id = VatId.of(wholeId);
            var silent = silences.computeIfAbsent(id.country(), _ -> new CopyOnWriteArrayList<>());
            // Another thread may hear an answer meanwhile.
            var before = List.copyOf(silent);
            boolean givenUp = before.size() >= SILENCES_MAX;
            var answer = givenUp
                    ? new Silent(before.getLast() + " for other ids of " + id.country())
                    : service.ask(id, VatId.of(requester));
            store.insert(wholeId, requester, answer, clock.instant());
            if (!(answer instanceof Silent(var why))) {
                silent.clear();
                return true;
            }
            if (!givenUp) {
                LOG.warn("VIES does not answer for {}: {}", wholeId, why);
                silent.add(why);
            }
            return false;
        }
    }

    private static Confirmation counts(Last last, Instant now) {
        if (last.saidYes(YES_COUNTS, now)) return new Confirmed(last.evidence());
        var answeredAt = last.answeredAt();
        // An answer that nobody took back by asking again in vain.
        if (answeredAt != null && last.silence().isEmpty() && !last.valid()) {
            return new Denied(last.evidence(), day(answeredAt));
        }
        var earlier =
                answeredAt == null ? "" : "VIES last said " + (last.valid() ? "yes" : "no") + " on " + day(answeredAt);
        if (last.silence().isEmpty()) return new Unknown(earlier);
        return new Unknown("VIES did not answer on " + day(last.askedAt()) + " (" + last.silence() + ")"
                + (earlier.isEmpty() ? "" : "; " + earlier));
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, UTC);
    }
}
