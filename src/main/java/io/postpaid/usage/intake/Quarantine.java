package io.postpaid.usage.intake;

import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import io.postpaid.usage.admission.Admission;
import io.postpaid.usage.admission.KeyedBatch;
import io.postpaid.usage.admission.UsageCopies;
import io.postpaid.usage.admission.UsageStore;
import io.postpaid.usage.admission.Verdict;
import io.postpaid.usage.admission.Verdict.Refused;
import io.postpaid.usage.admission.Verdict.Taken;
import io.postpaid.usage.format.LineParser;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.Reason;
import io.postpaid.usage.record.UsageRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The lines that could not be billed, until their cause is mended and an operator releases them. */
@Component
public class Quarantine {
    private static final int PAGE = 1_000;
    /** A line may have a megabyte, and a page of such lines would not fit into memory. */
    private static final int PAGE_BYTES = 16 << 20;
    /** Each request to the API is a file of its own, so that there may be as many files as lines. */
    private static final int PARSERS_KEPT = 100;

    private final DataSource database;
    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final Duration clockSkew;
    private final Period lateWindow;

    public Quarantine(
            DataSource database,
            JdbcClient jdbc,
            InstantSource clock,
            @Value("${postpaid.clock-skew:PT5M}") String clockSkew,
            @Value("${postpaid.late-window:P90D}") String lateWindow) {
        this.lateWindow = Period.parse(lateWindow);
        this.clockSkew = Ingestion.skew(clockSkew);
        this.database = database;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** A line in quarantine; the account is null when the line does not tell it. */
    public record Line(
            long id,
            String file,
            long line,
            Reason reason,
            String detail,
            @Nullable String account,
            String raw) {}

    /** What became of the lines released: those that are still open have got today's reason. */
    public record Released(long accepted, long duplicates, long stillOpen) {
        private Released plus(Released more) {
            return new Released(accepted + more.accepted, duplicates + more.duplicates, stillOpen + more.stillOpen);
        }
    }

    /** Open lines in the order in which they came, from behind the id of the last one seen; fewer when they are long. */
    public List<Line> open(long after, int limit) {
        return jdbc.sql("""
                        with page as (
                            select id, octet_length(raw) as size
                              from usage_quarantine
                             where released_at is null and id > :after
                             order by id
                             limit :limit
                        ), measured as (
                            select id, sum(size) over (order by id) - size as before from page
                        )
                        select q.id, f.name as file, q.line, q.reason, q.detail, q.account, q.raw
                          from usage_quarantine q
                          join usage_file f on f.id = q.file
                          join measured m on m.id = q.id and m.before < :bytes
                         order by q.id
                        """)
                .param("bytes", PAGE_BYTES)
                .param("after", after)
                .param("limit", limit)
                .query(Line.class)
                .list();
    }

    public long openCount(long after) {
        return jdbc.sql("select count(*) from usage_quarantine where released_at is null and id > :after")
                .param("after", after)
                .query(Long.class)
                .single();
    }

    /** How many open lines came too late. */
    public long tooLate() {
        return jdbc.sql("select count(*) from usage_quarantine where released_at is null and reason = 'TOO_LATE'")
                .query(Long.class)
                .single();
    }

    /**
     * Decides again, as things stand today, on the open lines with these ids, or, without ids, on all but those that came
     * too late. Such a line is accepted when it is named, because then an operator has decided so; a conflict stays one.
     */
    public Released release(List<Long> ids) {
        return release(ids, ids.isEmpty());
    }

    private Released release(List<Long> ids, boolean inTime) {
        var total = new Released(0, 0, 0);
        try (var store = new UsageStore(database, clockSkew)) {
            var layouts = new HashMap<Long, LineParser>();
            for (var page = page(store, ids, 0);
                    !page.isEmpty();
                    page = page(store, ids, page.getLast().id())) {
                total = total.plus(release(store, page, inTime, layouts));
            }
        }
        return total;
    }

    /** A line that came with a clock that ran ahead. */
    record Early(long id, @Nullable String account) {}

    /** What came a little before its time, once that time has come; it is decided on again. */
    Items<Early> early(Run run) {
        var early = Todo.of(
                        Early.class,
                        "select id, account from usage_quarantine where released_at is null and retry_at <= :now")
                .with("now", Timestamp.from(clock.instant()))
                .inOrder();
        return Items.some(PAGE, early, line -> Item.of("quarantined line", line.id(), line.account()), some -> {
            var released = release(some.stream().map(Early::id).toList(), true);
            return Done.of(some.size(), released.accepted(), released.duplicates() + released.stillOpen());
        });
    }

    private record Held(
            long id,
            long file,
            long line,
            Reason reason,
            String raw,
            @Nullable String lineId,
            @Nullable String account,
            Instant cameAt) {}

    private static List<Held> page(UsageStore store, List<Long> ids, long after) {
        return store.inTransaction(connection -> {
            try (var statement = connection.prepareStatement("""
                    with page as (
                        select id, octet_length(raw) as size
                          from usage_quarantine
                         where released_at is null and id > ? and (? and reason <> 'TOO_LATE' or id = any(?))
                         order by id
                         limit ?
                    ), measured as (
                        select id, sum(size) over (order by id) - size as before from page
                    )
                    select q.id, q.file, q.line, q.reason, q.raw, q.line_id, q.account, f.started_at
                      from usage_quarantine q
                      join usage_file f on f.id = q.file
                      join measured m on m.id = q.id and m.before < ?
                     order by q.id
                    """)) {
                statement.setLong(1, after);
                statement.setBoolean(2, ids.isEmpty());
                statement.setArray(3, connection.createArrayOf("bigint", ids.toArray()));
                statement.setInt(4, PAGE);
                statement.setInt(5, PAGE_BYTES);
                var page = new ArrayList<Held>();
                try (var row = statement.executeQuery()) {
                    while (row.next()) {
                        page.add(new Held(
                                row.getLong(1),
                                row.getLong(2),
                                row.getLong(3),
                                Reason.valueOf(row.getString(4)),
                                row.getString(5),
                                row.getString(6),
                                row.getString(7),
                                row.getTimestamp(8).toInstant()));
                    }
                }
                return page;
            }
        });
    }

    private Released release(UsageStore store, List<Held> page, boolean inTime, Map<Long, LineParser> parsers) {
        Instant now = clock.instant();
        var batch = new KeyedBatch(page.size());
        for (Held held : page) {
            var line = parsed(store, held, parsers);
            batch.add(held.file(), held.line(), inTime ? inTime(held, line) : line);
        }
        var admission = store.admission(batch, now, null);
        return store.settle(() -> store.admit(batch, admission), (connection, verdicts) -> {
            // Locked in order, and only what nobody else released in the meantime.
            boolean[] open = lock(connection, page);
            for (int i = 0; i < verdicts.length; i++) {
                if (!open[i]) {
                    verdicts[i] = new Refused(Reason.CONFLICT, "released by somebody else");
                }
            }
            store.take(batch, verdicts, admission);
            return mark(connection, page, batch, verdicts, admission, open, now);
        });
    }

    /** The line, unless it was too late when it came; what it was held for then may have been another fault. */
    private ParsedLine inTime(Held held, ParsedLine line) {
        var earliest = held.cameAt().atZone(ZoneOffset.UTC).minus(lateWindow).toInstant();
        return line instanceof UsageRecord usage && usage.occurredAt().isBefore(earliest)
                ? new ParsedLine.Malformed(
                        Reason.TOO_LATE,
                        "occurred_at " + usage.occurredAt() + " is before " + earliest
                                + ", where the late window ended when it came")
                : line;
    }

    private static ParsedLine parsed(UsageStore store, Held held, Map<Long, LineParser> parsers) {
        if (held.reason() == Reason.UNREADABLE) {
            return new ParsedLine.Malformed(Reason.UNREADABLE, "what was kept of the line is not the line itself");
        }
        LineParser parser = parsers.get(held.file());
        if (parser == null) {
            parser = store.inTransaction(connection -> Objects.requireNonNull(FileLog.layout(connection, held.file())))
                    .parser();
            if (parsers.size() >= PARSERS_KEPT) {
                parsers.clear();
            }
            parsers.put(held.file(), parser);
        }
        return parser.parse(held.raw(), held.line(), held.lineId());
    }

    private static boolean[] lock(Connection connection, List<Held> page) throws SQLException {
        var open = new boolean[page.size()];
        try (var statement = connection.prepareStatement("""
                select id from usage_quarantine where released_at is null and id = any(?) order by id for update
                """)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "bigint", page.stream().map(Held::id).toArray()));
            try (var row = statement.executeQuery()) {
                int i = 0;
                while (row.next()) {
                    while (page.get(i).id() != row.getLong(1)) {
                        i++;
                    }
                    open[i] = true;
                }
            }
        }
        return open;
    }

    private static Released mark(
            Connection connection,
            List<Held> page,
            KeyedBatch batch,
            Verdict[] verdicts,
            Admission admission,
            boolean[] open,
            Instant now)
            throws SQLException {
        long accepted = 0;
        long duplicates = 0;
        long stillOpen = 0;
        try (var release = connection.prepareStatement("update usage_quarantine set released_at = ? where id = ?");
                var keep = connection.prepareStatement(
                        "update usage_quarantine set reason = ?, detail = ?, account = coalesce(?, account), retry_at = ? where id = ?")) {
            for (int i = 0; i < verdicts.length; i++) {
                if (!open[i]) {
                    continue;
                }
                long id = page.get(i).id();
                switch (verdicts[i]) {
                    case Taken taken -> {
                        release.setTimestamp(1, Timestamp.from(now));
                        release.setLong(2, id);
                        release.addBatch();
                        if (taken == Taken.ACCEPTED) {
                            accepted++;
                        } else {
                            duplicates++;
                        }
                    }
                    case Refused(Reason reason, String detail) -> {
                        keep.setString(1, reason.name());
                        keep.setString(2, UsageCopies.storable(detail));
                        keep.setString(3, UsageCopies.account(batch.line(i)));
                        var retryAt = UsageCopies.retryAt(batch, i, reason, admission);
                        keep.setTimestamp(4, retryAt == null ? null : Timestamp.from(retryAt));
                        keep.setLong(5, id);
                        keep.addBatch();
                        stillOpen++;
                    }
                }
            }
            release.executeBatch();
            keep.executeBatch();
        }
        return new Released(accepted, duplicates, stillOpen);
    }
}
