package io.postpaid.mail;

import io.postpaid.platform.batch.Row;
import io.postpaid.platform.batch.Todo;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is to be sent, and what became of it. Each statement commits by itself. */
@Component
class OutboxStore {
    private static final RowMapper<Outgoing> OUTGOING = Row.to(Outgoing.class);

    private final JdbcClient jdbc;

    OutboxStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A notice that is being sent.
     *
     * @param view a JSON object, read where the mail is written, since what is wrong with it concerns this notice alone
     * @param attachmentSha256 of the document as it was made, or null
     */
    record Outgoing(
            long id,
            String account,
            String kind,
            String recipient,
            String view,
            @Nullable String attachment,
            String messageId,
            Instant queuedAt,
            int tries,
            @Nullable String attachmentSha256) {}

    /** One that is to be sent, or whose sending was begun, or whose end is not known. */
    record Pending(long id, String account, String status, String messageId) {}

    /** Takes a notice, so that nobody else does. */
    Optional<Outgoing> claim(long id) {
        return jdbc.sql("""
                update notice set status = 'SENDING' where id = :id and status = 'QUEUED'
                returning id, account, kind, recipient, view, attachment, message_id, queued_at, tries,
                          (select sha256 from document_file where file = attachment limit 1) as attachment_sha256""").param("id", id).query(OUTGOING).optional();
    }

    /** What waits to be sent by now. */
    Todo<Pending> due(Instant now) {
        return Todo.of(
                        Pending.class,
                        "select id, account, status, message_id from notice where status = 'QUEUED' and next_try_at <= :now")
                .with("now", Timestamp.from(now));
    }

    /** The same with those that are on their way. */
    Todo<Pending> unsent(Instant now) {
        return Todo.of(
                        Pending.class,
                        "select id, account, status, message_id from notice where status = 'SENDING' or status = 'QUEUED' and next_try_at <= :now")
                .with("now", Timestamp.from(now));
    }

    long count(Todo<Pending> notices) {
        return notices.count(jdbc);
    }

    Todo<Pending> begun() {
        return Todo.of(
                Pending.class,
                "select id, account, status, message_id from notice where status in ('SENDING', 'UNKNOWN')");
    }

    void sent(long id, Instant at, @Nullable String reply) {
        jdbc.sql("""
                update notice set status = 'SENT', sent_at = :at, tries = tries + 1, reply = :reply, error = null
                 where id = :id and status in ('SENDING', 'UNKNOWN')""")
                .param("at", Timestamp.from(at))
                .param("reply", reply)
                .param("id", id)
                .update();
    }

    void queueAgain(long id, int tries, Instant nextTry, @Nullable String error) {
        jdbc.sql("""
                update notice set status = 'QUEUED', tries = :tries, next_try_at = :next, error = :error
                 where id = :id and status = 'SENDING'""")
                .param("tries", tries)
                .param("next", Timestamp.from(nextTry))
                .param("error", error)
                .param("id", id)
                .update();
    }

    /** Nothing was sent; it waits as before. */
    void putBack(long id) {
        jdbc.sql("update notice set status = 'QUEUED' where id = :id and status = 'SENDING'")
                .param("id", id)
                .update();
    }

    void failed(long id, String error) {
        end(id, "FAILED", error);
    }

    void unknown(long id, String error) {
        end(id, "UNKNOWN", error);
    }

    private void end(long id, String status, String error) {
        jdbc.sql(
                        "update notice set status = :status, tries = tries + 1, error = :error where id = :id and status = 'SENDING'")
                .param("status", status)
                .param("error", error)
                .param("id", id)
                .update();
    }
}
