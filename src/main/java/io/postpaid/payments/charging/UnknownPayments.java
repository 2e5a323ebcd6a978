package io.postpaid.payments.charging;

import io.postpaid.account.Accounts;
import java.math.BigDecimal;
import java.time.Instant;
import org.springframework.stereotype.Component;

/** Charges of invoices that this database does not know, since it was restored from a backup. */
@Component
public class UnknownPayments {
    private final CashBook cash;
    private final AccountLock lock;
    private final Accounts accounts;

    UnknownPayments(CashBook cash, AccountLock lock, Accounts accounts) {
        this.cash = cash;
        this.lock = lock;
        this.accounts = accounts;
    }

    /** Whether money in this currency can be the account's. */
    public boolean mayBeOf(String account, String currency) {
        return accounts.find(account)
                .filter(one -> one.currency().equals(currency))
                .isPresent();
    }

    /** Puts the money on the account balance, once, where it pays the next invoice before a card is charged. */
    public void keep(String account, String currency, BigDecimal amount, String intent, Instant at) {
        lock.hold(account, () -> cash.receiveByCard(account, currency, amount, intent, at));
    }
}
