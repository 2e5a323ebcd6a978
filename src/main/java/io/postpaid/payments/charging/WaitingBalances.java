package io.postpaid.payments.charging;

import io.postpaid.account.Accounts;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import org.springframework.stereotype.Component;

/** What waited because a charge was not known is paid from the account balance now, where there is one. */
@Component
class WaitingBalances {
    private final CashStore store;
    private final CashBook cash;
    private final AccountLock lock;
    private final Accounts accounts;

    WaitingBalances(CashStore store, CashBook cash, AccountLock lock, Accounts accounts) {
        this.store = store;
        this.cash = cash;
        this.lock = lock;
        this.accounts = accounts;
    }

    Items<String> used(Run run) {
        return Items.each(store.withBalanceAndOpenInvoice(), Item::account, account -> {
            var currency = accounts.get(account).currency();
            lock.hold(account, () -> cash.settleOpen(account, currency, "what was open", run.date()));
            return Done.NOTHING;
        });
    }
}
