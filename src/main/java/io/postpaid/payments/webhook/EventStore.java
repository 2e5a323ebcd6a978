package io.postpaid.payments.webhook;

import io.postpaid.payments.stripe.StripeEvent;
import io.postpaid.payments.stripe.StripeEvent.Effect;
import io.postpaid.platform.batch.Todo;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The events of Stripe that were taken, and up to when all were looked through. */
@Component
class EventStore {
    private final JdbcClient jdbc;

    EventStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Those of these events that were taken before. */
    Set<String> known(Collection<String> ids) {
        return Set.copyOf(jdbc.sql("select id from stripe_event where id = any(:ids)")
                .param("ids", ids.toArray(String[]::new))
                .query(String.class)
                .list());
    }

    /**
     * Keeps an event that was delivered until it is processed.
     *
     * @return false if it was delivered before
     */
    boolean receive(StripeEvent event, Instant at) {
        return jdbc.sql("""
                        insert into stripe_event_due (id, type, object, made_at, received_at, due_at)
                        select :id, :type, :object, :made, :at, :at
                         where not exists (select from stripe_event where id = :id)
                            on conflict (id) do nothing""")
                        .param("id", event.id())
                        .param("type", event.type())
                        .param("object", event.object())
                        .param("made", Timestamp.from(event.madeAt()))
                        .param("at", Timestamp.from(at))
                        .update()
                == 1;
    }

    /**
     * The next event to be processed, oldest first. It stays due until it is taken: again at {@code again}, or after as
     * long as it has waited.
     */
    Optional<StripeEvent> nextDue(Instant now, Instant again) {
        return jdbc.sql("""
                        update stripe_event_due d
                           set due_at = greatest(:again, :now::timestamptz + (:now::timestamptz - d.received_at))
                          from (select id
                                  from stripe_event_due
                                 where due_at <= :now
                                 order by received_at, id
                                 limit 1
                                   for update skip locked) next
                         where d.id = next.id
                        returning d.id, d.type, d.object, d.made_at""")
                .param("now", Timestamp.from(now))
                .param("again", Timestamp.from(again))
                .query(StripeEvent.class)
                .optional();
    }

    /** A page of all that was delivered and not processed, whenever its next try is. */
    Todo<StripeEvent> due() {
        return Todo.of(StripeEvent.class, "select id, type, object, made_at from stripe_event_due")
                .inOrder();
    }

    /** For events that were taken while they were delivered. */
    void forgetTaken() {
        jdbc.sql("delete from stripe_event_due d where exists (select from stripe_event e where e.id = d.id)")
                .update();
    }

    /** Takes an event, so that nobody else does: who comes later waits for the transaction, and is told no. */
    boolean take(StripeEvent event, Effect effect, Instant at) {
        return takeAll(List.of(event), effect, at) == 1;
    }

    int takeAll(List<StripeEvent> events, Effect effect, Instant at) {
        return jdbc.sql("""
                with due as (delete from stripe_event_due where id = any(:ids))
                insert into stripe_event (id, type, object, made_at, taken_at, effect)
                select e.id, e.type, e.object, e.made_at, :at, :effect
                  from unnest(:ids::text[], :types::text[], :objects::text[], :made::timestamptz[])
                       e (id, type, object, made_at)
                 order by e.id
                    on conflict (id) do nothing""")
                .param("at", Timestamp.from(at))
                .param("effect", effect.name())
                .param("ids", events.stream().map(StripeEvent::id).toArray(String[]::new))
                .param("types", events.stream().map(StripeEvent::type).toArray(String[]::new))
                .param("objects", events.stream().map(StripeEvent::object).toArray(String[]::new))
                .param(
                        "made",
                        events.stream()
                                .map(event -> Timestamp.from(event.madeAt()))
                                .toArray(Timestamp[]::new))
                .update();
    }

    /** Writes down why an event is left without effect; it is taken in the same transaction. */
    void dismissed(StripeEvent event, String fault, String reason, Instant at) {
        jdbc.sql("""
                        insert into stripe_event_dismissed (event, dismissed_at, fault, reason)
                        values (:event, :at, :fault, :reason)""")
                .param("event", event.id())
                .param("at", Timestamp.from(at))
                .param("fault", fault)
                .param("reason", reason)
                .update();
    }

    /** Whether there is anything at Stripe that could have a history. */
    boolean anythingThere() {
        return jdbc.sql("select exists (select from account where stripe_customer is not null)")
                .query(Boolean.class)
                .single();
    }

    Optional<Instant> sweptUntil() {
        return jdbc.sql("select swept_until from stripe_sweep")
                .query((row, i) -> row.getTimestamp("swept_until").toInstant())
                .optional();
    }

    void sweptUntil(Instant until) {
        jdbc.sql("""
                insert into stripe_sweep (swept_until) values (:until)
                    on conflict (one_row) do update set swept_until = greatest(stripe_sweep.swept_until, :until)""").param("until", Timestamp.from(until)).update();
    }

    void payout(String id, BigDecimal amount, String currency, LocalDate arrivesOn) {
        jdbc.sql("""
                insert into stripe_payout (id, amount, currency, arrives_on) values (:id, :amount, :currency, :arrives)
                    on conflict do nothing""")
                .param("id", id)
                .param("amount", amount)
                .param("currency", currency)
                .param("arrives", arrivesOn)
                .update();
    }
}
