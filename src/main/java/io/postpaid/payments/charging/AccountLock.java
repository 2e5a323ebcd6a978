package io.postpaid.payments.charging;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Work on what an account has and owes, in a transaction that locks the account before anything else (decision 0076). */
@Component
public class AccountLock {
    private final Accounts accounts;
    private final TransactionTemplate transaction;

    AccountLock(Accounts accounts, PlatformTransactionManager transactions) {
        this.accounts = accounts;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** @param work is given the account as it stays until the transaction ends */
    void hold(String account, Consumer<Account> work) {
        transaction.executeWithoutResult(status -> work.accept(accounts.locked(account)));
    }

    /** @param work is given the accounts by their ids, as they stay until the transaction ends */
    void holdAll(Collection<String> ids, Consumer<Map<String, Account>> work) {
        transaction.executeWithoutResult(status -> work.accept(accounts.allLocked(ids)));
    }

    public <T> T hold(String account, Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> {
            accounts.locked(account);
            return work.get();
        }));
    }

    public void hold(String account, Runnable work) {
        transaction.executeWithoutResult(status -> {
            accounts.locked(account);
            work.run();
        });
    }
}
