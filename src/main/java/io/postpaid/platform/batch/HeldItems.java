package io.postpaid.platform.batch;

import io.postpaid.platform.calendar.BillingClock;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The items that steps had to leave, each with its reason, for a person and for the next run. */
@Component
public class HeldItems {
    private static final RowMapper<HeldItem> ITEM = Row.to(HeldItem.class);

    private final JdbcClient jdbc;
    private final BillingClock clock;

    HeldItems(JdbcClient jdbc, BillingClock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** An item that a step could not do. */
    public record HeldItem(
            String step,
            @Nullable String period,
            String item,
            @Nullable String account,
            String reason,
            String detail,
            Instant firstAt,
            Instant lastAt,
            @Nullable Instant resolvedAt) {}

    /** What is held now, the oldest first, read as it is asked for. */
    @Transactional(readOnly = true)
    public void each(Consumer<HeldItem> reader) {
        list(null, null, reader);
    }

    /** All of it at once, for where it is few. */
    @Transactional(readOnly = true)
    public List<HeldItem> open() {
        var items = new ArrayList<HeldItem>();
        list(null, null, items::add);
        return List.copyOf(items);
    }

    /** What is held now of an account: a few items, one for each step and period at most. */
    @Transactional(readOnly = true)
    public List<HeldItem> ofAccount(String account) {
        var items = new ArrayList<HeldItem>();
        list(account, null, items::add);
        return List.copyOf(items);
    }

    /** What a run held, whether it is resolved since or not, read as it is asked for. */
    @Transactional(readOnly = true)
    public void eachOfRun(long run, Consumer<HeldItem> reader) {
        list(null, run, reader);
    }

    private void list(@Nullable String account, @Nullable Long run, Consumer<HeldItem> reader) {
        var query = jdbc.sql("""
                        select h.step, to_char(h.period, 'YYYY-MM') as period, h.item, h.account, h.reason, h.detail,
                               h.first_at, h.last_at, h.resolved_at
                          from held h
                         where case when cast(:run as bigint) is null then h.resolved_at is null
                                    else (select job_instance_id from batch_job_execution
                                           where job_execution_id = :run) = any(h.runs) end
                           and (cast(:account as text) is null or h.account = :account)
                         order by h.id""").param("account", account).param("run", run);
        Row.each(query, ITEM, reader);
    }

    /** What identifies the items of a kind that a step holds. They are few: more of one reason than 5 % fail the step. */
    public List<String> items(String step, String kind) {
        return open(step).keySet().stream()
                .map(Item::name)
                .filter(name -> name.startsWith(kind + " "))
                .map(name -> name.substring(kind.length() + 1))
                .sorted()
                .toList();
    }

    /** What a step holds, and whether a run that came to its end has left it so; few, as above. */
    Map<Item, Boolean> open(String step) {
        var open = new HashMap<Item, Boolean>();
        jdbc.sql("""
                        select item, account, period,
                               exists (select from batch_job_execution
                                        where job_instance_id = runs[cardinality(runs)] and status = 'COMPLETED') as accepted
                          from held
                         where step = :step and resolved_at is null""").param("step", step).query(row -> {
            open.put(
                    new Item(row.getString("item"), null, row.getObject("period", LocalDate.class)),
                    row.getBoolean("accepted"));
        });
        return open;
    }

    /** In the caller's transaction, if there is one. */
    void hold(String step, Item item, String reason, String detail, long run) {
        jdbc.sql("""
                        insert into held (step, period, item, account, reason, detail, first_at, last_at, runs)
                        values (:step, :period, :item, (select id from account where id = :account), :reason, :detail,
                                :now, :now, array[cast(:run as bigint)])
                            on conflict (step, period, item) where resolved_at is null
                        do update set reason = excluded.reason, detail = excluded.detail,
                                      last_at = greatest(held.last_at, excluded.last_at),
                                      runs = array_remove(held.runs, cast(:run as bigint)) || excluded.runs""")
                .param("step", step)
                .param("period", item.period())
                .param("item", item.name())
                .param("account", item.account())
                .param("reason", reason)
                .param("detail", detail)
                .param("now", Timestamp.from(clock.instant()))
                .param("run", run)
                .update();
    }

    /** What was done outside of a run. */
    public void resolve(String step, Item item) {
        resolve(step, item, -1);
    }

    /** What went through at last; the run that did it holds it no more. */
    void resolve(String step, Item item, long run) {
        jdbc.sql("""
                        update held
                           set resolved_at = greatest(:now, last_at),
                               runs = array_remove(runs, cast(:run as bigint))
                         where step = :step and period is not distinct from :period and item = :item
                           and resolved_at is null""")
                .param("step", step)
                .param("period", item.period())
                .param("item", item.name())
                .param("run", run)
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }

    /** What a complete step of a period, or of all, did not find again: it is done, or need not be. */
    void resolveAllBut(String step, @Nullable LocalDate period, long run) {
        jdbc.sql("""
                        update held set resolved_at = greatest(:now, last_at)
                         where step = :step and resolved_at is null and runs[cardinality(runs)] <> :run
                           and (cast(:period as date) is null or period is null or period = :period)""")
                .param("step", step)
                .param("period", period)
                .param("run", run)
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }
}
