package io.postpaid.usage.intake;

import io.postpaid.platform.audit.WhoActs;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import io.postpaid.usage.admission.Claim;
import io.postpaid.usage.admission.UsageStore;
import io.postpaid.usage.admission.Windows;
import io.postpaid.usage.format.LineParser;
import io.postpaid.usage.intake.HeldLines.Held;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Malformed;
import io.postpaid.usage.record.ParsedLine.Several;
import io.postpaid.usage.record.Reason;
import io.postpaid.usage.record.UsageRecord;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The lines that could not be billed, until their cause is mended and an operator releases them. */
@Component
public class Quarantine {
    private static final int PAGE = 1_000;
    /** Each request to the API is a file of its own, so that there may be as many files as lines. */
    private static final int PARSERS_KEPT = 100;

    private static final String BY_COMMAND = "; ./postpaid usage quarantine --release tries it again, with Spark";

    private final DataSource database;
    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final Windows windows;
    private final WhoActs who;

    public Quarantine(DataSource database, JdbcClient jdbc, InstantSource clock, Windows windows, WhoActs who) {
        this.database = database;
        this.jdbc = jdbc;
        this.clock = clock;
        this.windows = windows;
        this.who = who;
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
        return HeldLines.page(jdbc, "true")
                .param("after", after)
                .param("limit", limit)
                .query(Line.class)
                .list();
    }

    /** The first open line of the file that came last under this name. */
    public Optional<Line> first(String file) {
        return jdbc.sql("""
                        select q.id, f.name as file, q.line, q.reason, q.detail, q.account, q.raw
                          from usage_quarantine q
                          join usage_file f on f.id = q.file
                         where f.id = (select max(id) from usage_file where name = :file) and q.released_at is null
                         order by q.line
                         limit 1""").param("file", file).query(Line.class).optional();
    }

    /**
     * An open line that is about an account, as the account may see it: without the raw text and the file, which may hold more than
     * this account's.
     */
    public record OfAccount(long id, Instant receivedAt, Reason reason) {}

    /** The open lines about an account that came before a time, and before the last one seen; the newest first. */
    public List<OfAccount> open(String account, Instant from, Instant to, long before, int limit) {
        return jdbc.sql("""
                        select q.id, f.started_at as received_at, q.reason
                          from usage_quarantine q
                          join usage_file f on f.id = q.file
                         where q.account = :account and q.released_at is null and q.id < :before
                           and f.started_at >= :from and f.started_at < :to
                         order by q.id desc
                         limit :limit""")
                .param("account", account)
                .param("from", Timestamp.from(from))
                .param("to", Timestamp.from(to))
                .param("before", before)
                .param("limit", limit)
                .query(OfAccount.class)
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
        return release(ids.isEmpty() ? Chosen.IN_TIME : Chosen.named(ids), ids.isEmpty());
    }

    /** The same for the open lines of a file that are held for one reason: those that came too late are named by it. */
    public Released release(Reason reason, long file) {
        return release(Chosen.group(reason, file), reason != Reason.TOO_LATE);
    }

    private Released release(Chosen chosen, boolean inTime) {
        var total = new Released(0, 0, 0);
        try (var store = new UsageStore(database, clock, windows, false)) {
            var parsers = new HashMap<Long, LineParser>();
            for (var page = HeldLines.page(store, chosen, PAGE, 0);
                    !page.isEmpty();
                    page = HeldLines.page(store, chosen, PAGE, page.getLast().id())) {
                total = total.plus(release(store, page, inTime, parsers));
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
            var released = release(Chosen.named(some.stream().map(Early::id).toList()), true);
            return Done.of(some.size(), released.accepted(), released.duplicates() + released.stillOpen());
        });
    }

    private Released release(UsageStore store, List<Held> page, boolean inTime, Map<Long, LineParser> parsers) {
        var batch = new ArrayList<Claim>(page.size());
        for (Held held : page) {
            var line = parsed(store, held, parsers);
            batch.add(new Claim(held.fileId(), held.line(), inTime ? inTime(held, line) : line));
        }
        var admission = store.admission(batch, true);
        return store.settle(batch, admission, () -> {
            who.say(store.connection().jdbc());
            var held = new HeldLines(store.connection().jdbc());
            var open = held.lock(page);
            var mine = new LinkedHashMap<Long, Claim>();
            for (int i = 0; i < page.size(); i++) {
                if (open.contains(page.get(i).id())) mine.put(page.get(i).id(), batch.get(i));
            }
            store.take(List.copyOf(mine.values()), admission);
            return held.mark(mine, clock.instant());
        });
    }

    /** The line, unless it was too late when it came; what it was held for then may have been another fault. */
    private ParsedLine inTime(Held held, ParsedLine line) {
        var earliest = windows.earliest(held.cameAt());
        var late = switch (line) {
            case UsageRecord usage -> Stream.of(usage);
            case Several several -> several.records().stream();
            default -> Stream.<UsageRecord>empty();
        };
        return late.filter(usage -> usage.occurredAt().isBefore(earliest))
                .findFirst()
                .<ParsedLine>map(usage -> new Malformed(
                        Reason.TOO_LATE,
                        "occurred_at " + usage.occurredAt() + " is before " + earliest
                                + ", where the late window ended when it came"))
                .orElse(line);
    }

    /** Its key may be one that a run knows and the database does not. */
    private static ParsedLine ofRun(Held held) {
        return new Malformed(held.reason(), held.detail().replace(BY_COMMAND, "") + BY_COMMAND);
    }

    /** Takes a line as it reads today. */
    public interface Reader {
        void line(long id, Claim line);
    }

    /** Gives open lines of runs whose cause may be gone: those with these ids, or, without ids, all but those that came too late. */
    public void ofRuns(List<Long> ids, Reader reader) {
        var chosen = ids.isEmpty() ? Chosen.IN_TIME : Chosen.named(ids);
        var ofRun = new Chosen(
                "file in (select id from usage_file where run is not null)"
                        + " and reason not in ('UNREADABLE', 'CONFLICT', 'ALREADY_VOIDED') and " + chosen.condition(),
                ids,
                null,
                0);
        try (var store = new UsageStore(database, clock, windows, false)) {
            var parsers = new HashMap<Long, LineParser>();
            for (var page = HeldLines.page(store, ofRun, PAGE, 0);
                    !page.isEmpty();
                    page = HeldLines.page(store, ofRun, PAGE, page.getLast().id())) {
                for (var held : page) {
                    var line = read(store, held, parsers);
                    var claim = new Claim(held.fileId(), held.line(), ids.isEmpty() ? inTime(held, line) : line);
                    reader.line(held.id(), claim);
                }
            }
        }
    }

    private static ParsedLine parsed(UsageStore store, Held held, Map<Long, LineParser> parsers) {
        if (held.reason() == Reason.UNREADABLE) {
            return new Malformed(Reason.UNREADABLE, "what was kept of the line is not the line itself");
        }
        return held.run() != null ? ofRun(held) : read(store, held, parsers);
    }

    private static ParsedLine read(UsageStore store, Held held, Map<Long, LineParser> parsers) {
        if (parsers.size() >= PARSERS_KEPT) parsers.clear();
        var connection = store.connection();
        return parsers.computeIfAbsent(
                        held.fileId(),
                        file -> connection
                                .commit(() -> new FileLog(connection.jdbc()).layout(file))
                                .parser())
                .parse(held.raw(), held.line(), held.lineId());
    }
}
