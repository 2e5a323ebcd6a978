package io.postpaid.platform.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every change with who, when, from where and why. */
@Component
public class AuditLog {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final int FETCHED = 1_000;

    private final JdbcClient jdbc;

    AuditLog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A change of one row.
     *
     * @param what the table
     * @param before the values that have changed, as they were; without those that were not there
     * @param after as they are since
     */
    public record Entry(
            long id,
            Instant at,
            String who,
            String source,
            String what,
            String item,
            @Nullable String account,
            String change,
            JsonNode before,
            JsonNode after) {}

    /**
     * The entries of an account, or of all, from the first to the last day (UTC, both included), in their order.
     *
     * @param account null for all
     */
    @Transactional(readOnly = true)
    public void each(
            @Nullable String account, @Nullable LocalDate from, @Nullable LocalDate to, Consumer<Entry> reader) {
        var query = jdbc.sql("""
                        select id, at, who, source, what, item, account, change, before, after
                          from audit_told
                         where (:account::text is null or account = :account)
                           and (:from::timestamptz is null or at >= :from)
                           and (:until::timestamptz is null or at < :until)
                         order by id""")
                .param("account", account)
                .param("from", from == null ? null : start(from))
                .param("until", to == null ? null : start(to.plusDays(1)));
        query.withFetchSize(FETCHED).query((ResultSet row) -> reader.accept(entry(row)));
    }

    /** The entries before one, of an account or of all, the newest first. */
    public List<Entry> before(long id, @Nullable String account, int most) {
        return jdbc.sql("""
                        select id, at, who, source, what, item, account, change, before, after
                          from audit_told
                         where id < :before and (:account::text is null or account = :account)
                         order by id desc
                         limit :most""")
                .param("before", id)
                .param("account", account)
                .param("most", most)
                .query((row, i) -> entry(row))
                .list();
    }

    /** Takes out of an erased account's entries what tells of the person; the chain over them holds as before. */
    public void erase(String account) {
        jdbc.sql("delete from audit_personal where entry in (select id from audit_entry where account = :account)")
                .param("account", account)
                .update();
    }

    private static OffsetDateTime start(LocalDate day) {
        return day.atStartOfDay().atOffset(ZoneOffset.UTC);
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getLong("id"),
                row.getTimestamp("at").toInstant(),
                row.getString("who"),
                row.getString("source"),
                row.getString("what"),
                row.getString("item"),
                row.getString("account"),
                row.getString("change"),
                JSON.readTree(row.getString("before")),
                JSON.readTree(row.getString("after")));
    }
}
