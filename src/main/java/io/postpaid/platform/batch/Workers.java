package io.postpaid.platform.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

/**
 * The processes that help with runs. Each holds a lock in a session of its own, which ends with its process, and says every
 * second that it is there: who is not heard of is given up, and its sessions are ended, so that nothing of it goes on.
 */
@Component
class Workers {
    /** How often a worker says so. */
    static final Duration BEAT = Duration.ofSeconds(1);
    /** A worker that could not say so for this long begins nothing more. */
    static final Duration SILENT = Duration.ofSeconds(8);
    /** Later than that by far, it is given up. */
    private static final int LOST_SECONDS = 15;
    /** The first key of a worker's lock; the second is its number. */
    private static final int LOCKS = 776_782;

    private static final String HELD = """
            exists (select from pg_locks l
                     where l.locktype = 'advisory' and l.granted and l.objsubid = 2
                       and l.database = (select oid from pg_database where datname = current_database())
                       and l.classid::bigint = :locks and l.objid::bigint = w.id)""";

    private final JdbcClient jdbc;
    private final DataSource database;
    private final ObjectProvider<SharedRate> rates;

    Workers(JdbcClient jdbc, DataSource database, ObjectProvider<SharedRate> rates) {
        this.jdbc = jdbc;
        this.database = database;
        this.rates = rates;
    }

    /** How many are there. */
    int present() {
        return jdbc.sql("""
                        select count(*) from worker
                         where left_at is null and seen_at > clock_timestamp() - make_interval(secs => :lost)""").param("lost", LOST_SECONDS).query(Integer.class).single();
    }

    /** Calls are made by so many processes from here on. */
    void share(int processes) {
        rates.orderedStream().forEach(rate -> rate.among(processes));
    }

    private record Lost(String sessions, boolean gone) {}

    /**
     * Gives up those whose process is gone, and those that are not heard of, and ends the sessions of these.
     *
     * @return whether a process is gone
     */
    boolean bury() {
        var lost = jdbc.sql("""
                        update worker w set left_at = clock_timestamp()
                         where w.left_at is null
                           and (w.seen_at < clock_timestamp() - make_interval(secs => :lost) or not %1$s)
                        returning w.sessions, not %1$s as gone""".formatted(HELD))
                .param("lost", LOST_SECONDS)
                .param("locks", LOCKS)
                .query(Lost.class)
                .list();
        if (!lost.isEmpty()) endSessions(lost.stream().map(Lost::sessions).toArray(String[]::new));
        return lost.stream().anyMatch(Lost::gone);
    }

    /** Gives up all that are there. */
    void buryAll() {
        endSessions(jdbc.sql("update worker set left_at = clock_timestamp() where left_at is null returning sessions")
                .query(String.class)
                .list()
                .toArray(String[]::new));
    }

    private void endSessions(String... sessions) {
        jdbc.sql("""
                        select count(pg_terminate_backend(pid)) from pg_stat_activity
                         where application_name = any(:sessions) and datname = current_database()""").param("sessions", sessions).query(Long.class).single();
    }

    /** A worker's presence, told over a session of its own. Used by one thread. */
    final class Presence implements AutoCloseable {
        private final Connection session;
        private final JdbcClient told;
        private final long id;

        private Presence(Connection session, String name, String sessions) throws SQLException {
            this.session = session;
            this.told = JdbcClient.create(new SingleConnectionDataSource(session, true));
            session.setNetworkTimeout(Runnable::run, Math.toIntExact(SILENT.toMillis()));
            set("off");
            // Nobody may see it before it holds its lock.
            session.setAutoCommit(false);
            id = told.sql("insert into worker (name, sessions) values (:name, :sessions) returning id")
                    .param("name", name)
                    .param("sessions", sessions)
                    .query(Long.class)
                    .single();
            told.sql("select pg_advisory_lock(:locks, cast(:id as integer))")
                    .param("locks", LOCKS)
                    .param("id", id)
                    .query((row, n) -> 1)
                    .single();
            session.commit();
            session.setAutoCommit(true);
        }

        long id() {
            return id;
        }

        /** Nobody waits on the disk for the time of day. */
        private void set(String synchronousCommit) {
            told.sql("select set_config('synchronous_commit', :value, false)")
                    .param("value", synchronousCommit)
                    .query(String.class)
                    .single();
        }

        /** @return whether it is still known: false once it was given up */
        boolean tell() {
            return told.sql("update worker set seen_at = clock_timestamp() where id = :id and left_at is null")
                            .param("id", id)
                            .update()
                    == 1;
        }

        @Override
        public void close() throws SQLException {
            try (session) {
                set("on");
                told.sql("update worker set left_at = clock_timestamp() where id = :id and left_at is null")
                        .param("id", id)
                        .update();
                told.sql("select pg_advisory_unlock(:locks, cast(:id as integer))")
                        .param("locks", LOCKS)
                        .param("id", id)
                        .query((row, n) -> 1)
                        .single();
            }
        }
    }

    Presence join(String name, String sessions) throws SQLException {
        return new Presence(database.getConnection(), name, sessions);
    }
}
