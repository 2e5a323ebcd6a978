package io.postpaid.platform.batch;

import io.postpaid.platform.audit.ActingTransactions;
import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.audit.ActorSource;
import io.postpaid.platform.audit.WhoActs;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.ExecutionContextSerializer;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.core.scope.context.StepSynchronizationManager;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

@Configuration(proxyBeanMethods = false)
class JobsConfiguration {

    @Bean
    WhoActs whoActs(InstantSource clock, List<ActorSource> sources, ObjectProvider<Actor> actor) {
        return new WhoActs(clock, sources, actor.getIfAvailable(() -> Actor.SYSTEM));
    }

    /** Any rollback inside a step stops the step, restartable, where the framework would go on and lose the chunk. */
    @Bean
    JdbcTransactionManager transactionManager(DataSource database, WhoActs who) {
        var transactions = new ActingTransactions(database, who);
        transactions.addListener(new TransactionExecutionListener() {
            @Override
            public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
                // A savepoint, and what an item does by itself, end as this item's outcome (Outcomes).
                if (transaction.isNested() || Outcomes.ITEM.isBound()) return;
                var step = StepSynchronizationManager.getContext();
                if (step != null) step.getStepExecution().setTerminateOnly();
            }
        });
        return transactions;
    }

    @Bean
    ExecutionContextSerializer executionContextSerializer() {
        return new JacksonExecutionContextStringSerializer();
    }
}
