package io.postpaid.platform.audit;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/** Says in each transaction who acts, for the triggers that write the audit log. It ends with the transaction. */
@Component
class ActingTransactions implements TransactionExecutionListener {
    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final List<ActorSource> sources;
    private final Actor otherwise;

    ActingTransactions(
            DataSource database, InstantSource clock, List<ActorSource> sources, ObjectProvider<Actor> ofTheProcess) {
        this.jdbc = JdbcClient.create(database);
        this.clock = clock;
        this.sources = sources;
        this.otherwise = ofTheProcess.getIfAvailable(() -> Actor.SYSTEM);
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
        if (failure != null || transaction.isReadOnly()) return;
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
