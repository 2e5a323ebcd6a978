package io.postpaid.payment;

import io.postpaid.payment.StripeEvent.Effect;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
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
        var known = new HashSet<String>();
        jdbc.sql("select id from stripe_event where id = any(:ids)")
                .param("ids", ids.toArray(String[]::new))
                .query(row -> {
                    known.add(Objects.requireNonNull(row.getString("id")));
                });
        return known;
    }

    /** Takes an event, so that nobody else does: who comes later waits for the transaction, and is told no. */
    boolean take(StripeEvent event, Effect effect, Instant at) {
        return takeAll(List.of(event), effect, at) == 1;
    }

    int takeAll(List<StripeEvent> events, Effect effect, Instant at) {
        return jdbc.sql("""
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
}
