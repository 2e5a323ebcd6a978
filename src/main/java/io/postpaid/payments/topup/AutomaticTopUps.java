package io.postpaid.payments.topup;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.billing.receipt.CreditPrice;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Failure;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Payable;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Buys credit for accounts that want it, when little is left. A row is written first, under the account's lock; it is charged as
 * every top-up is. There is one open row of an account, and a payment that fails turns it off.
 */
@Component
public class AutomaticTopUps {
    private static final Logger LOG = LoggerFactory.getLogger(AutomaticTopUps.class);

    /** Who has claimed a top-up is at it for no longer than this, unless it died. */
    private static final Duration AT_IT = Duration.ofMinutes(2);

    private static final int AT_ONCE = 1_000;

    private final TopUps topUps;
    private final TopUpStore store;
    private final AutomaticSettings settings;
    private final Accounts accounts;
    private final JdbcClient jdbc;
    private final BillingClock clock;
    private final TransactionTemplate transaction;

    AutomaticTopUps(
            TopUps topUps,
            TopUpStore store,
            AutomaticSettings settings,
            Accounts accounts,
            JdbcClient jdbc,
            BillingClock clock,
            PlatformTransactionManager transactions) {
        this.topUps = topUps;
        this.store = store;
        this.settings = settings;
        this.accounts = accounts;
        this.jdbc = jdbc;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Turns it on, or changes it.
     *
     * @throws IllegalArgumentException if an amount is none that can be charged, or there is no card
     */
    public void turnOn(String id, BigDecimal threshold, BigDecimal amount, BigDecimal monthlyMost) {
        var account = accounts.get(id);
        if (account.card() == null) {
            throw new IllegalArgumentException("There is no card on file that could be charged: put one on file first");
        }
        Payable.check(threshold, account.currency());
        topUps.amountRefusal(account.currency(), amount).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        if (amount.compareTo(threshold) < 0) {
            throw new IllegalArgumentException(
                    "One top-up is at least the threshold, so that credit is not below it again at once");
        }
        Payable.check(monthlyMost, account.currency());
        if (monthlyMost.compareTo(amount) < 0) {
            throw new IllegalArgumentException("The most a month is at least the amount of one top-up");
        }
        settings.turnOn(id, threshold, amount, monthlyMost);
    }

    /** The accounts whose turn it is. */
    Items<String> due(Run run) {
        var silences = new AtomicInteger();
        return Items.each(
                Todo.of(wanted().iterator()),
                Item::account,
                account -> claim(account)
                        .map(claimed -> topUps.resolve(claimed, silences))
                        .orElse(Done.NOTHING));
    }

    /** What the server does between the runs. */
    void work() {
        var silences = new AtomicInteger();
        for (var account : wanted()) {
            alone(account, () -> claim(account).ifPresent(claimed -> topUps.resolve(claimed, silences)));
        }
    }

    /** Goes on with what somebody has left who died. */
    void resume() {
        var silences = new AtomicInteger();
        for (var left : left()) alone(left.account(), () -> topUps.resolve(left, silences));
    }

    /** What is wrong with one does not keep the others; the next night holds it with its reason. */
    private static void alone(String account, Runnable one) {
        try {
            one.run();
        } catch (NotBillable e) {
            LOG.debug("The automatic top-up of {} waits: {}", account, e.getMessage());
        } catch (RuntimeException e) {
            if (Failure.ofEverything(e)) throw e;
            LOG.warn("The automatic top-up of {} waits: {}", account, e.getMessage());
        }
    }

    private List<String> wanted() {
        return jdbc.sql("select account from automatic_top_up_due(:now) order by account limit :most")
                .param("now", Timestamp.from(clock.instant()))
                .param("most", AT_ONCE)
                .query(String.class)
                .list();
    }

    private List<TopUp> left() {
        return jdbc
                .sql("""
                        select id from top_up
                         where automatic_most is not null and status in ('CLAIMED', 'UNKNOWN') and claimed_at <= :before
                         order by id limit :most""")
                .param("before", Timestamp.from(clock.instant().minus(AT_IT)))
                .param("most", AT_ONCE)
                .query(Long.class)
                .list()
                .stream()
                .map(store::get)
                .toList();
    }

    /**
     * Writes the row, if it is still due: whoever comes at the same time waits for the lock, and then sees it.
     *
     * @throws HeldException if no invoice could be written for it
     */
    Optional<TopUp> claim(String account) {
        var seen = due(account, clock.instant());
        if (seen.isEmpty()) return Optional.empty();
        var price = price(account, seen.get().amount());
        return Objects.requireNonNull(transaction.execute(status -> {
            var locked = accounts.locked(account);
            var now = clock.instant();
            return due(account, now).filter(seen.get()::equals).map(due -> claimed(locked, due, price, now));
        }));
    }

    /** What is due of an account. */
    private record Due(BigDecimal amount, BigDecimal monthlyMost) {}

    private Optional<Due> due(String account, Instant now) {
        return jdbc.sql("select amount, monthly_most from automatic_top_up_due(:now) where account = :account")
                .param("now", Timestamp.from(now))
                .param("account", account)
                .query(Due.class)
                .optional();
    }

    private TopUp claimed(Account account, Due due, CreditPrice price, Instant now) {
        var wish = new TopUpStore.Wish(
                account.id(),
                "automatic-" + UUID.randomUUID(),
                account.currency(),
                Objects.requireNonNull(account.card()).paymentMethod(),
                null,
                due.monthlyMost());
        return store.claim(wish, price, now).orElseThrow();
    }

    private CreditPrice price(String account, BigDecimal amount) {
        return switch (topUps.price(account, amount)) {
            case TopUps.Price.Of(var price) -> price;
            case TopUps.Answer.Refused(var cause, var why) -> throw new NotBillable(why);
        };
    }

    /** The customer's wish stays: what is missing is the seller's to mend, or his details. */
    private static final class NotBillable extends HeldException {
        NotBillable(String why) {
            super("TOP_UP_NOT_BILLABLE", why, null);
        }
    }
}
