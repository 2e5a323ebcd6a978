package io.postpaid.payments.charging;

import io.postpaid.account.Accounts;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.calendar.BillingClock;
import org.springframework.stereotype.Component;

/** Pays from account balances what they could not pay at once: a charge was not known, or the money came with an invoice. */
@Component
class WaitingBalances {
    private final CashStore store;
    private final CashBook cash;
    private final AccountLock lock;
    private final Accounts accounts;
    private final BillingClock clock;

    WaitingBalances(CashStore store, CashBook cash, AccountLock lock, Accounts accounts, BillingClock clock) {
        this.store = store;
        this.cash = cash;
        this.lock = lock;
        this.accounts = accounts;
        this.clock = clock;
    }

    Items<String> used(Run run) {
        return Items.each(store.ableToPay(), Item::account, account -> {
            use(account);
            return Done.NOTHING;
        });
    }

    /** Pays what an account owes by now. */
    void use(String account) {
        var currency = accounts.get(account).currency();
        lock.hold(account, () -> cash.settleOpen(account, currency, "what was open", clock.today()));
    }
}
