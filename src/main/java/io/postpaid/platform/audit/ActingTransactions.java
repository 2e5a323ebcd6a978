package io.postpaid.platform.audit;

import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;

/** Transactions that say who acts. */
public final class ActingTransactions extends JdbcTransactionManager {
    private final JdbcClient jdbc;
    private final WhoActs who;

    public ActingTransactions(DataSource database, WhoActs who) {
        super(database);
        this.jdbc = JdbcClient.create(database);
        this.who = who;
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        super.doBegin(transaction, definition);
        if (definition.isReadOnly()) return;
        try {
            who.say(jdbc);
        } catch (RuntimeException | Error e) {
            // Nobody else ends a transaction that did not begin, and its connection would stay with this thread.
            doCleanupAfterCompletion(transaction);
            throw e;
        }
    }
}
