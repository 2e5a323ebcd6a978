package io.postpaid.usage.admission;

import io.postpaid.platform.batch.Column;
import io.postpaid.usage.admission.Claim.Stated;
import io.postpaid.usage.admission.OwnConnection.Work;
import io.postpaid.usage.admission.Verdict.Refused;
import io.postpaid.usage.admission.Verdict.Taken;
import io.postpaid.usage.format.LineBatch;
import io.postpaid.usage.record.Reason;
import io.postpaid.usage.record.UsageRecord;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Gives verdicts on batches and writes what they accept, a batch in a transaction. */
public final class UsageStore implements AutoCloseable {
    /** So many conflicts of a file are told with both quantities: a record is found by reading its day. */
    private static final int EXPLAINED_MAX = 3;

    private final OwnConnection connection;
    private final JdbcClient jdbc;
    private final UsageCopies copies;
    private final Voids voids;
    private final InstantSource clock;
    private final Windows windows;
    private final AccountLookup accounts;
    private final SourceClaims sources;
    private final Set<LocalDate> months = new HashSet<>();
    /** Files are sent again as a whole or hardly at all: where one key is taken, others probably are. */
    private boolean looksUp;

    private int explained;

    /** @param patient whether it waits for a lock as long as another file or an archive takes */
    public UsageStore(DataSource database, InstantSource clock, Windows windows, boolean patient) {
        this.connection = new OwnConnection(database, patient);
        this.jdbc = connection.jdbc();
        this.copies = new UsageCopies(connection);
        this.voids = new Voids(jdbc);
        this.accounts = new AccountLookup(jdbc, new KnownAccounts());
        this.sources = new SourceClaims(jdbc);
        this.clock = clock;
        this.windows = windows;
    }

    public OwnConnection connection() {
        return connection;
    }

    /**
     * A transaction that takes what was admitted. Keys are written in the hope that nobody has them; if one is taken after
     * all, it starts anew, and from then on keys are looked up before.
     */
    public <T> T settle(List<Claim> batch, Admission measure, Work<T> settlement) {
        while (true) {
            admit(batch, measure, () -> {});
            try {
                return connection.commit(settlement);
            } catch (KeyTaken e) {
                looksUp = true;
            } catch (MonthGone e) {
                forgetMonths();
            }
        }
    }

    /**
     * What this batch may be measured against.
     *
     * @param anyAge whether usage is taken that is older than the late window
     */
    public Admission admission(List<Claim> batch, boolean anyAge) {
        Instant now = clock.instant();
        return connection.commit(() -> {
            accounts.remember(batch);
            var products = new HashMap<String, Boolean>();
            jdbc.sql("select id, billable from product").query(row -> {
                products.put(row.getString(1), row.getBoolean(2));
            });
            var free = jdbc.sql("select id from operation where not billable")
                    .query(String.class)
                    .set();
            Instant earliest = anyAge ? Instant.EPOCH : windows.earliest(now);
            return new Admission(
                    accounts.known(), products, free, sources.aggregated(), now, earliest, windows.clockSkew());
        });
    }

