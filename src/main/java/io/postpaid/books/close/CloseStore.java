package io.postpaid.books.close;

import io.postpaid.books.close.ClosedMonth.KeptFile;
import io.postpaid.platform.batch.Row;
import io.postpaid.platform.calendar.BillingPeriod;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

@Component
class CloseStore {
    /** Whoever is named to the audit log. */
    private static final String WHO =
            "coalesce(nullif(current_setting('postpaid.who', true), ''), 'SQL ' || session_user)";

    private static final String CLOSED = """
            select c.period, c.version, c.closed_at, c.closed_by, r.reopened_at, r.reopened_by, r.reason
              from ledger_close c
              left join ledger_reopening r using (period, version)
            """;

    private final JdbcClient jdbc;

    CloseStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The newest month first, and of a month the newest closing. */
    List<ClosedMonth> all() {
        return jdbc.sql(CLOSED + "order by c.period desc, c.version desc")
                .query((row, i) -> closed(row))
                .list();
    }

    /** The newest closing of a month. */
    Optional<ClosedMonth> latest(BillingPeriod period) {
        return jdbc.sql(CLOSED + "where c.period = :period order by c.version desc limit 1")
                .param("period", period.firstDay())
                .query((row, i) -> closed(row))
                .optional();
    }

    /** Waits for all who are adding to the books, and lets nobody begin until the transaction has ended. */
    void lock() {
        jdbc.sql("lock table posting, company_posting, usage_journal in share row exclusive mode")
                .update();
    }

    int close(BillingPeriod period, List<Tie> ties, Instant at) {
        int version = jdbc.sql("insert into ledger_close (period, version, closed_at, closed_by)"
                        + " select :period, 1 + count(*), :at, " + WHO + " from ledger_close where period = :period"
                        + " returning version")
                .param("period", period.firstDay())
                .param("at", Timestamp.from(at))
                .query(Integer.class)
                .single();
        for (int n = 0; n < ties.size(); n++) {
            var tie = ties.get(n);
            jdbc.sql("""
                            insert into ledger_close_tie (period, version, n, name, currency, books, against, other)
                            values (:period, :version, :n, :name, :currency, :books, :against, :other)""")
                    .param("period", period.firstDay())
                    .param("version", version)
                    .param("n", n)
                    .param("name", tie.name())
                    .param("currency", tie.currency())
                    .param("books", tie.books())
                    .param("against", tie.against())
                    .param("other", tie.other())
                    .update();
        }
        return version;
    }

    void reopen(ClosedMonth month, String reason, Instant at) {
        jdbc.sql("insert into ledger_reopening (period, version, reopened_at, reopened_by, reason)"
                        + " values (:period, :version, :at, " + WHO + ", :reason)")
                .param("period", month.period().firstDay())
                .param("version", month.version())
                .param("at", Timestamp.from(at))
                .param("reason", reason)
                .update();
    }

    /** All of them or none: a month that has files is done. */
    @Transactional
    void keep(ClosedMonth month, Map<KeptFile, byte[]> files) {
        files.forEach((file, content) -> keep(month, file, content));
    }

    private void keep(ClosedMonth month, KeptFile file, byte[] content) {
        jdbc.sql("""
                        insert into ledger_close_file (period, version, file, sha256, bytes, content)
                        values (:period, :version, :file, :sha256, :bytes, :content)""")
                .param("period", month.period().firstDay())
                .param("version", month.version())
                .param("file", file.file())
                .param("sha256", file.sha256())
                .param("bytes", file.bytes())
                .param("content", content)
                .update();
    }

    private ClosedMonth closed(ResultSet row) throws SQLException {
        var period = row.getObject("period", LocalDate.class);
        int version = row.getInt("version");
        return new ClosedMonth(
                BillingPeriod.of(period),
                version,
                row.getTimestamp("closed_at").toInstant(),
                row.getString("closed_by"),
                instant(row.getTimestamp("reopened_at")),
                row.getString("reopened_by"),
                row.getString("reason"),
                of(
                        "select name, currency, books, against, other from ledger_close_tie",
                        "n",
                        period,
                        version,
                        Tie.class),
                of("select file, sha256, bytes from ledger_close_file", "file", period, version, KeptFile.class));
    }

    private <T extends Record> List<T> of(String select, String order, LocalDate period, int version, Class<T> type) {
        return jdbc.sql(select + " where period = :period and version = :version order by " + order)
                .param("period", period)
                .param("version", version)
                .query(Row.to(type))
                .list();
    }

    private static @Nullable Instant instant(@Nullable Timestamp at) {
        return at == null ? null : at.toInstant();
    }
}
