package io.postpaid.books.report;

import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.audit.OnBehalf;
import jakarta.annotation.PreDestroy;
import java.sql.Array;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Checks all of the books, and keeps what was found for whoever wants to see it without checking again. */
@Component
public class Proofs {
    private static final Logger LOG = LoggerFactory.getLogger(Proofs.class);

    private final Verification verification;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final InstantSource clock;
    private final AtomicReference<Instant> since = new AtomicReference<>();
    private volatile boolean stopping;

    Proofs(Verification verification, JdbcClient jdbc, PlatformTransactionManager transactions, InstantSource clock) {
        this.verification = verification;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** An invariant as it was found. */
    public record Verified(
            String name, String rule, Instant at, boolean holds, String figure, long broken, List<String> examples) {
        public Verified {
            examples = List.copyOf(examples);
        }
    }

    /** Checks every invariant, which on large books takes minutes, and keeps what it finds. */
    public List<Check> prove() {
        var checks = verification.run();
        transaction.executeWithoutResult(status -> keep(checks));
        return checks;
    }

    /**
     * Begins a check for a person; {@link #latest} tells how it ends.
     *
     * @throws IllegalArgumentException while one is under way here
     */
    public void begin(Actor actor) {
        if (!since.compareAndSet(null, clock.instant())) {
            throw new IllegalArgumentException("The books are being checked already.");
        }
        // Nothing is lost with it when the server stops: it only reads, and keeps its result as a whole.
        Thread.ofPlatform().daemon().name("proof").start(() -> {
            try {
                OnBehalf.of(actor, this::prove);
            } catch (RuntimeException failure) {
                if (!stopping) LOG.error("The books could not be checked", failure);
            } finally {
                since.set(null);
            }
        });
    }

    @PreDestroy
    void stop() {
        stopping = true;
    }

    /** Since when a check is under way that was begun here. */
    public Optional<Instant> underWay() {
        return Optional.ofNullable(since.get());
    }

    /** What the last check found, in its order; nothing before the first. */
    public List<Verified> latest() {
        return jdbc.sql("select name, rule, at, holds, figure, broken, examples from verified order by n")
                .query((row, i) -> new Verified(
                        row.getString("name"),
                        row.getString("rule"),
                        row.getTimestamp("at").toInstant(),
                        row.getBoolean("holds"),
                        row.getString("figure"),
                        row.getLong("broken"),
                        examples(row.getArray("examples"))))
                .list();
    }

    private static List<String> examples(Array column) throws SQLException {
        return List.of((String[]) column.getArray());
    }

    private void keep(List<Check> checks) {
        var now = Timestamp.from(clock.instant());
        int n = 0;
        for (var check : checks) {
            jdbc.sql("""
                            insert into verified (name, n, rule, at, holds, figure, broken, examples)
                            values (:name, :n, :rule, :at, :holds, :figure, :broken, :examples)
                                on conflict (name) do update
                               set n = excluded.n, rule = excluded.rule, at = excluded.at, holds = excluded.holds,
                                   figure = excluded.figure, broken = excluded.broken, examples = excluded.examples""")
                    .param("name", check.name())
                    .param("n", n++)
                    .param("rule", check.rule())
                    .param("at", now)
                    .param("holds", check.holds())
                    .param("figure", check.figure())
                    .param("broken", check.broken())
                    .param("examples", check.examples().toArray(String[]::new))
                    .update();
        }
        // An invariant of an older version is not checked any more.
        jdbc.sql("delete from verified where name <> all(:names)")
                .param("names", checks.stream().map(Check::name).toArray(String[]::new))
                .update();
        jdbc.sql("insert into proof (at, invariants, broken) values (:at, :invariants, :broken)")
                .param("at", now)
                .param("invariants", checks.size())
                .param("broken", checks.stream().filter(check -> !check.holds()).count())
                .update();
    }
}
