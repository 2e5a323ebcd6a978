package io.postpaid.payments.settlement;

import static io.postpaid.billing.invoicing.SettlementKind.TRANSFER;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.payments.charging.AccountLock;
import io.postpaid.payments.charging.CashBook;
import io.postpaid.payments.charging.CashStore;
import io.postpaid.payments.charging.CashStore.Balance;
import io.postpaid.payments.charging.CashStore.Moved;
import io.postpaid.payments.settlement.Consent.Given;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Payable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Money that comes and goes by bank transfer for an account, and not for one of its invoices. */
@Component
public class AccountTransfers {
    private final CashBook cash;
    private final CashStore store;
    private final AccountLock lock;
    private final Accounts accounts;
    private final BillingClock clock;

    AccountTransfers(CashBook cash, CashStore store, AccountLock lock, Accounts accounts, BillingClock clock) {
        this.cash = cash;
        this.store = store;
        this.lock = lock;
        this.accounts = accounts;
        this.clock = clock;
    }

    /**
     * A payment that was recorded, and how the account stands by it.
     *
     * @param known whether the same was recorded before, so that nothing was done
     */
    public record Recorded(String account, String currency, boolean known, BigDecimal balance, BigDecimal owed) {}

    /** What an account has to pay its invoices with, and what it owes for credit that was taken back. */
    public Balance standing(String account) {
        return store.balance(account, accounts.get(account).currency());
    }

    /**
     * Records money that came in: it pays what is owed for credit that was taken back, then open invoices, and the rest stays
     * on the account balance.
     *
     * @param reference what the bank calls it; the same again is refused, or does nothing
     * @param on the day it came, the account's first or later; null for today
     */
    public Recorded record(String id, BigDecimal amount, String reference, @Nullable LocalDate on) {
        var account = accounts.get(id);
        var at = moved(account, amount, reference, on);
        return lock.hold(id, () -> {
            boolean known = isKnown(store.accountPayment(reference), id, amount, reference);
            if (!known) {
                if (store.booked(TRANSFER.name(), reference)) throw Transfers.taken(reference);
                cash.receive(id, account.currency(), amount, reference, at);
            }
            return recorded(account, known);
        });
    }

    /**
     * Records that money of the account balance was sent back, such as what came for an invoice that was written off. What
     * the account owes is paid from its balance first, so none of it is sent back while anything is open.
     */
    public Recorded sendBack(
            String id, BigDecimal amount, String reference, @Nullable LocalDate on, String reason, Consent consent) {
        var account = accounts.get(id);
        if (reason.isBlank()) throw new IllegalArgumentException("A payment back needs a reason, which is kept");
        var at = moved(account, amount, reference, on);
        return lock.hold(id, () -> {
            boolean known = isKnown(store.accountReturn(reference), id, amount, reference);
            if (!known) {
                cash.sendBack(id, account.currency(), amount, reference, reason, at);
                consent.to(new Given(id, account.currency(), amount, reference));
            }
            return recorded(account, known);
        });
    }

    private Instant moved(Account account, BigDecimal amount, String reference, @Nullable LocalDate on) {
        Payable.check(amount, account.currency());
        return Transfers.moved(clock, reference, on, account.createdOn(), "account " + account.id() + " began");
    }

    private static boolean isKnown(Optional<Moved> earlier, String account, BigDecimal amount, String reference) {
        if (earlier.isEmpty()) return false;
        var same = earlier.get().account().equals(account)
                && earlier.get().amount().compareTo(amount) == 0;
        if (!same) throw Transfers.taken(reference);
        return true;
    }

    private Recorded recorded(Account account, boolean known) {
        var balance = store.balance(account.id(), account.currency());
        return new Recorded(account.id(), account.currency(), known, balance.amount(), balance.owed());
    }
}
