package io.postpaid.privacy;

import io.postpaid.account.AccountErasure;
import io.postpaid.payments.charging.Cards;
import io.postpaid.platform.audit.AuditLog;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.erasure.Erases;
import java.sql.Timestamp;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Erases the person behind an account: all that lies in the database in one transaction, which also says what is left to be done
 * at Stripe, and then that.
 */
@Component
public class Erasure {
    private static final int REASON_MAX = 1_000;

    private final AccountErasure accounts;
    private final List<Erases> wings;
    private final AuditLog audit;
    private final Cards cards;
    private final JdbcClient jdbc;
    private final BillingClock clock;
    private final TransactionTemplate transaction;

    Erasure(
            AccountErasure accounts,
            List<Erases> wings,
            AuditLog audit,
            Cards cards,
            JdbcClient jdbc,
            BillingClock clock,
            PlatformTransactionManager transactions) {
        this.accounts = accounts;
        this.wings = wings;
        this.audit = audit;
        this.cards = cards;
        this.jdbc = jdbc;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * What an erasure has come to.
     *
     * @param before whether the account was erased before
     * @param waitsFor why its customer is still at Stripe; nothing if it is not
     */
    public record Result(boolean before, Optional<String> waitsFor) {}

    /**
     * Erases, or goes on with what was begun; done already, it does nothing.
     *
     * @throws StillOpenException if something is to be settled first
     * @throws io.postpaid.account.UnknownAccountException if there is no such account
     */
    public Result erase(String id, String reason) {
        if (reason.isBlank() || reason.length() > REASON_MAX) {
            throw new IllegalArgumentException(
                    "An erasure needs a reason of at most " + REASON_MAX + " characters, which is kept");
        }
        boolean now = Boolean.TRUE.equals(transaction.execute(_ -> begin(id, reason.strip())));
        return new Result(!now, finish(id));
    }

    private boolean begin(String id, String reason) {
        var account = accounts.lock(id);
        if (accounts.erasedAt(id).isPresent()) return false;
        var open = open(id);
        if (!open.isEmpty()) throw new StillOpenException(id, open);
        var card = account.card();
        jdbc.sql("""
                        insert into erasure (account, reason, asked_at, stripe_customer, payment_method)
                        values (:id, :reason, :now, :customer, :method)""")
                .param("id", id)
                .param("reason", reason)
                .param("now", Timestamp.from(clock.instant()))
                .param("customer", account.stripeCustomer())
                .param("method", card == null ? null : card.paymentMethod())
                .update();
        accounts.erase(id);
        wings.forEach(wing -> wing.erase(id));
        // What all that has left in the log goes too.
        audit.erase(id);
        return true;
    }

    /** What has to be settled first, each with what to do. */
    public List<String> open(String id) {
        return jdbc.sql("select distinct place, what from open_of(:id) order by place, what")
                .param("id", id)
                .query((row, i) -> row.getString("what"))
                .list();
    }

    /** @return why it is not finished, if it is not */
    private Optional<String> finish(String id) {
        var customer = jdbc.sql(
                        "select coalesce(stripe_customer, '') from erasure where account = :id and done_at is null")
                .param("id", id)
                .query(String.class)
                .optional();
        if (customer.isEmpty()) return Optional.empty();
        if (!customer.get().isEmpty()) {
            var problem = cards.deleteCustomer(id, customer.get());
            if (problem.isPresent()) return problem;
        }
        // In a transaction of its own, so that the log knows who it was.
        transaction.executeWithoutResult(_ -> jdbc.sql("""
                        update erasure set done_at = :now, stripe_customer = null, payment_method = null
                         where account = :account and done_at is null""")
                .param("now", Timestamp.from(clock.instant()))
                .param("account", id)
                .update());
        return Optional.empty();
    }

    /** Those whose customer is still at Stripe. */
    Items<String> unfinished(Run run) {
        return Items.each(Todo.accounts("select account from erasure where done_at is null"), Item::account, id -> {
            finish(id).ifPresent(why -> {
                throw new HeldException("CUSTOMER_STILL_AT_STRIPE", Objects.requireNonNull(why), null);
            });
            return Done.WRITTEN;
        });
    }
}
