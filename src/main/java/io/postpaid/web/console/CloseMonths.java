package io.postpaid.web.console;

import io.postpaid.platform.batch.Row;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The months from the first that was billed to the present one, and whether their books are closed. */
@Component
@ConditionalOnWebApplication
class CloseMonths {
    private static final Pattern MONTH = Pattern.compile("[12][0-9]{3}-(0[1-9]|1[0-2])");
    private static final String CLOSINGS = """
            select c.period, c.version, c.closed_at, c.closed_by, r.reopened_at, r.reopened_by, r.reason
              from ledger_close c
              left join ledger_reopening r using (period, version)
            """;

    private final JdbcClient jdbc;
    private final BillingClock clock;

    CloseMonths(JdbcClient jdbc, BillingClock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** How the books of a month are. */
    enum State {
        UNDER_WAY,
        OPEN,
        REOPENED,
        CLOSED,
        /** By closing a later one, which was the first. */
        CLOSED_WITH_LATER
    }

    /**
     * A month, with what is known of its newest closing.
     *
     * @param last whether it is the last one that is closed: no other can be opened again
     */
    record Month(
            LocalDate period,
            State state,
            boolean last,
            @Nullable Instant closedAt,
            @Nullable String closedBy,
            @Nullable Instant reopenedAt,
            @Nullable String reopenedBy,
            @Nullable String reason) {
        BillingPeriod month() {
            return BillingPeriod.of(period);
        }
    }

    /** One closing of a month. */
    record Closing(
            LocalDate period,
            int version,
            Instant closedAt,
            String closedBy,
            @Nullable Instant reopenedAt,
            @Nullable String reopenedBy,
            @Nullable String reason) {}

    /** The newest first. */
    List<Month> before(LocalDate before, int most) {
        return jdbc.sql("""
                        select m.period, coalesce(c.last, false) as last, c.closed_at, c.closed_by, c.reopened_at, c.reopened_by, c.reason,
                               case when c.reopened_at is not null then 'REOPENED'
                                    when c.closed_at is not null then 'CLOSED'
                                    when m.period <= closed_through() then 'CLOSED_WITH_LATER'
                                    when m.period = :present then 'UNDER_WAY'
                                    else 'OPEN' end as state
                          from (select day::date as period
                                  from generate_series(:present::date,
                                                       least((select min(date) from run where job = 'monthly'),
                                                             (select min(period) from ledger_close), :previous::date),
                                                       interval '-1 month') day) m
                          left join lateral (
                              select c.*, c.reopened_at is null and closed_through() = (c.period + interval '1 month')::date - 1 as last
                                from (%s) c
                               where c.period = m.period
                               order by c.version desc
                               limit 1) c on true
                         where m.period < :before
                         order by m.period desc
                         limit :most""".formatted(CLOSINGS))
                .param("present", present().firstDay())
                .param("previous", present().previous().firstDay())
                .param("before", before)
                .param("most", most)
                .query(Row.to(Month.class))
                .list();
    }

    /** @throws ConsoleErrors.NotFoundException if there is no such month, or it has not begun */
    Month get(String period) {
        if (!MONTH.matcher(period).matches()) throw new ConsoleErrors.NotFoundException();
        var day = BillingPeriod.parse(period).firstDay();
        return before(day.plusDays(1), 1).stream()
                .filter(month -> month.period().equals(day))
                .findFirst()
                .orElseThrow(ConsoleErrors.NotFoundException::new);
    }

    /** Those of a month, the newest first. */
    List<Closing> closings(BillingPeriod period) {
        return jdbc.sql(CLOSINGS + " where c.period = :period order by c.version desc")
                .param("period", period.firstDay())
                .query(Row.to(Closing.class))
                .list();
    }

    private BillingPeriod present() {
        return BillingPeriod.of(clock.today());
    }
}
