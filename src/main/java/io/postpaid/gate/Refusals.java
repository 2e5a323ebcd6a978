package io.postpaid.gate;

import io.postpaid.gate.access.AccessDecision;
import io.postpaid.platform.batch.Column;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Counts refused calls by account, hour and cause. They are summed up in memory and written every few seconds, so that a refusal waits
 * for no statement more; a process that is killed loses the counts of those seconds, and nothing else.
 */
@Component
public class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    /** Bounds the memory; what comes on top of it within seconds is not counted. */
    private static final int COUNTS_MAX = 100_000;

    private final JdbcClient jdbc;
    private final ConcurrentHashMap<Cell, Long> counts = new ConcurrentHashMap<>();

    Refusals(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record Cell(String account, Instant hour, AccessDecision cause) {
        /** All servers write in this order, so that none waits for the other in a circle. */
        static final Comparator<Counted> ORDER = Comparator.<Counted, String>comparing(c -> c.cell.account)
                .thenComparing(c -> c.cell.hour)
                .thenComparing(c -> c.cell.cause);
    }

    private record Counted(Cell cell, long calls) {}

    void count(String account, AccessDecision cause, Instant at) {
        var cell = new Cell(account, at.truncatedTo(ChronoUnit.HOURS), cause);
        if (counts.size() < COUNTS_MAX || counts.containsKey(cell)) counts.merge(cell, 1L, Long::sum);
    }

    /** Writes what was counted since the last time; what cannot be written is counted again. */
    void flush() {
        var taken = counts.keySet().stream()
                .map(cell -> new Counted(cell, Objects.requireNonNullElse(counts.remove(cell), 0L)))
                .filter(counted -> counted.calls > 0)
                .sorted(Cell.ORDER)
                .toList();
        if (taken.isEmpty()) return;
        try {
            write(taken);
        } catch (RuntimeException e) {
            taken.forEach(counted -> counts.merge(counted.cell, counted.calls, Long::sum));
            LOG.warn("Counts of refused calls wait: {}", e.getMessage());
        }
    }

    private void write(List<Counted> taken) {
        jdbc.sql("""
                        insert into gate_refusal as r (account, hour, cause, calls)
                        select *
                          from unnest(:account::text[], :hour::timestamptz[], :cause::text[], :calls::bigint[])
                            on conflict (account, hour, cause) do update
                           set calls = r.calls + excluded.calls""")
                .param("account", Column.of(taken, counted -> counted.cell.account))
                .param("hour", Column.of(taken, counted -> counted.cell.hour))
                .param("cause", Column.of(taken, counted -> counted.cell.cause.name()))
                .param("calls", Column.of(taken, Counted::calls))
                .update();
    }

    /** How many calls were refused in an hour for one cause. */
    public record OfHour(Instant hour, String cause, long calls) {}

    /** The refused calls of an account in a time, by hour and cause. */
    public List<OfHour> of(String account, Instant from, Instant to) {
        return jdbc.sql("""
                        select hour, cause, calls
                          from gate_refusal
                         where account = :account and hour >= :from and hour < :to
                         order by hour, cause""")
                .param("account", account)
                .param("from", Timestamp.from(from))
                .param("to", Timestamp.from(to))
                .query(OfHour.class)
                .list();
    }
}
