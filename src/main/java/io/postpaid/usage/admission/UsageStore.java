package io.postpaid.usage.admission;

import io.postpaid.platform.batch.Column;
import io.postpaid.usage.admission.OwnConnection.Work;
import io.postpaid.usage.admission.Verdict.Refused;
import io.postpaid.usage.admission.Verdict.Taken;
import io.postpaid.usage.format.LineBatch;
import io.postpaid.usage.record.ParsedLine.Fact;
import io.postpaid.usage.record.Reason;
import io.postpaid.usage.record.UsageRecord;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Gives verdicts on batches and writes what they accept, a batch in a transaction. */
public final class UsageStore implements AutoCloseable {
    /** Bounds the memory for account names when there are millions of accounts. */
    private static final int ACCOUNTS_REMEMBERED = 200_000;

    private final OwnConnection connection;
    private final JdbcClient jdbc;
    private final UsageCopies copies;
    private final Voids voids;
    private final InstantSource clock;
    private final Windows windows;
    private final Set<String> accounts = new HashSet<>();
    private final Set<LocalDate> months = new HashSet<>();
    /** Files are sent again as a whole or hardly at all: where one key is taken, others probably are. */
    private boolean looksUp;

    /** @param patient whether it waits for a lock as long as another file or an archive takes */
    public UsageStore(DataSource database, InstantSource clock, Windows windows, boolean patient) {
        this.connection = new OwnConnection(database, patient);
        this.jdbc = connection.jdbc();
        this.copies = new UsageCopies(connection);
        this.voids = new Voids(jdbc);
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
            rememberAccounts(batch);
            var products = new HashMap<String, Boolean>();
            jdbc.sql("select id, billable from product").query(row -> {
                products.put(row.getString(1), row.getBoolean(2));
            });
            var free = jdbc.sql("select id from operation where not billable")
                    .query(String.class)
                    .set();
            Instant earliest = anyAge ? Instant.EPOCH : windows.earliest(now);
            return new Admission(accounts, products, free, now, earliest, windows.clockSkew());
        });
    }

    /** Partitions are asked for anew: one that was known has been archived. */
    public void forgetMonths() {
        months.clear();
    }

    private void rememberAccounts(List<Claim> batch) {
        if (accounts.size() > ACCOUNTS_REMEMBERED) accounts.clear();
        var asked = batch.stream()
                .filter(claim -> claim.said instanceof Fact)
                .map(claim -> ((Fact) claim.said).account())
                .collect(Collectors.toSet());
        // What is known stays so, but for those that were erased meanwhile, which are few.
        jdbc.sql("select id from account where erased_at is not null and id = any(:asked)")
                .param("asked", asked.toArray(String[]::new))
                .query(String.class)
                .list()
                .forEach(accounts::remove);
        asked.removeIf(accounts::contains);
        if (asked.isEmpty()) return;
        accounts.addAll(jdbc.sql("select id from account where id = any(:asked) and erased_at is null")
                .param("asked", asked.toArray(String[]::new))
                .query(String.class)
                .list());
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
            Refused objection = measure.objection(claim.said);
            claim.verdict = objection == null ? Taken.ACCEPTED : objection;
            if (objection == null
                    && claim.said instanceof UsageRecord usage
                    && !usage.day().equals(last)) {
                last = usage.day();
                needed.add(last.withDayOfMonth(1));
            }
        }
        needed.removeAll(months);
        if (!needed.isEmpty()) beforeWaiting.run();
        for (LocalDate month : needed) {
            connection.commit(() -> jdbc.sql("select usage_record_month(:month)")
                    .param("month", month)
                    .query()
                    .listOfRows());
            months.add(month);
        }
    }

    /**
     * Claims the keys of all lines that are accepted so far, turns those that lose into duplicates or conflicts, and
     * writes records, corrections and arrivals of the others. Must run inside {@link #settle}.
     */
    public void take(List<Claim> batch, Admission measure) throws SQLException {
        var claims = KeyOrder.of(
                batch.stream().filter(Claim::accepted).toList(),
                claim -> claim.key().getMostSignificantBits(),
                claim -> claim.key().getLeastSignificantBits());
        if (claims.isEmpty()) return;
        lose(claims, looksUp ? holders(claims) : Map.of());
        copies.keys(rows -> {
            for (Claim claim : claims) {
                if (claim.accepted()) {
                    rows.row(5).uuid(claim.key()).int8(claim.content);
                    rows.int8(claim.file).int8(claim.line).date(claim.day());
                }
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

    /** The line that was the first to claim a key. */
    private record Holder(long content, long file, long line) {
        static Holder of(Claim claim) {
            return new Holder(claim.content, claim.file, claim.line);
        }
    }

    private Map<UUID, Holder> holders(List<Claim> claims) {
        // Looked up one by one in the primary key: what a batch costs must not grow with what is stored.
        jdbc.sql("set local enable_seqscan = off").update();
        var holders = new HashMap<UUID, Holder>();
        jdbc.sql("select key, content, file, line from usage_key where key = any(:keys::uuid[])")
                .param("keys", Column.of(claims, Claim::key))
                .query(row -> {
                    holders.put(
                            row.getObject(1, UUID.class), new Holder(row.getLong(2), row.getLong(3), row.getLong(4)));
                });
        return holders;
    }

    /** A claim loses against the record that has its key, or else against the first line of the batch with this key. */
    private void lose(List<Claim> claims, Map<UUID, Holder> holders) {
        var names = new HashMap<Long, String>();
        Claim first = null;
        for (Claim claim : claims) {
            Holder holder = holders.get(claim.key());
            if (holder == null) {
                if (first == null || !claim.key().equals(first.key())) {
                    first = claim;
                    continue;
                }
                holder = Holder.of(first);
            }
            claim.verdict = holder.content() == claim.content
                    ? Taken.DUPLICATE
                    : new Refused(
                            Reason.CONFLICT,
                            "the same source and id came with other content in %s line %d"
                                    .formatted(names.computeIfAbsent(holder.file(), this::name), holder.line()));
        }
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
