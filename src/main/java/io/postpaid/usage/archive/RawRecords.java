package io.postpaid.usage.archive;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.usage.record.UsageKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Raw records, from the database or from the archive, one at a time. */
@Component
public class RawRecords {
    private static final int FETCHED = 1_000;

    private final JdbcClient jdbc;
    private final ArchiveFiles files;

    RawRecords(JdbcClient jdbc, ArchiveFiles files) {
        this.jdbc = jdbc;
        this.files = files;
    }

    /** Gives an account's records of a product in a month of use, in the order of time. Memory holds a page of them. */
    @Transactional(readOnly = true)
    public void each(String account, String product, BillingPeriod month, Consumer<RawRecord> reader) {
        var archived = files.of(month);
        if (archived.isEmpty()) {
            var rows = new int[1];
            RowCallbackHandler each = row -> reader.accept(record(row, rows[0]++));
            live(account, product, month).query(each);
            return;
        }
        // What came for an archived month is little.
        var late = live(account, product, month).query(RawRecords::record).list();
        var voided = voided(account, month);
        var names = new HashMap<Long, @Nullable String>();
        var readers = archived.stream()
                .map(file -> new ArchiveReader(file, account, product))
                .toList();
        try {
            merge(
                    late.iterator(),
                    readers,
                    record -> reader.accept(record.told(
                            names.computeIfAbsent(record.file(), this::fileName),
                            record.voided() || voided.contains(UsageKey.of(record.source(), record.id())))));
        } finally {
            readers.forEach(ArchiveReader::close);
        }
    }

    /** Gives all records of an account that lie in the archive of a month, by product and time. */
    void archived(String account, BillingPeriod month, Consumer<RawRecord> reader) {
        var archived = files.of(month);
        if (archived.isEmpty()) return;
        var voided = voided(account, month);
        for (var file : archived) {
            try (var lines = ArchiveReader.of(file, account)) {
                while (lines.hasNext()) {
                    var record = lines.next();
                    reader.accept(record.told(
                            null, record.voided() || voided.contains(UsageKey.of(record.source(), record.id()))));
                }
            }
        }
    }

    private static void merge(Iterator<RawRecord> live, List<ArchiveReader> archived, Consumer<RawRecord> reader) {
        record Head(RawRecord record, Iterator<RawRecord> rest) {}
        var heads = new PriorityQueue<Head>(Comparator.comparing(Head::record, RawRecord.BY_TIME));
        if (live.hasNext()) heads.add(new Head(live.next(), live));
        for (var file : archived) {
            if (file.hasNext()) heads.add(new Head(file.next(), file));
        }
        for (var head = heads.poll(); head != null; head = heads.poll()) {
            reader.accept(head.record());
            if (head.rest().hasNext()) heads.add(new Head(head.rest().next(), head.rest()));
        }
    }

    private JdbcClient.StatementSpec live(String account, String product, BillingPeriod month) {
        return jdbc.sql("""
                        select r.account, r.product, r.occurred_at, r.source, r.id, r.quantity, r.failed, r.billable,
                               r.operation, r.file, f.name as file_name, r.line, v.voided_key is not null as voided
                          from usage_record r
                          left join usage_file f on f.id = r.file
                          left join usage_void v on v.voided_key = r.key and v.applied_at is not null
                         where r.account = :account and r.product = :product
                           and r.occurred_at >= :from and r.occurred_at < :to
                         order by r.occurred_at, r.source collate "C", r.id collate "C"
                        """)
                .withFetchSize(FETCHED)
                .param("account", account)
                .param("product", product)
                .param("from", Timestamp.from(month.from()))
                .param("to", Timestamp.from(month.to()));
    }

    static RawRecord record(ResultSet row, int i) throws SQLException {
        return new RawRecord(
                row.getString("account"),
                row.getString("product"),
                row.getTimestamp("occurred_at").toInstant(),
                row.getString("source"),
                row.getString("id"),
                row.getBigDecimal("quantity"),
                row.getBoolean("failed"),
                row.getBoolean("billable"),
                row.getString("operation"),
                row.getLong("file"),
                row.getString("file_name"),
                row.getLong("line"),
                row.getBoolean("voided"));
    }

    private Set<UUID> voided(String account, BillingPeriod month) {
        return new HashSet<>(jdbc.sql("""
                        select v.voided_key
                          from usage_void v
                          join usage_key k on k.key = v.voided_key and k.day >= :from and k.day < :to
                         where v.account = :account and v.applied_at is not null
                        """)
                .param("account", account)
                .params(Map.of("from", month.firstDay(), "to", month.issuedOn()))
                .query(UUID.class)
                .list());
    }

    private @Nullable String fileName(long id) {
        return jdbc.sql("select name from usage_file where id = :id")
                .param("id", id)
                .query(String.class)
                .optional()
                .orElse(null);
    }
}
