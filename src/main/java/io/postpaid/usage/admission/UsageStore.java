package io.postpaid.usage.admission;

import io.postpaid.usage.admission.UsageCopies.KeyTaken;
import io.postpaid.usage.admission.UsageCopies.MonthGone;
import io.postpaid.usage.admission.Verdict.Refused;
import io.postpaid.usage.admission.Verdict.Taken;
import io.postpaid.usage.record.ParsedLine.Fact;
import io.postpaid.usage.record.Reason;
import io.postpaid.usage.record.UsageRecord;
import io.postpaid.usage.record.UsageVoid;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * Gives verdicts on batches and writes what they accept, over one connection of its own: no other transaction is ever
 * around it, and locks that hold for a whole file hold as long as the connection.
 */
public final class UsageStore implements AutoCloseable {
    /** Bounds the memory for account names when there are millions of accounts. */
    private static final int ACCOUNTS_REMEMBERED = 200_000;

    private final Connection connection;
    private final UsageCopies copies;
    private final Duration clockSkew;
    private final Set<String> accounts = new HashSet<>();
    private final Set<LocalDate> months = new HashSet<>();
    private @Nullable Admission admission;
    /** Files are sent again as a whole or hardly at all, so that one key that is taken tells of more. */
    private boolean looksUp;

    private boolean patient;

