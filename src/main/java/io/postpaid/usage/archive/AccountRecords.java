package io.postpaid.usage.archive;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.usage.record.UsageKey;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The raw records of one account, by the time of use. Each statement looks at one day at most, since records are found by their time
 * and not by their account, and no connection is held between two of them.
 */
@Component
public class AccountRecords {
    private static final int PAGE = 1_000;
    private static final UUID BEFORE_ALL_KEYS = new UUID(0, 0);

    private final JdbcClient jdbc;
    private final ArchiveFiles files;
    private final RawRecords records;

    AccountRecords(JdbcClient jdbc, ArchiveFiles files, RawRecords records) {
        this.jdbc = jdbc;
        this.files = files;
        this.records = records;
    }

    /** A place in the order of an account's records: behind the record that has this time and key. */
    public record Position(Instant occurredAt, UUID key) {
        /** Behind this record. */
        public static Position of(RawRecord record) {
            return new Position(record.occurredAt(), UsageKey.of(record.source(), record.id()));
        }

        /** Before all records of a time and later. */
        public static Position before(Instant time) {
            return new Position(time, BEFORE_ALL_KEYS);
        }
    }

    /** Whether the records of a month lie in a file, where no single one is found quickly. */
    public boolean isArchived(BillingPeriod month) {
        return !files.of(month).isEmpty();
    }

    /**
     * Records that lie in the database, behind a position and before a time. Those that were aggregated outside of it are one
     * for each run, product and day, which says how many they are.
     *
     * @param product null for all
     * @param until not later than the end of the day that the position is in
     */
    public List<RawRecord> page(String account, @Nullable String product, Position behind, Instant until, int limit) {
        return jdbc.sql("""
                        select r.account, r.product, r.occurred_at, r.source, r.id, r.quantity, r.failed, r.billable,
                               r.operation, r.file, f.name as file_name, r.line, v.voided_key is not null as voided, r.key
                          from usage_record r
                          left join usage_file f on f.id = r.file
                          left join usage_void v on v.voided_key = r.key and v.applied_at is not null
                         where r.account = :account
                           and (:product::text is null or r.product = :product)
                           and r.occurred_at >= :at and r.occurred_at < :until
                           and (r.occurred_at, r.key) > (:at, :key)
                         union all
                        select s.account, s.product, s.occurred_at, s.source, s.id, s.quantity, s.failed, s.billable, null,
                               s.file, s.source, 0, false, s.key
                          from usage_run_record s
                         where s.account = :account
                           and (:product::text is null or s.product = :product)
                           and s.day >= (:at at time zone 'UTC')::date and s.day <= (:until at time zone 'UTC')::date
                           and s.occurred_at < :until
                           and (s.occurred_at, s.key) > (:at, :key)
                         order by occurred_at, key
                         limit :limit""")
                .param("account", account)
                .param("product", product)
                .param("at", Timestamp.from(behind.occurredAt()))
                .param("until", Timestamp.from(until))
                .param("key", behind.key())
                .param("limit", limit)
                .query(RawRecords::record)
                .list();
    }

    /** All records of some days of a month, wherever they lie; memory holds a page of them. */
    public void each(String account, BillingPeriod month, Collection<LocalDate> days, Consumer<RawRecord> reader) {
        Set<LocalDate> wanted = new TreeSet<>(days);
        records.archived(account, month, record -> {
            if (wanted.contains(record.day())) reader.accept(record);
        });
        for (var day : wanted) {
            var end = startOf(day.plusDays(1));
            var page = page(account, null, Position.before(startOf(day)), end, PAGE);
            while (!page.isEmpty()) {
                page.forEach(reader);
                page = page.size() < PAGE ? List.of() : page(account, null, Position.of(page.getLast()), end, PAGE);
            }
        }
    }

    /** All records of a month that lie in files. */
    public void eachArchived(String account, BillingPeriod month, Consumer<RawRecord> reader) {
        records.archived(account, month, reader);
    }

    /** Whether some of the records of a day were aggregated outside of the database. */
    public boolean isAggregated(String account, LocalDate day) {
        return jdbc.sql("select exists (select from usage_run_sum where account = :account and day = :day)")
                .param("account", account)
                .param("day", day)
                .query(Boolean.class)
                .single();
    }

    private static Instant startOf(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /**
     * What the records of an hour with the same product, operation and sender add up to.
     *
     * @param hour 0 to 23, UTC
     * @param file the name of the file or request that brought them, or null
     */
    public record HourSum(
            int hour,
            String product,
            @Nullable String operation,
            @Nullable String file,
            boolean failed,
            boolean billable,
            boolean voided,
            long records,
            BigDecimal quantity) {}

    /** The records of a day, added up. */
    public List<HourSum> hours(String account, LocalDate day) {
        return jdbc.sql("""
                        select extract(hour from r.occurred_at at time zone 'UTC')::int as hour, r.product, r.operation,
                               case when starts_with(f.name, 'api/') then f.name end as file, r.failed, r.billable,
                               v.voided_key is not null as voided, count(*) as records, sum(r.quantity) as quantity
                          from usage_record r
                          left join usage_file f on f.id = r.file
                          left join usage_void v on v.voided_key = r.key and v.applied_at is not null
                         where r.account = :account and r.occurred_at >= :from and r.occurred_at < :to
                         group by 1, 2, 3, 4, 5, 6, 7
                         order by 1, 2, 3, 4, 5, 6, 7""")
                .param("account", account)
                .param("from", Timestamp.from(startOf(day)))
                .param("to", Timestamp.from(startOf(day.plusDays(1))))
                .query(HourSum.class)
                .list();
    }
}
