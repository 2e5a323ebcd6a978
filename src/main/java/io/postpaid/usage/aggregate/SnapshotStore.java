package io.postpaid.usage.aggregate;

import io.postpaid.usage.admission.Windows;
import io.postpaid.usage.aggregate.Snapshot.Alias;
import io.postpaid.usage.aggregate.Snapshot.Corrected;
import io.postpaid.usage.aggregate.Snapshot.Text;
import io.postpaid.usage.mapping.Mapping;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes down what a run decides by. */
@Component
class SnapshotStore {
    /** An address or a path from the root. */
    static final Pattern ELSEWHERE = Pattern.compile("[a-z0-9+.-]+:/|/");

    private final InstantSource clock;
    private final Windows windows;

    SnapshotStore(InstantSource clock, Windows windows) {
        this.clock = clock;
        this.windows = windows;
    }

    /** @param anyAge whether it takes usage of any age, and knows the keys of all runs */
    Snapshot take(JdbcClient jdbc, Aggregation.Request request, Path home, boolean anyAge) {
        var now = clock.instant();
        var earliest = anyAge ? Instant.EPOCH : windows.earliest(now);
        var products = new TreeMap<String, Boolean>();
        jdbc.sql("select id, billable from product").query(row -> {
            products.put(row.getString(1), row.getBoolean(2));
        });
        return new Snapshot(
                request.run(),
                keeper(jdbc),
                now,
                earliest,
                windows.clockSkew(),
                text(request.mapping()),
                texts(jdbc, "select id from account where erased_at is null order by id"),
                jdbc.sql("select source, name, account from account_called order by source, name, account")
                        .query(Alias.class)
                        .list(),
                products,
                new TreeSet<>(texts(jdbc, "select id from operation where not billable")),
                new TreeSet<>(texts(jdbc, "select source from usage_source where path = 'INGESTED'")),
                jdbc.sql("""
                                select v.key, v.voided_key as voided, v.account, v.applied_at is not null as applied
                                  from usage_void v
                                  join usage_file f on f.id = v.file
                                 where f.run is not null
                                 order by v.voided_key""").query(Corrected.class).list(),
                folders(jdbc, Timestamp.from(earliest), true, home),
                folders(jdbc, Timestamp.from(earliest), false, home));
    }

    /** It is made with the first run, so that an empty copy of the database does not hand it on. */
    private static UUID keeper(JdbcClient jdbc) {
        jdbc.sql("insert into usage_keeper (id) values (gen_random_uuid()) on conflict do nothing")
                .update();
        return jdbc.sql("select id from usage_keeper").query(UUID.class).single();
    }

    private static @Nullable Text text(@Nullable Mapping mapping) {
        return mapping == null ? null : new Text("the mapping", mapping.text());
    }

    /** A run all of whose records are older than the late window is not met again: what has its keys comes too late as well. */
    private static List<String> folders(JdbcClient jdbc, Timestamp earliest, boolean metAgain, Path home) {
        return jdbc
                .sql("""
                        select r.folder
                          from usage_run r
                         where (exists (select from usage_run_sum s
                                        where s.run = r.id and s.day >= (:earliest at time zone 'UTC')::date)
                            or exists (select from usage_void v
                                         join usage_file f on f.id = v.file
                                        where f.run = r.id)) = :met_again
                         order by r.n""")
                .param("earliest", earliest)
                .param("met_again", metAgain)
                .query(String.class)
                .list()
                .stream()
                .map(folder -> located(folder, home))
                .toList();
    }

    static String located(String folder, Path home) {
        return ELSEWHERE.matcher(folder).lookingAt()
                ? folder
                : home.resolve(folder).toString();
    }

    private static List<String> texts(JdbcClient jdbc, String question) {
        return jdbc.sql(question).query(String.class).list();
    }
}
