package io.postpaid.platform.audit;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;

/** Transactions that say who acts, for the triggers that write the audit log. What is said ends with the transaction. */
public final class ActingTransactions extends JdbcTransactionManager {
    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final List<ActorSource> sources;
    private final Actor otherwise;

    /** @param otherwise who acts where no source knows */
    public ActingTransactions(DataSource database, InstantSource clock, List<ActorSource> sources, Actor otherwise) {
        super(database);
        this.jdbc = JdbcClient.create(database);
        this.clock = clock;
        this.sources = List.copyOf(sources);
        this.otherwise = otherwise;
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        super.doBegin(transaction, definition);
        if (definition.isReadOnly()) return;
        try {
            name();
        } catch (RuntimeException | Error e) {
            // Nobody else ends a transaction that did not begin, and its connection would stay with this thread.
            doCleanupAfterCompletion(transaction);
            throw e;
        }
    }

    private void name() {
        var actor = sources.stream()
                .map(ActorSource::current)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(otherwise);
        jdbc.sql("""
                        select set_config('postpaid.who', :who, true), set_config('postpaid.source', :source, true),
                               set_config('postpaid.at', :at, true)""")
                .param("who", actor.who())
                .param("source", actor.source())
                .param("at", clock.instant().toString())
                .query()
                .singleRow();
    }
}
