package io.postpaid.usage.intake;

import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Takes back what corrections name, once both the correction and its record are there. */
@Component
public class Corrections {
    private final JdbcClient jdbc;
    private final InstantSource clock;

    public Corrections(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    private record Days(@Nullable LocalDate first, @Nullable LocalDate last) {}

    /** Takes back what can be, account by account: none the second time. */
    Items<String> pending(Run run) {
        var now = clock.instant();
        return Items.accounts(
                Todo.accounts("select distinct account from usage_void where applied_at is null"), some -> {
                    var days = pendingDays();
                    return days.first() == null || days.last() == null
                            ? 0
                            : apply(some, now, days.first(), days.last());
                });
    }

    /** The days of the records to take back, so that only their partitions are read. */
    private Days pendingDays() {
        return jdbc.sql("""
                        select min(k.day) as first, max(k.day) as last
                          from usage_void v
                          join usage_key k on k.key = v.voided_key
                         where v.applied_at is null
                        """).query(Days.class).single();
    }

    /** Leaves a negative arrival for each correction whose record is there, and marks it applied. */
    private int apply(List<String> accounts, Instant now, LocalDate first, LocalDate last) {
        return jdbc.sql("""
                        with pending as (
                            select v.voided_key, v.account, v.file
                              from usage_void v
                             where v.applied_at is null
                               and v.account = any(:accounts)
                             order by v.voided_key
                               for update
                        ), voided as (
                            select p.voided_key, p.file, r.account, r.product, r.quantity, r.billable,
                                   (r.occurred_at at time zone 'UTC')::date as day
                              from pending p
                              join usage_record r on r.key = p.voided_key and r.account = p.account
                             where r.occurred_at >= :first::timestamp at time zone 'UTC'
                               and r.occurred_at < (:last::date + 1)::timestamp at time zone 'UTC'
                        ), taken_back as (
                            insert into usage_arrival (file, account, product, day, quantity, records, free_quantity,
                                                       free_records)
                            select file, account, product, day,
                                   -coalesce(sum(quantity) filter (where billable), 0),
                                   -count(*) filter (where billable),
                                   -coalesce(sum(quantity) filter (where not billable), 0),
                                   -count(*) filter (where not billable)
                              from voided
                             group by file, account, product, day
                        )
                        update usage_void v
                           set applied_at = :now
                          from voided
                         where v.voided_key = voided.voided_key
                        """)
                .param("accounts", accounts.toArray(String[]::new))
                .param("first", first)
                .param("last", last)
                .param("now", Timestamp.from(now))
                .update();
    }
}
