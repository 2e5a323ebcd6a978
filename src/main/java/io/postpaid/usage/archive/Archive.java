package io.postpaid.usage.archive;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves the raw records of closed months from their partition into a file. Until the transaction ends that drops the
 * partition and names the file, the file means nothing, and the next try writes the same bytes over it.
 */
@Component
public class Archive {
    private static final String PARTITION = "usage_record_";
    /** Less than PostgreSQL's deadlock_timeout: who waits for the archive while it waits never pays for it. */
    private static final String LOCK_WAIT = "800ms";

    private static final int TRIES_MAX = 5;
    /** A lock that was not to be had in time, and a deadlock. */
    private static final Set<String> IN_USE = Set.of("55P03", "40P01");

    private static final Logger LOG = LoggerFactory.getLogger(Archive.class);

    private final JdbcClient jdbc;
    private final ArchiveFiles files;
    private final BillingClock clock;
    private final Period lateWindow;
    private final TransactionTemplate transaction;

    Archive(
            JdbcClient jdbc,
            ArchiveFiles files,
            BillingClock clock,
            @Value("${postpaid.late-window:P90D}") Period lateWindow,
            PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.files = files;
        this.clock = clock;
        this.lateWindow = lateWindow;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** What was moved, and which months stay where they are. */
    public record Result(List<Archived> archived, List<Kept> kept) {
        public Result {
            archived = List.copyOf(archived);
            kept = List.copyOf(kept);
        }
    }

    public record Archived(String month, String file, long records, String sha256) {}

    public record Kept(String month, String reason) {}

    /**
     * Archives each month before this one that can take no more usage.
     *
     * @param told each step that is done
     */
    public Result before(BillingPeriod period, Consumer<String> told) {
        var archived = new ArrayList<Archived>();
        var kept = new ArrayList<Kept>();
        for (var month : months()) {
            if (month.compareTo(period) >= 0) continue;
            var reason = reasonToKeep(month);
            if (reason != null) {
                kept.add(new Kept(month.toString(), reason));
            } else {
                var moved = unlessBusy(month, told);
                if (moved == null) {
                    kept.add(new Kept(
                            month.toString(), "its records are in use: archive again when no file is ingested"));
                } else {
                    archived.add(moved);
                    told.accept(month + ": archived");
                }
            }
        }
        return new Result(archived, kept);
    }

    /** Who needs the records now goes first: after some tries the month is left for later. */
    private @Nullable Archived unlessBusy(BillingPeriod month, Consumer<String> told) {
        for (int tried = 0; tried < TRIES_MAX; tried++) {
            try {
                return transaction.execute(_ -> archive(month, told));
            } catch (DataAccessException busy) {
                if (!IN_USE.contains(state(busy))) throw busy;
                LOG.info("The records of {} are in use", month, busy);
            }
        }
        return null;
    }

    private static String state(DataAccessException failure) {
        return failure.getMostSpecificCause() instanceof SQLException sql
                ? Objects.requireNonNullElse(sql.getSQLState(), "")
                : "";
    }

    /** The months that have a partition, oldest first. */
    private List<BillingPeriod> months() {
        return jdbc.sql("""
                        select c.relname
                          from pg_inherits i
                          join pg_class c on c.oid = i.inhrelid
                         where i.inhparent = 'usage_record'::regclass
                         order by c.relname""").query(String.class).list().stream()
                .map(name -> new BillingPeriod(
                        YearMonth.parse(name.substring(PARTITION.length()).replace('_', '-'))))
                .toList();
    }

    private @Nullable String reasonToKeep(BillingPeriod month) {
        var until = month.to().atZone(ZoneOffset.UTC).plus(lateWindow).toInstant();
        if (until.isAfter(clock.instant())) return "usage of it may still arrive, until " + until;
        if (!exists("select from run where job = 'monthly' and date = :from and status = 'COMPLETED'", month))
            return "it is not invoiced: ./postpaid run monthly --period " + month;
        if (exists("select from arrived_usage where day >= :from and day < :to", month))
            return "usage of it waits to be metered: ./postpaid run nightly --date " + clock.today();
        return null;
    }

    private boolean exists(String query, BillingPeriod month) {
        return jdbc.sql("select exists (" + query + ") and :to::date > :from::date")
                .param("from", month.firstDay())
                .param("to", month.issuedOn())
                .query(Boolean.class)
                .single();
    }

    private Archived archive(BillingPeriod month, Consumer<String> told) {
        var table = PARTITION + month.toString().replace('-', '_');
        jdbc.sql("select set_config('lock_timeout', :wait, true)")
                .param("wait", LOCK_WAIT)
                .query()
                .listOfRows();
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('usage_archive', 0))")
                .query()
                .listOfRows();
        // Readers go on; whoever would add to the month waits, and finds it gone.
        jdbc.sql("lock table " + table + " in share mode").update();
        int part = jdbc.sql("select coalesce(max(part), 0) + 1 from usage_archive where month = :month")
                .param("month", month.firstDay())
                .query(Integer.class)
                .single();
        var file = files.folder().resolve(table + (part == 1 ? "" : "." + part) + ".ndjson.gz");
        var temporary = file.resolveSibling("." + file.getFileName());
        try {
            told.accept(month + ": locked");
            var written = ArchiveWriter.write(jdbc, table, temporary);
            told.accept(month + ": %d records written".formatted(written.records()));
            ArchiveWriter.readAgain(temporary, written.records());
            told.accept(month + ": read again");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            ArchiveWriter.force(files.folder());
            told.accept(month + ": " + file.getFileName() + " is on the disk");
            enter(month, part, file, written, table);
            told.accept(month + ": entered");
            jdbc.sql("alter table usage_record detach partition " + table).update();
            told.accept(month + ": detached");
            jdbc.sql("drop table " + table).update();
            told.accept(month + ": dropped");
            return new Archived(month.toString(), file.toString(), written.records(), written.sha256());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the archive " + file + ": " + e.getMessage(), e);
        }
    }

    private void enter(BillingPeriod month, int part, Path file, ArchiveWriter.Written written, String table) {
        Instant now = clock.instant();
        jdbc.sql("""
                        insert into usage_archive (month, part, file, sha256, records, archived_at)
                        values (:month, :part, :file, :sha256, :records, :now)""")
                .param("month", month.firstDay())
                .param("part", part)
                .param("file", String.valueOf(file.getFileName()))
                .param("sha256", written.sha256())
                .param("records", written.records())
                .param("now", Timestamp.from(now))
                .update();
        jdbc.sql("""
                        insert into usage_archive_sum (month, part, file, account, product, day, failed, billable, records,
                                                       quantity, voided_records, voided_quantity)
                        select :month, :part, r.file, r.account, r.product, (r.occurred_at at time zone 'UTC')::date,
                               r.failed, r.billable, count(*), sum(r.quantity), count(v.voided_key),
                               coalesce(sum(r.quantity) filter (where v.voided_key is not null), 0)
                          from %s r
                          left join usage_void v on v.voided_key = r.key and v.applied_at is not null
                         group by 3, 4, 5, 6, 7, 8""".formatted(table))
                .param("month", month.firstDay())
                .param("part", part)
                .update();
    }
}
