package io.postpaid.usage.intake;

import io.postpaid.platform.batch.Column;
import io.postpaid.usage.admission.Claim;
import io.postpaid.usage.admission.UsageStore;
import io.postpaid.usage.admission.Verdict.Refused;
import io.postpaid.usage.admission.Verdict.Taken;
import io.postpaid.usage.intake.Quarantine.Released;
import io.postpaid.usage.record.Reason;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of quarantined lines, as it is decided on them again. */
record HeldLines(JdbcClient jdbc) {
    /** A line may have a megabyte, and a page of such lines would not fit into memory. */
    private static final int PAGE_BYTES = 16 << 20;

    record Held(
            long id,
            long fileId,
            long line,
            Reason reason,
            String detail,
            String raw,
            @Nullable String lineId,
            Instant cameAt,
            @Nullable String run) {}

    static List<Held> page(UsageStore store, Chosen chosen, int most, long after) {
        return store.connection()
                .commit(() -> page(store.connection().jdbc(), chosen.condition())
                        .param("after", after)
                        .param("limit", most)
                        .param("ids", Column.of(chosen.ids(), id -> id))
                        .param("reason", chosen.reason())
                        .param("file", chosen.file())
                        .query(Held.class)
                        .list());
    }

    /** @param which of the open lines */
    static JdbcClient.StatementSpec page(JdbcClient on, String which) {
        return on.sql("""
                        with page as (
                            select id, octet_length(raw) as size
                              from usage_quarantine
                             where released_at is null and id > :after and (%s)
                             order by id
                             limit :limit
                        ), measured as (
                            select id, sum(size) over (order by id) - size as before from page
                        )
                        select q.id, f.name as file, f.id as file_id, f.started_at as came_at, f.run, q.line, q.reason, q.detail,
                               q.account, q.raw, q.line_id
                          from usage_quarantine q
                          join usage_file f on f.id = q.file
                          join measured m on m.id = q.id and m.before < :bytes
                         order by q.id""".formatted(which)).param("bytes", PAGE_BYTES);
    }

    /** Locks in order, and only what nobody else released in the meantime. */
    Set<Long> lock(List<Held> page) {
        return jdbc.sql("""
                        select id from usage_quarantine
                         where released_at is null and id = any(:ids::bigint[])
                         order by id for update""")
                .param("ids", Column.of(page, Held::id))
                .query(Long.class)
                .set();
    }

    /** What became of each. */
    Released mark(Map<Long, Claim> lines, Instant now) {
        record Kept(long id, @Nullable String account, Refused why) {}
        var kept = new ArrayList<Kept>();
        record Left(long id, Taken verdict, long records) {}
        var taken = new ArrayList<Left>();
        lines.forEach((id, claim) -> {
            switch (claim.verdict()) {
                case Taken verdict -> taken.add(new Left(id, verdict, claim.records()));
                case Refused why -> kept.add(new Kept(id, claim.account(), why));
            }
        });
        jdbc.sql("""
                        update usage_quarantine q
                           set released_at = :now, records = t.records
                          from unnest(:ids::bigint[], :records::bigint[]) as t (id, records)
                         where q.id = t.id""")
                .param("now", Timestamp.from(now))
                .param("ids", Column.of(taken, Left::id))
                .param("records", Column.of(taken, Left::records))
                .update();
        jdbc.sql("""
                        update usage_quarantine q
                           set reason = k.reason, detail = k.detail, account = coalesce(k.account, q.account),
                               retry_at = k.retry_at
                          from unnest(:ids::bigint[], :reasons::text[], :details::text[], :accounts::text[],
                                      :retries::timestamptz[]) as k (id, reason, detail, account, retry_at)
                         where q.id = k.id""")
                .param("ids", Column.of(kept, Kept::id))
                .param("reasons", Column.of(kept, line -> line.why().reason()))
                .param("details", Column.of(kept, line -> line.why().detail()))
                .param("accounts", Column.of(kept, Kept::account))
                .param("retries", Column.of(kept, line -> line.why().retryAt()))
                .update();
        long accepted =
                taken.stream().filter(line -> line.verdict() == Taken.ACCEPTED).count();
        return new Released(accepted, taken.size() - accepted, kept.size());
    }
}