    public UsageStore(DataSource database, Duration clockSkew) {
        this.clockSkew = clockSkew;
        try {
            connection = database.getConnection();
            connection.setAutoCommit(false);
            copies = new UsageCopies(connection);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** A file may wait as long as another file or an archive takes. */
    public UsageStore patient() {
        try {
            lockTimeout(connection, "set lock_timeout = 0");
            connection.commit();
            patient = true;
            return this;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    public static void lockTimeout(Connection connection, String set) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(set);
        }
    }

    public interface Work<T extends @Nullable Object> {
        T with(Connection connection) throws SQLException;
    }

    /** All or nothing. */
    public <T extends @Nullable Object> T inTransaction(Work<T> work) {
        try {
            T result = work.with(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            rollback(e);
            throw failed(e);
        } catch (RuntimeException | Error e) {
            rollback(e);
            throw e;
        }
    }

    public interface Settlement<T> {
        T with(Connection connection, Verdict[] verdicts) throws SQLException;
    }

    /**
     * A transaction that takes what was admitted, with the verdicts its own to change. Keys are written in the hope that
     * nobody has them; if one is taken after all, it starts anew, and from then on keys are looked up before.
     */
    public <T> T settle(Supplier<Verdict[]> admitted, Settlement<T> settlement) {
        while (true) {
            var verdicts = admitted.get();
            forgetAdmission();
            try {
                return inTransaction(connection -> settlement.with(connection, verdicts));
            } catch (KeyTaken e) {
                looksUp = true;
            } catch (MonthGone e) {
                forgetMonths();
            }
        }
    }

    private void rollback(Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    public static IllegalStateException failed(SQLException e) {
        return new IllegalStateException(
                "The database failed, and nothing of the batch was taken: " + e.getMessage()
                        + ". Ingest again to go on",
                e);
    }

    /** What this batch may be measured against: what is known already, if that is enough for it, or read anew. */
    public Admission admission(KeyedBatch batch, Instant now, @Nullable Period lateWindow) {
        Instant earliest = lateWindow == null
                ? Instant.EPOCH
                : now.atZone(ZoneOffset.UTC).minus(lateWindow).toInstant();
        var before = admission;
        if (before == null || !before.knows(batch)) {
            before = inTransaction(_ -> {
                rememberAccounts(batch);
                var products = new HashMap<String, Boolean>();
                query("select id, billable from product", row -> products.put(row.getString(1), row.getBoolean(2)));
                var free = new HashSet<String>();
                query("select id from operation where not billable", row -> free.add(row.getString(1)));
                return new Admission(accounts, products, free, now, earliest, clockSkew);
            });
            admission = before;
        }
        return before.at(now, earliest);
    }

    /** What is known is as old as the transaction that it is used in, and no older. */
    public void forgetAdmission() {
        admission = null;
    }

    /** Partitions are asked for anew: one that was known has been archived. */
    public void forgetMonths() {
        months.clear();
    }

    private void rememberAccounts(KeyedBatch batch) throws SQLException {
        if (accounts.size() > ACCOUNTS_REMEMBERED) {
            accounts.clear();
        }
        var asked = new HashSet<String>();
        for (int i = 0; i < batch.size(); i++) {
            if (batch.line(i) instanceof Fact fact && !accounts.contains(fact.account())) {
                asked.add(fact.account());
            }
        }
        if (asked.isEmpty()) {
            return;
        }
        try (var statement = connection.prepareStatement("select id from account where id = any(?)")) {
            statement.setArray(1, connection.createArrayOf("text", asked.toArray()));
            rows(statement.executeQuery(), row -> accounts.add(row.getString(1)));
        }
    }

    /** What stands against each line before anyone asks whether it was seen before; and partitions for the others. */
    public Verdict[] admit(KeyedBatch batch, Admission admission) {
        return admit(batch, admission, () -> {});
    }

    /** Another transaction of the caller's ends before this one waits for a partition: that wait could be for it. */
    public Verdict[] admit(KeyedBatch batch, Admission admission, Runnable beforeWaiting) {
        var verdicts = new Verdict[batch.size()];
        var needed = new TreeSet<LocalDate>();
        long monthBegins = 0;
        long monthEnds = 0;
        for (int i = 0; i < verdicts.length; i++) {
            Refused objection = admission.objection(batch.line(i));
            verdicts[i] = objection == null ? Taken.ACCEPTED : objection;
            if (objection == null && batch.line(i) instanceof UsageRecord usage) {
                long second = usage.occurredAt().getEpochSecond();
                if (second < monthBegins || second >= monthEnds) {
                    LocalDate month = UsageCopies.day(usage.occurredAt()).withDayOfMonth(1);
                    monthBegins = month.toEpochSecond(LocalTime.MIN, ZoneOffset.UTC);
                    monthEnds = month.plusMonths(1).toEpochSecond(LocalTime.MIN, ZoneOffset.UTC);
                    if (!months.contains(month)) {
                        needed.add(month);
                    }
                }
            }
        }
        if (!needed.isEmpty()) {
            beforeWaiting.run();
        }
        for (LocalDate month : needed) {
            inTransaction(_ -> {
                try (var statement = connection.prepareStatement("select usage_record_month(?)")) {
                    statement.setObject(1, month);
                    return statement.execute();
                }
            });
            months.add(month);
        }
        return verdicts;
    }

    /**
     * Claims the keys of all lines that are accepted so far, turns those that lose into duplicates or conflicts, and
     * writes records, corrections and arrivals of the others. Must run inside {@link #settle}.
     */
    public void take(KeyedBatch batch, Verdict[] verdicts, Admission admission) throws SQLException {
        int[] claims = batch.inOrderOfKeys(accepted(verdicts));
        if (claims.length == 0) {
            return;
        }
        lose(batch, verdicts, claims, looksUp ? holders(batch, claims) : Map.of());
        copies.keys(rows -> {
            for (int i : claims) {
                if (verdicts[i] == Taken.ACCEPTED) {
                    rows.row(5).uuid(batch.key(i)).int8(batch.content(i));
                    rows.int8(batch.file(i)).int8(batch.number(i)).date(UsageCopies.day(batch.occurredAt(i)));
                }
            }
        });
        takeVoids(batch, verdicts);
        var arrivals = new Arrivals();
        copies.records(batch, verdicts, admission, arrivals);
        copies.arrivals(arrivals);
    }

    /** The line that was the first to claim a key. */
    private record Holder(long content, long file, long line) {}

    private Map<UUID, Holder> holders(KeyedBatch batch, int[] claims) throws SQLException {
        var keys = new UUID[claims.length];
        for (int i = 0; i < claims.length; i++) {
            keys[i] = batch.key(claims[i]);
        }
        // Looked up one by one in the primary key: what a batch costs must not grow with what is stored.
        query("select set_config('enable_seqscan', 'off', true)", _ -> {});
        var holders = new HashMap<UUID, Holder>();
        try (var statement =
                connection.prepareStatement("select key, content, file, line from usage_key where key = any(?)")) {
            unplanned(statement).setArray(1, connection.createArrayOf("uuid", keys));
            rows(
                    statement.executeQuery(),
                    row -> holders.put(
                            row.getObject(1, UUID.class), new Holder(row.getLong(2), row.getLong(3), row.getLong(4))));
        }
        return holders;
    }

    /** A claim loses against whoever holds its key, or else against the first line of the batch with this key. */
    private void lose(KeyedBatch batch, Verdict[] verdicts, int[] claims, Map<UUID, Holder> holders)
            throws SQLException {
        var names = new HashMap<Long, String>();
        for (int c = 0, first = 0; c < claims.length; c++) {
            int i = claims[c];
            Holder holder = holders.get(batch.key(i));
            if (holder == null) {
                if (c == 0 || !batch.key(i).equals(batch.key(claims[first]))) {
                    first = c;
                    continue;
                }
                int winner = claims[first];
                holder = new Holder(batch.content(winner), batch.file(winner), batch.number(winner));
            }
            verdicts[i] = holder.content() == batch.content(i)
                    ? Taken.DUPLICATE
                    : new Refused(
                            Reason.CONFLICT,
                            "the same source and id came with other content in %s line %d"
                                    .formatted(name(holder.file(), names), holder.line()));
        }
    }

    private String name(long file, Map<Long, String> names) throws SQLException {
        if (!names.containsKey(file)) {
            try (var statement = connection.prepareStatement("select name from usage_file where id = ?")) {
                statement.setLong(1, file);
                rows(statement.executeQuery(), row -> names.put(file, row.getString(1)));
            }
        }
        return names.getOrDefault(file, "");
    }

    private void takeVoids(KeyedBatch batch, Verdict[] verdicts) throws SQLException {
        record Claim(int line, UUID voided) {}
        var claims = IntStream.of(accepted(verdicts))
                .filter(i -> batch.line(i) instanceof UsageVoid)
                .mapToObj(i -> new Claim(i, ((UsageVoid) batch.line(i)).voidedKey()))
                .sorted(Comparator.comparing(Claim::voided).thenComparing(Claim::line))
                .toList();
        var refused = new HashMap<UUID, Refused>();
        for (Claim claim : claims) {
            var correction = (UsageVoid) batch.line(claim.line());
            if (correction.ofGate() && !settled(correction)) {
                refused.put(
                        batch.key(claim.line()),
                        new Refused(
                                Reason.NOT_SETTLED,
                                "no call '" + correction.voids() + "' of " + correction.account()
                                        + " is settled at the gate: a call is corrected after it is settled"));
            } else if (!insertVoid(batch, claim.line(), claim.voided())) {
                refused.put(
                        batch.key(claim.line()),
                        new Refused(
                                Reason.ALREADY_VOIDED,
                                "the record '" + correction.voids() + "' is already taken back by another correction"));
            }
        }
        if (refused.isEmpty()) {
            return;
        }
        // A refused line holds no key; its copies in this batch are refused like it.
        try (var statement = connection.prepareStatement("delete from usage_key where key = any(?)")) {
            statement.setArray(
                    1, connection.createArrayOf("uuid", refused.keySet().toArray()));
            statement.executeUpdate();
        }
        for (int i = 0; i < verdicts.length; i++) {
            Refused refusal = verdicts[i] instanceof Taken ? refused.get(batch.key(i)) : null;
            if (refusal != null) {
                verdicts[i] = refusal;
            }
        }
    }

    /** A call that still runs is not taken back ahead of its end, which would make it free. */
    private boolean settled(UsageVoid correction) throws SQLException {
        try (var statement = connection.prepareStatement("select gate_has_settled(?, ?)")) {
            statement.setString(1, correction.account());
            statement.setString(2, correction.voids());
            try (var row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private boolean insertVoid(KeyedBatch batch, int i, UUID voided) throws SQLException {
        try (var statement = connection.prepareStatement("""
                insert into usage_void (voided_key, key, account, file, line)
                values (?, ?, ?, ?, ?)
                    on conflict (voided_key) do nothing
                """)) {
            statement.setObject(1, voided);
            statement.setObject(2, batch.key(i));
            statement.setString(3, ((UsageVoid) batch.line(i)).account());
            statement.setLong(4, batch.file(i));
            statement.setLong(5, batch.number(i));
            return statement.executeUpdate() == 1;
        }
    }

    public static int[] accepted(Verdict[] verdicts) {
        return IntStream.range(0, verdicts.length)
                .filter(i -> verdicts[i] == Taken.ACCEPTED)
                .toArray();
    }

    public interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private int query(String sql, RowReader reader) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            return rows(unplanned(statement).executeQuery(), reader);
        }
    }

    /** Planned anew each time: a plan from when the tables were small would read them whole when they are not. */
    private static PreparedStatement unplanned(PreparedStatement statement) throws SQLException {
        statement.unwrap(PGStatement.class).setPrepareThreshold(0);
        return statement;
    }

    private static int rows(ResultSet rows, RowReader reader) throws SQLException {
        int count = 0;
        try (rows) {
            while (rows.next()) {
                reader.read(rows);
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() {
        try (connection) {
            connection.rollback();
            connection.setAutoCommit(true);
            query("select pg_advisory_unlock_all()", _ -> {});
            if (patient) lockTimeout(connection, "reset lock_timeout");
        } catch (SQLException e) {
            throw new IllegalStateException("The database connection broke: " + e.getMessage(), e);
        }
    }
}