    /**
     * Remembers, in the caller's transaction, that a source has sent today. The first record of a batch is enough for whoever
     * watches for silence; what an account reports of itself is no feed.
     */
    public void heard(JdbcClient transaction, List<Claim> batch) {
        for (var claim : batch) {
            for (var stated : claim.taken()) {
                if (!(stated.fact instanceof UsageRecord usage)
                        || usage.source().startsWith("account:")) continue;
                transaction
                        .sql("insert into usage_feed (source, seen_on) values (:source, :today) on conflict do nothing")
                        .param("source", usage.source())
                        .param("today", LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC))
                        .update();
                return;
            }
        }
    }

    /** Partitions are asked for anew: one that was known has been archived. */
    public void forgetMonths() {
        months.clear();
    }

    /**
     * Says what stands against each line before anyone asks whether it was seen before, and makes partitions for the others.
     *
     * @param beforeWaiting ends another transaction of the caller's before this one waits for a partition: that wait could
     *     be for it
     */
    public void admit(List<Claim> batch, Admission measure, Runnable beforeWaiting) {
        var needed = new TreeSet<LocalDate>();
        LocalDate last = LocalDate.MIN;
        for (Claim claim : batch) {
            claim.verdict = measure.first(claim);
            for (var stated : claim.taken()) {
                if (stated.fact instanceof UsageRecord && !stated.day().equals(last)) {
                    last = stated.day();
                    needed.add(last.withDayOfMonth(1));
                }
            }
        }
        needed.removeAll(months);
        var unclaimed = sources.unclaimed(batch);
        if (!needed.isEmpty() || !unclaimed.isEmpty()) beforeWaiting.run();
        if (!unclaimed.isEmpty()) connection.commit(() -> sources.claim(unclaimed));
        for (LocalDate month : needed) {
            connection.commit(() -> jdbc.sql("select usage_record_month(:month)")
                    .param("month", month)
                    .query()
                    .listOfRows());
            months.add(month);
        }
    }

    /**
     * Claims the keys of all records that are accepted so far, turns lines that lose into duplicates or conflicts, and
     * writes records, corrections and arrivals of the others. Must run inside {@link #settle}.
     */
    public void take(List<Claim> batch, Admission measure) throws SQLException {
        compare(batch, looksUp ? holders(batch) : Map.of());
        record Taking(Claim claim, Stated stated) {}
        var taking = new ArrayList<Taking>(batch.size());
        for (Claim claim : batch) for (var stated : claim.taken()) taking.add(new Taking(claim, stated));
        if (taking.isEmpty()) return;
        var ordered = KeyOrder.of(
                taking.size(),
                n -> taking.get(n).stated().key.getMostSignificantBits(),
                n -> taking.get(n).stated().key.getLeastSignificantBits());
        copies.keys(rows -> {
            for (int n : ordered) {
                var each = taking.get(n);
                rows.row(5).uuid(each.stated().key).int8(each.stated().content);
                rows.int8(each.claim().file)
                        .int8(each.claim().line)
                        .date(each.stated().day());
            }
        });
        voids.take(batch);
        var arrivals = new Arrivals();
        copies.records(batch, measure, arrivals);
        copies.arrivals(arrivals);
    }

    /** Keeps the lines that were refused. */
    public void quarantine(List<Claim> batch, LineBatch raw) throws SQLException {
        copies.quarantine(batch, raw);
    }

    /** What would be said of these lines, without anything being written. */
    public void judge(List<Claim> batch) {
        var measure = admission(batch, false);
        connection.commit(() -> {
            for (Claim claim : batch) claim.verdict = measure.first(claim);
            compare(batch, holders(batch));
            return true;
        });
    }

    /** The line that was the first to claim a key. */
    private record Holder(long content, long file, long line) {
        boolean is(Stated stated) {
            return content == stated.content;
        }
    }

    private Map<UUID, Holder> holders(List<Claim> batch) {
        // Looked up one by one in the primary key: what a batch costs must not grow with what is stored.
        jdbc.sql("set local enable_seqscan = off").update();
        var keys = batch.stream()
                .flatMap(claim -> claim.taken().stream())
                .map(stated -> stated.key)
                .toList();
        var holders = new HashMap<UUID, Holder>();
        jdbc.sql("select key, content, file, line from usage_key where key = any(:keys::uuid[])")
                .param("keys", Column.of(keys, key -> key))
                .query(row -> {
                    holders.put(
                            row.getObject(1, UUID.class), new Holder(row.getLong(2), row.getLong(3), row.getLong(4)));
                });
        return holders;
    }

    /**
     * A record is known, or in conflict, against the one that has its key, or else against the first of the batch with this
     * key. A line with a conflict is refused with all its records; one whose records are all known is a duplicate.
     */
    private void compare(List<Claim> batch, Map<UUID, Holder> held) {
        var holders = new HashMap<>(held);
        var names = new HashMap<Long, String>();
        for (Claim claim : batch) {
            if (!claim.accepted()) continue;
            Refused conflict = null;
            boolean anyNew = false;
            for (var stated : claim.stated) {
                Holder holder = holders.get(stated.key);
                stated.known = holder != null && holder.is(stated);
                anyNew |= !stated.known;
                if (holder != null && !stated.known && conflict == null) conflict = conflict(stated, holder, names);
            }
            if (conflict != null) {
                claim.verdict = conflict;
            } else if (!anyNew) {
                claim.verdict = Taken.DUPLICATE;
            } else {
                for (var stated : claim.stated) {
                    if (holders.putIfAbsent(stated.key, new Holder(stated.content, claim.file, claim.line)) != null) {
                        stated.known = true;
                    }
                }
            }
        }
    }

    private Refused conflict(Stated stated, Holder holder, Map<Long, String> names) {
        return new Refused(
                Reason.CONFLICT,
                "the same source and id came with other content in %s line %d%s"
                        .formatted(names.computeIfAbsent(holder.file(), this::name), holder.line(), grown(stated)));
    }

    /** What differs, where it is the quantity: reports are exported again with grown numbers. */
    private String grown(Stated stated) {
        if (!(stated.fact instanceof UsageRecord usage) || explained >= EXPLAINED_MAX) return "";
        explained++;
        return jdbc.sql("""
                        select quantity
                          from usage_record
                         where key = :key
                           and occurred_at >= (select day from usage_key where key = :key)::timestamp at time zone 'UTC'
                           and occurred_at < ((select day from usage_key where key = :key) + 1)::timestamp at time zone 'UTC'""")
                .param("key", stated.key)
                .query(BigDecimal.class)
                .optional()
                .filter(before -> before.compareTo(usage.quantity()) != 0)
                .map(before ->
                        ": quantity %s then, %s now. A report whose numbers still grow is billed by its final export"
                                .formatted(
                                        before.stripTrailingZeros().toPlainString(),
                                        usage.quantity().toPlainString()))
                .orElse("");
    }

    private String name(long file) {
        return jdbc.sql("select name from usage_file where id = :file")
                .param("file", file)
                .query(String.class)
                .optional()
                .orElse("");
    }

    @Override
    public void close() {
        connection.close();
    }
}
