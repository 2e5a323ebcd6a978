package io.postpaid.events;

import io.postpaid.events.Receiver.Answer;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the receiver answered, whose events are tried again, and whether it is still there. */
@Component
class DeliveryStore {
    private final JdbcClient jdbc;

    DeliveryStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** How the receiver is doing. */
    record State(
            @Nullable Instant failingSince,
            @Nullable Instant nextTryAt,
            @Nullable Instant offSince,
            String offBecause) {}

    State receiver() {
        return jdbc.sql("select failing_since, next_try_at, off_since, off_because from event_receiver")
                .query((row, i) -> new State(
                        instant(row.getTimestamp("failing_since")),
                        instant(row.getTimestamp("next_try_at")),
                        instant(row.getTimestamp("off_since")),
                        row.getString("off_because")))
                .single();
    }

    private static @Nullable Instant instant(@Nullable Timestamp at) {
        return at == null ? null : at.toInstant();
    }

    /** @param again whether a person has asked for it */
    void record(Event event, Instant beganAt, Answer answer, boolean again) {
        jdbc.sql("""
                        insert into event_delivery (event, began_at, millis, status, answer, delivered, again)
                        values (:event, :at, :millis, :status, :answer, :delivered, :again)""")
                .param("event", event.number())
                .param("at", Timestamp.from(beganAt))
                .param("millis", answer.millis())
                .param("status", answer.status())
                .param("answer", answer.text())
                .param("delivered", answer.taken())
                .param("again", again)
                .update();
    }

    void taken(Event event) {
        end(event, EventState.DELIVERED);
        jdbc.sql("""
                        update event_receiver set failing_since = null, next_try_at = null
                         where failing_since is not null or next_try_at is not null""").update();
    }

    /** Nothing of the account waits for this event any longer. */
    void end(Event event, EventState state) {
        jdbc.sql("update outgoing_event set state = :state where n = :n and state in ('WAITING', 'GIVEN_UP')")
                .param("state", state.name())
                .param("n", event.number())
                .update();
        jdbc.sql("delete from event_retry where account = :account")
                .param("account", event.account())
                .update();
    }

    /** Since when an account's next event is refused, and how often it was. */
    record Retry(int tries, Instant failingSince) {}

    Optional<Retry> retry(String account) {
        return jdbc.sql("select tries, failing_since from event_retry where account = :account")
                .param("account", account)
                .query((row, i) -> new Retry(
                        row.getInt("tries"), row.getTimestamp("failing_since").toInstant()))
                .optional();
    }

    void tryAgain(String account, Instant now, Instant next) {
        jdbc.sql("""
                        insert into event_retry as r (account, tries, failing_since, next_try_at)
                        values (:account, 1, :now, :next)
                            on conflict (account) do update set tries = r.tries + 1, next_try_at = excluded.next_try_at""")
                .param("account", account)
                .param("now", Timestamp.from(now))
                .param("next", Timestamp.from(next))
                .update();
        jdbc.sql("update event_receiver set failing_since = :now where failing_since is null")
                .param("now", Timestamp.from(now))
                .update();
    }

    void pause(Instant until) {
        jdbc.sql("update event_receiver set next_try_at = :until where off_since is null")
                .param("until", Timestamp.from(until))
                .update();
    }

    /** @return whether it was on */
    boolean switchOff(Instant now, String because) {
        return jdbc.sql("update event_receiver set off_since = :now, off_because = :because where off_since is null")
                        .param("now", Timestamp.from(now))
                        .param("because", because)
                        .update()
                == 1;
    }

    void switchOn() {
        jdbc.sql(
                        "update event_receiver set off_since = null, off_because = '', failing_since = null, next_try_at = null")
                .update();
        jdbc.sql("delete from event_retry").update();
    }

    /** What waits is not delivered any more. */
    int skip() {
        return jdbc.sql("update outgoing_event set state = 'SKIPPED' where state = 'WAITING'")
                .update();
    }

    /** Whoever waits to be tried again does not any longer: one account, or all. */
    void tryNow(@Nullable String account, Instant now) {
        jdbc.sql("update event_retry set next_try_at = :now where :account::text is null or account = :account")
                .param("now", Timestamp.from(now))
                .param("account", account)
                .update();
        jdbc.sql("update event_receiver set next_try_at = null where next_try_at is not null")
                .update();
    }
}
