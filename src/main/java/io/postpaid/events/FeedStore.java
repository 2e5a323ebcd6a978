package io.postpaid.events;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The events, their order, and those that wait. */
@Component
class FeedStore {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final RowMapper<Event> EVENT = (row, i) -> event(row);
    private static final int NUMBERED_AT_ONCE = 10_000;

    private final JdbcClient jdbc;

    FeedStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Gives what was committed its place in the feed; nothing where somebody else is doing that. */
    void number(LocalDate today) {
        int numbered;
        do {
            numbered = jdbc.sql("select number_events(:today, :most)")
                    .param("today", today)
                    .param("most", NUMBERED_AT_ONCE)
                    .query(Integer.class)
                    .single();
        } while (numbered == NUMBERED_AT_ONCE);
    }

    /** Writes an event for each account whose access has changed without one. */
    int sweep(LocalDate today) {
        return jdbc.sql("select sweep_access(:today)")
                .param("today", today)
                .query(Integer.class)
                .single();
    }

    List<Event> after(long position, @Nullable String account, int limit) {
        return jdbc.sql("""
                        select n, id, position, account, type, occurred_at, access, data
                          from outgoing_event
                         where position > :after and (:account::text is null or account = :account)
                         order by position
                         limit :limit""")
                .param("after", position)
                .param("account", account)
                .param("limit", limit)
                .query(EVENT)
                .list();
    }

    /** The first that wait, without those of accounts whose next event was refused a while ago. */
    List<Event> waiting(Instant now, int limit) {
        return jdbc.sql("""
                        select n, id, position, account, type, occurred_at, access, data
                          from outgoing_event e
                         where state = 'WAITING'
                           and not exists (select from event_retry r
                                            where r.account = e.account and r.next_try_at > :now)
                         order by position
                         limit :limit""")
                .param("now", Timestamp.from(now))
                .param("limit", limit)
                .query(EVENT)
                .list();
    }

    long count(EventState state) {
        return jdbc.sql("select count(*) from outgoing_event where state = :state")
                .param("state", state.name())
                .query(Long.class)
                .single();
    }

    boolean anyWaits() {
        return jdbc.sql("select exists (select from outgoing_event where state = 'WAITING')")
                .query(Boolean.class)
                .single();
    }

    /** An event in the feed. */
    Optional<Event> find(UUID key) {
        return jdbc.sql("""
                        select n, id, position, account, type, occurred_at, access, data
                          from outgoing_event
                         where id = :id and position is not null""").param("id", key).query(EVENT).optional();
    }

    private static Event event(ResultSet row) throws SQLException {
        return new Event(
                row.getLong("n"),
                row.getObject("id", UUID.class),
                row.getLong("position"),
                row.getString("account"),
                row.getString("type"),
                row.getTimestamp("occurred_at").toInstant(),
                row.getString("access"),
                JSON.readTree(row.getString("data")));
    }
}
