package io.postpaid.usage.archive;

import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Steps;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.usage.record.UsageKey;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The nightly step that takes back archived records: what is left of a correction is the same as of any other. */
@Configuration(proxyBeanMethods = false)
class ArchivedCorrections {
    private static final int PAGE = 10_000;
    private static final UUID FIRST = new UUID(0, 0);

    private final JdbcClient jdbc;
    private final ArchiveFiles files;
    private final BillingClock clock;
    private final TransactionTemplate transaction;

    ArchivedCorrections(
            JdbcClient jdbc, ArchiveFiles files, BillingClock clock, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.files = files;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Bean
    Step applyArchivedCorrections(Steps steps) {
        return steps.items("apply-archived-corrections", this::months);
    }

    /** A correction whose record is archived. */
    private record Pending(UUID key, String account, long file) {}

    /** The archived months of which something is to be taken back. */
    private Items<LocalDate> months(Run run) {
        var months =
                Todo.of((row, i) -> row.getObject("id", LocalDate.class), """
                        select distinct a.month as id
                          from usage_void v
                          join usage_key k on k.key = v.voided_key
                          join usage_archive a on a.month = date_trunc('month', k.day)::date
                         where v.applied_at is null""").inOrder();
        return Items.each(
                months, month -> Item.of("archive", month, null).in(month), month -> apply(BillingPeriod.of(month)));
    }

    /** Some corrections at a time, each time by one look through the month's files. */
    private Done apply(BillingPeriod month) {
        var done = Done.NOTHING;
        for (var page = pending(month, FIRST);
                !page.isEmpty();
                page = pending(month, page.getLast().key())) {
            done = done.plus(
                    apply(month, page.stream().collect(Collectors.toMap(Pending::key, correction -> correction))));
        }
        return done;
    }

    /** Where the account has nothing of the record's file and day, the record is not its own: no need to look. */
    private List<Pending> pending(BillingPeriod month, UUID behind) {
        return jdbc.sql("""
                        select v.voided_key as key, v.account, v.file
                          from usage_void v
                          join usage_key k on k.key = v.voided_key
                         where v.applied_at is null
                           and v.voided_key > :behind
                           and k.day >= :from and k.day < :to
                           and exists (select from usage_archive_sum s
                                        where (s.month, s.file, s.account, s.day) = (:from, k.file, v.account, k.day))
                         order by v.voided_key
                         limit :page""")
                .param("behind", behind)
                .param("page", PAGE)
                .param("from", month.firstDay())
                .param("to", month.issuedOn())
                .query(Pending.class)
                .list();
    }

    private Done apply(BillingPeriod month, Map<UUID, Pending> pending) {
        var accounts = pending.values().stream().map(Pending::account).collect(Collectors.toSet());
        int applied = 0;
        var held = new ArrayList<Done.Held>();
        for (var file : files.of(month)) {
            try (var records = new ArchiveReader(file)) {
                while (records.hasNext()) {
                    var record = records.next();
                    if (!accounts.contains(record.account())) continue;
                    var correction = pending.get(UsageKey.of(record.source(), record.id()));
                    if (correction == null || !correction.account().equals(record.account())) continue;
                    try {
                        applied += Objects.requireNonNull(transaction.execute(_ -> takeBack(record, correction)));
                    } catch (RuntimeException e) {
                        held.add(Done.Held.of(Item.of("correction", correction.key(), correction.account()), e));
                    }
                }
            }
        }
        return new Done(0, applied, held.size(), held);
    }

    private int takeBack(RawRecord record, Pending correction) {
        int marked = jdbc.sql("update usage_void set applied_at = :now where voided_key = :key and applied_at is null")
                .param("now", Timestamp.from(clock.instant()))
                .param("key", correction.key())
                .update();
        if (marked == 0) return 0;
        var values = Map.of(
                "file", correction.file(),
                "account", record.account(),
                "product", record.product(),
                "day", record.day(),
                "quantity", record.quantity(),
                "billable", record.billable());
        jdbc.sql("""
                        insert into usage_arrival (file, account, product, day, quantity, records, free_quantity, free_records)
                        select :file, :account, :product, :day,
                               case when b then -:quantity::numeric else 0 end, case when b then -1 else 0 end,
                               case when b then 0 else -:quantity::numeric end, case when b then 0 else -1 end
                          from (select :billable::boolean as b) record""").params(values).update();
        int summed = jdbc.sql("""
                        update usage_archive_sum
                           set voided_records = voided_records + 1, voided_quantity = voided_quantity + :quantity
                         where month = date_trunc('month', :day::date) and account = :account and product = :product
                           and day = :day and billable = :billable and failed = :failed and file = :brought""")
                .params(values)
                .param("failed", record.failed())
                .param("brought", record.file())
                .update();
        if (summed != 1) throw new IllegalStateException("the archive has no sum that " + record + " is in");
        return 1;
    }
}
