package io.postpaid.events;

import io.postpaid.events.Receiver.Answer;
import io.postpaid.platform.batch.Row;
import io.postpaid.platform.calendar.BillingClock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What has left, as a feed and as deliveries: listed, delivered, sent again, switched on again. */
@Component
public class Events {
    private static final RowMapper<Entry> ENTRY = Row.to(Entry.class);
    private static final RowMapper<Attempt> ATTEMPT = Row.to(Attempt.class);

    private final FeedStore events;
    private final DeliveryStore deliveries;
    private final EventDelivery delivery;
    private final EventSettings settings;
    private final BillingClock clock;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    Events(
            FeedStore events,
            DeliveryStore deliveries,
            EventDelivery delivery,
            EventSettings settings,
            BillingClock clock,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.events = events;
        this.deliveries = deliveries;
        this.delivery = delivery;
        this.settings = settings;
        this.clock = clock;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * The feed, in its order: what is committed later comes behind what was read.
     *
     * @param position of the last event that was read, or 0
     * @param account null for all
     */
    public List<Event> after(long position, @Nullable String account, int limit) {
        events.number(clock.today());
        return events.after(position, account, limit);
    }

    /**
     * An event, and what became of it.
     *
     * @param number the greater, the later it was written
     * @param status of the receiver's last answer; null where none came
     */
    public record Entry(
            long number,
            UUID key,
            String account,
            String type,
            Instant occurredAt,
            @Nullable String access,
            EventState state,
            int tries,
            @Nullable Instant triedAt,
            @Nullable Integer status,
            @Nullable String answer,
            @Nullable Instant nextTryAt) {
        public String id() {
            return Event.id(key);
        }
    }

    /** Which are listed; null is any. */
    public record Filter(
            @Nullable String account,
            @Nullable String type,
            @Nullable EventState state) {}

    /**
     * The newest first.
     *
     * @param before the number of the last one of the page before, or {@link Long#MAX_VALUE}
     */
    public List<Entry> list(Filter filter, long before, int limit) {
        return jdbc.sql("""
                        select e.n as number, e.id as key, e.account, e.type, e.occurred_at, e.access, e.state,
                               (select count(*) from event_delivery d where d.event = e.n)::integer as tries,
                               l.began_at as tried_at, l.status, l.answer,
                               case when e.state = 'WAITING' then r.next_try_at end as next_try_at
                          from outgoing_event e
                          left join lateral (
                               select began_at, status, answer
                                 from event_delivery
                                where event = e.n
                                order by id desc
                                limit 1) l on true
                          left join event_retry r on r.account = e.account
                         where e.n < :before
                           and (:account::text is null or e.account = :account)
                           and (:type::text is null or e.type = :type)
                           and (:state::text is null or e.state = :state)
                         order by e.n desc
                         limit :limit""")
                .param("before", before)
                .param("account", filter.account())
                .param("type", filter.type())
                .param("state", filter.state() == null ? null : filter.state().name())
                .param("limit", limit)
                .query(ENTRY)
                .list();
    }

    /** A request to the receiver, and its answer. */
    public record Attempt(
            Instant beganAt, int millis, @Nullable Integer status, String answer, boolean delivered) {}

    /**
     * All deliveries of an event, the first first.
     *
     * @throws IllegalArgumentException if there is none of this id
     */
    public List<Attempt> attempts(String id) {
        return jdbc.sql("""
                        select began_at, millis, status, answer, delivered
                          from event_delivery
                         where event = :event
                         order by id""").param("event", get(id).number()).query(ATTEMPT).list();
    }

    /** @throws IllegalArgumentException if there is none */
    public Event get(String id) {
        events.number(clock.today());
        return events.find(Event.key(id)).orElseThrow(() -> new IllegalArgumentException("There is no event " + id));
    }

    /**
     * Sends an event once more, at once.
     *
     * <p>One that waits is not sent before those of its account that precede it: what waits is tried now, in its order.
     *
     * @return what came of it; empty where it still waits
     * @throws IllegalArgumentException if there is none of this id, or no receiver
     */
    public Optional<Attempt> sendAgain(String id) {
        var event = get(id);
        if (settings.url().isEmpty()) throw new IllegalArgumentException("POSTPAID_EVENTS_URL is not set");
        if (!waits(event)) return Optional.of(attempt(clock.instant(), delivery.again(event)));
        deliveries.tryNow(event.account(), clock.instant());
        return Optional.empty();
    }

    private boolean waits(Event event) {
        return jdbc.sql("select state = 'WAITING' from outgoing_event where n = :n")
                .param("n", event.number())
                .query(Boolean.class)
                .single();
    }

    private static Attempt attempt(Instant at, Answer answer) {
        return new Attempt(at, answer.millis(), answer.status(), answer.text(), answer.taken());
    }

    /** Delivers all that waits, also what was refused a while ago. */
    public Delivered deliver() {
        look();
        deliveries.tryNow(null, clock.instant());
        return delivery.deliver(() -> true);
    }

    /** As {@link #deliver}, but what was refused waits for its time. */
    Delivered deliverDue(BooleanSupplier goOn) {
        events.number(clock.today());
        return delivery.deliver(goOn);
    }

    /** Looks for what has changed by itself, and gives what was committed its place. */
    void look() {
        transaction.executeWithoutResult(status -> events.sweep(clock.today()));
        events.number(clock.today());
    }

    /**
     * How the deliveries are doing.
     *
     * @param configured whether there is a receiver
     * @param failingSince the first failure since it took an event
     * @param offSince when they were switched off
     */
    public record Status(
            boolean configured,
            long waiting,
            long givenUp,
            @Nullable Instant failingSince,
            @Nullable Instant offSince,
            String offBecause) {}

    public Status status() {
        var state = deliveries.receiver();
        return new Status(
                settings.url().isPresent(),
                events.count(EventState.WRITTEN) + events.count(EventState.WAITING),
                events.count(EventState.GIVEN_UP),
                state.failingSince(),
                state.offSince(),
                state.offBecause());
    }

    /**
     * Switches the deliveries on again.
     *
     * @param skipping whether what waits is left out
     * @return how many were left out
     */
    public int resume(boolean skipping) {
        events.number(clock.today());
        Integer skipped = transaction.execute(status -> {
            deliveries.switchOn();
            return skipping ? deliveries.skip() : 0;
        });
        return skipped == null ? 0 : skipped;
    }
}
