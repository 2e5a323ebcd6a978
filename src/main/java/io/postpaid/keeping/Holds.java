package io.postpaid.keeping;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** That this installation was restored and is held. */
@Component
class Holds {
    private final JdbcClient jdbc;

    Holds(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param numbered whether a person has named the next numbers */
    record Hold(Instant takenAt, Instant restoredAt, boolean numbered) {}

    Optional<Hold> open() {
        return jdbc.sql(
                        "select taken_at, restored_at, numbered_at is not null as numbered from restored where lifted_at is null")
                .query((row, i) -> new Hold(
                        row.getTimestamp("taken_at").toInstant(),
                        row.getTimestamp("restored_at").toInstant(),
                        row.getBoolean("numbered")))
                .optional();
    }

    /** In the transaction that sets the numbers. */
    void numbered(Instant at) {
        jdbc.sql(
                        "update restored set numbered_at = greatest(cast(:at as timestamptz), restored_at) where lifted_at is null and numbered_at is null")
                .param("at", Timestamp.from(at))
                .update();
    }

    @Transactional
    void lift(Instant at, String accepted) {
        jdbc.sql(
                        "update restored set lifted_at = greatest(cast(:at as timestamptz), numbered_at), accepted = :accepted where lifted_at is null")
                .param("at", Timestamp.from(at))
                .param("accepted", accepted)
                .update();
    }
}
