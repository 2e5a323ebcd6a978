package io.postpaid.usage;

import io.postpaid.usage.ParsedLine.Fact;
import io.postpaid.usage.Verdict.Refused;
import io.postpaid.usage.Verdict.Taken;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

/**
 * Gives verdicts on batches and writes what they accept, over one connection of its own: no other transaction is ever
 * around it, and locks that hold for a whole file hold as long as the connection.
 */
final class UsageStore implements AutoCloseable {
    /** Bounds the memory for account names when there are millions of accounts. */
    private static final int ACCOUNTS_REMEMBERED = 200_000;

    private static final LocalDate EPOCH = LocalDate.EPOCH;

    private final Connection connection;
    private final PGConnection postgres;
    private final Set<String> accounts = new HashSet<>();
    private final Set<LocalDate> months = new HashSet<>();

    UsageStore(DataSource database) {
        try {
            connection = database.getConnection();
            connection.setAutoCommit(false);
            postgres = connection.unwrap(PGConnection.class);
            execute("""
                    create temporary table if not exists usage_claim (
                        n integer not null, key uuid not null, content bigint not null,
                        file bigint not null, line bigint not null, day date not null
                    ) on commit delete rows
                    """);
            connection.commit();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    interface Work<T extends @Nullable Object> {
        T with(Connection connection) throws SQLException;
    }

    /** All or nothing. */
    <T extends @Nullable Object> T inTransaction(Work<T> work) {
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

    private void rollback(Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static IllegalStateException failed(SQLException e) {
        return new IllegalStateException(
                "The database failed, and nothing of the batch was taken: " + e.getMessage()
                        + ". Ingest again to go on",
                e);
    }

    /** What this batch may be measured against. Reads only; also makes partitions that the batch will need. */
    Admission admission(KeyedBatch batch, Instant now, @Nullable Period lateWindow) {
        return inTransaction(_ -> {
            rememberAccounts(batch);
            var products = new HashMap<String, Boolean>();
            query("select id, billable from product", row -> products.put(row.getString(1), row.getBoolean(2)));
            var free = new HashSet<String>();
            query("select id from operation where not billable", row -> free.add(row.getString(1)));
            Instant earliest = lateWindow == null
                    ? Instant.EPOCH
                    : now.atZone(ZoneOffset.UTC).minus(lateWindow).toInstant();
            return new Admission(accounts, products, free, now, earliest);
        });
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
    Verdict[] admit(KeyedBatch batch, Admission admission) {
        var verdicts = new Verdict[batch.size()];
        var needed = new TreeSet<LocalDate>();
        for (int i = 0; i < verdicts.length; i++) {
            Refused objection = admission.objection(batch.line(i));
            verdicts[i] = objection == null ? Taken.ACCEPTED : objection;
            if (objection == null && batch.line(i) instanceof UsageRecord usage) {
                LocalDate month = day(usage.occurredAt()).withDayOfMonth(1);
                if (!months.contains(month)) {
                    needed.add(month);
                }
            }
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
     * writes records, corrections and arrivals of the others. Must run inside {@link #inTransaction}.
     */
    void take(KeyedBatch batch, Verdict[] verdicts, Admission admission) throws SQLException {
        int[] candidates = accepted(verdicts);
        if (candidates.length == 0) {
            return;
        }
        CopyRows.copy(postgres, "copy usage_claim from stdin (format binary)", rows -> {
            for (int i : candidates) {
                rows.row(6).int4(i).uuid(batch.key(i)).int8(batch.content(i));
                rows.int8(batch.file(i)).int8(batch.number(i)).date(day(occurredAt(batch.line(i))));
            }
        });
        // In the order of the keys, so that two writers never wait for each other in a circle; and of the lines, so
        // that the first one wins.
        int claimed = execute("""
                insert into usage_key (key, content, file, line, day)
                select key, content, file, line, day
                  from usage_claim
                 order by key, n
                    on conflict do nothing
                """);
        if (claimed < candidates.length) {
            int lost = losers(verdicts);
            if (claimed + lost != candidates.length) {
                throw new IllegalStateException("%d lines claimed their keys and %d lost them, of %d"
                        .formatted(claimed, lost, candidates.length));
            }
        }
        takeVoids(batch, verdicts);
        takeRecords(batch, verdicts, admission);
    }

    private int losers(Verdict[] verdicts) throws SQLException {
        // Looked up one by one in the primary key: what a batch costs must not grow with what is stored.
        query(
                "select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)",
                row -> {});
        return query(
                """
                select c.n, c.content = k.content, coalesce(f.name, ''), k.line
                  from usage_claim c
                  join usage_key k on k.key = c.key
                  left join usage_file f on f.id = k.file
                 where (k.file, k.line) is distinct from (c.file, c.line)
                """,
                row -> verdicts[row.getInt(1)] = row.getBoolean(2)
                        ? Taken.DUPLICATE
                        : new Refused(
                                Reason.CONFLICT,
                                "the same source and id came with other content in %s line %d"
                                        .formatted(row.getString(3), row.getLong(4))));
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
            if (!insertVoid(batch, claim.line(), claim.voided())) {
                var correction = (UsageVoid) batch.line(claim.line());
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

    private void takeRecords(KeyedBatch batch, Verdict[] verdicts, Admission admission) throws SQLException {
        var arrivals = new Arrivals();
        CopyRows.copy(postgres, """
                copy usage_record (key, source, id, account, product, quantity, occurred_at, failed, billable, operation,
                                   metadata, file, line)
                from stdin (format binary)
                """, rows -> {
            for (int i : accepted(verdicts)) {
                if (batch.line(i) instanceof UsageRecord usage) {
                    boolean billable = admission.billable(usage);
                    rows.row(13).uuid(batch.key(i)).text(usage.source()).text(usage.id());
                    rows.text(usage.account()).text(usage.product()).numeric(usage.quantity());
                    rows.timestamp(usage.occurredAt()).bool(usage.failed()).bool(billable);
                    rows.text(usage.operation()).text(usage.metadata());
                    rows.int8(batch.file(i)).int8(batch.number(i));
                    arrivals.add(batch.file(i), usage, day(usage.occurredAt()), billable);
                }
            }
        });
        if (arrivals.cells().isEmpty()) {
            return;
        }
        CopyRows.copy(postgres, """
                copy usage_arrival (file, account, product, day, quantity, records, free_quantity, free_records)
                from stdin (format binary)
                """, rows -> {
            for (Map.Entry<Arrivals.Cell, Arrivals.Sums> entry :
                    arrivals.cells().entrySet()) {
                Arrivals.Cell cell = entry.getKey();
                Arrivals.Sums sums = entry.getValue();
                rows.row(8)
                        .int8(cell.file())
                        .text(cell.account())
                        .text(cell.product())
                        .date(cell.day());
                rows.numeric(sums.quantity).int8(sums.records);
                rows.numeric(sums.freeQuantity).int8(sums.freeRecords);
            }
        });
    }

    /** Keeps the lines that were refused, with their text. */
    void quarantine(KeyedBatch batch, Verdict[] verdicts, IntFunction<String> raw) throws SQLException {
        int[] refused = IntStream.range(0, verdicts.length)
                .filter(i -> verdicts[i] instanceof Refused)
                .toArray();
        if (refused.length == 0) {
            return;
        }
        CopyRows.copy(
                postgres,
                "copy usage_quarantine (file, line, reason, detail, account, raw) from stdin (format binary)",
                rows -> {
                    for (int i : refused) {
                        if (verdicts[i] instanceof Refused(Reason reason, String detail)) {
                            rows.row(6)
                                    .int8(batch.file(i))
                                    .int8(batch.number(i))
                                    .text(reason.name());
                            rows.text(storable(detail))
                                    .text(account(batch.line(i)))
                                    .text(raw.apply(i));
                        }
                    }
                });
    }

    static @Nullable String account(ParsedLine line) {
        return line instanceof Fact fact ? fact.account() : null;
    }

    /** Details quote the line, which may hold by an escape what it cannot hold as it is. */
    static String storable(String detail) {
        return detail.replace("\0", "\\0");
    }

    static int[] accepted(Verdict[] verdicts) {
        return IntStream.range(0, verdicts.length)
                .filter(i -> verdicts[i] == Taken.ACCEPTED)
                .toArray();
    }

    private static Instant occurredAt(ParsedLine line) {
        return switch (line) {
            case UsageRecord usage -> usage.occurredAt();
            case UsageVoid correction -> correction.occurredAt();
            case ParsedLine.Malformed _ -> throw new IllegalStateException("a malformed line was accepted");
        };
    }

    private static LocalDate day(Instant instant) {
        return EPOCH.plusDays(Math.floorDiv(instant.getEpochSecond(), 86_400L));
    }

    private int execute(String sql) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            return statement.executeUpdate();
        }
    }

    interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private int query(String sql, RowReader reader) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            // Planned anew each time: a plan from when the tables were small would read them whole when they are not.
            statement.unwrap(PGStatement.class).setPrepareThreshold(0);
            return rows(statement.executeQuery(), reader);
        }
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
        } catch (SQLException e) {
            throw new IllegalStateException("The database connection broke: " + e.getMessage(), e);
        }
    }
}
