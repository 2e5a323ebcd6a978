package io.postpaid.usage.aggregate;

import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Steps;
import io.postpaid.platform.batch.Todo;
import io.postpaid.usage.aggregate.Aggregation.Request;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.intake.IngestOutcome;
import io.postpaid.usage.mapping.Mappings;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.Step;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Aggregates each day's folder once, where the settings say below which folder these lie: the run is called after the day. */
@Configuration(proxyBeanMethods = false)
class AggregateSteps {
    /** A day that is missing is asked for so long, and not for ever. */
    private static final int DAYS = 7;

    @Bean
    DailyFolders dailyFolders(
            @Value("${POSTPAID_AGGREGATE_FROM:}") String from,
            @Value("${POSTPAID_AGGREGATE_TO:}") String to,
            @Value("${POSTPAID_AGGREGATE_MAPPING:}") String mapping,
            @Value("${POSTPAID_SPARK_MASTER:local[*]}") String master) {
        return new DailyFolders(from.replaceFirst("/+$", ""), to.isBlank() ? null : to, mapping, master);
    }

    record DailyFolders(String from, @Nullable String to, String mapping, String master) {
        Request of(String day, Mappings mappings) {
            return new Request(day, from + "/" + day, mapping.isBlank() ? null : mappings.of(mapping), to, master);
        }
    }

    @Bean
    Step aggregateUsage(
            Steps steps, DailyFolders folders, JdbcClient jdbc, Aggregation aggregation, Mappings mappings) {
        return steps.items(
                "aggregate-usage",
                run -> Items.each(
                        Todo.of(
                                folders.from().isBlank()
                                        ? Collections.<String>emptyIterator()
                                        : days(jdbc, run).iterator()),
                        day -> Item.of("day", day, null),
                        day -> take(folders.of(day, mappings), aggregation)));
    }

    /** From the first day that was a run on, those that none was; the day before where none was yet. */
    static List<String> days(JdbcClient jdbc, Run run) {
        return jdbc.sql("""
                        with taken as (
                            select case when pg_input_is_valid(id, 'date') then id::date end as day
                              from usage_run
                             where id ~ '^\\d{4}-\\d{2}-\\d{2}$'
                        )
                        select to_char(day, 'YYYY-MM-DD')
                          from generate_series(greatest(coalesce((select min(day) from taken), :date - 1), :date - :days),
                                               :date - 1, interval '1 day') day
                         where day not in (select day from taken where day is not null)
                         order by day""")
                .param("date", run.date())
                .param("days", DAYS)
                .query(String.class)
                .list();
    }

    private static Done take(Request request, Aggregation aggregation) {
        try {
            var files = aggregation.aggregate(request, (_, _, _) -> {}).files();
            long lines = files.stream().mapToLong(IngestOutcome::lines).sum();
            long accepted = files.stream().mapToLong(IngestOutcome::accepted).sum();
            return Done.of(lines, accepted, lines - accepted);
        } catch (UnreadableUsage e) {
            throw new HeldException("UNREADABLE", String.valueOf(e.getMessage()), e);
        }
    }
}
