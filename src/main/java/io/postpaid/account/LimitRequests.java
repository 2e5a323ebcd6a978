package io.postpaid.account;

import io.postpaid.platform.batch.Row;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Payable;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The monthly limits of accounts, and the requests for higher ones. */
@Component
public class LimitRequests {
    private static final RowMapper<LimitRequest> REQUEST = Row.to(LimitRequest.class);

    private final Accounts accounts;
    private final JdbcClient jdbc;
    private final BillingClock clock;

    LimitRequests(Accounts accounts, JdbcClient jdbc, BillingClock clock) {
        this.accounts = accounts;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Sets the monthly limit, which approves an open request for a higher one.
     *
     * @return the request that was approved, if there was one
     */
    @Transactional
    public Optional<LimitRequest> setLimit(String id, BigDecimal amount, String reason) {
        var account = accounts.locked(id);
        try {
            // A limit of nothing is one, too.
            Payable.checkOrZero(amount, account.currency());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The monthly limit of account '" + id + "' cannot be set: " + e.getMessage(), e);
        }
        jdbc.sql("update account set monthly_limit = :amount where id = :id")
                .param("amount", amount)
                .param("id", id)
                .update();
        accounts.tell(id, "LIMIT_SET", amount.toPlainString() + " " + account.currency() + ": " + reason);
        return decide(id, LimitRequest.Status.APPROVED);
    }

    /**
     * Asks for a higher monthly limit, which an operator decides on.
     *
     * @return nothing if an earlier request is still open
     * @throws IllegalArgumentException if this is no higher limit
     */
    @Transactional
    public Optional<LimitRequest> ask(String id, BigDecimal amount, String reason) {
        var account = accounts.locked(id);
        Payable.check(amount, account.currency());
        if (amount.compareTo(account.monthlyLimit()) <= 0) {
            throw new IllegalArgumentException("The monthly limit is "
                    + account.monthlyLimit().toPlainString() + " " + account.currency()
                    + ": ask for a higher amount such as 250.00");
        }
        return jdbc.sql("""
                        insert into limit_request (account, amount, reason, asked_at)
                        values (:id, :amount, :reason, :at)
                            on conflict (account) where status = 'OPEN' do nothing
                        returning *""")
                .param("id", id)
                .param("amount", amount)
                .param("reason", reason)
                .param("at", Timestamp.from(clock.instant()))
                .query(REQUEST)
                .optional();
    }

    /** The requests that wait for a decision, oldest first, read as they are asked for. */
    @Transactional(readOnly = true)
    public void eachOpen(Consumer<LimitRequest> reader) {
        Row.each(jdbc.sql("select * from limit_request where status = 'OPEN' order by id"), REQUEST, reader);
    }

    /** An account's own, the latest first. */
    public List<LimitRequest> ofAccount(String id, int most) {
        return jdbc.sql("select * from limit_request where account = :id order by id desc limit :most")
                .param("id", id)
                .param("most", most)
                .query(REQUEST)
                .list();
    }

    /**
     * Rejects the open request for a higher limit.
     *
     * @return nothing if there is none
     */
    @Transactional
    public Optional<LimitRequest> reject(String id, String reason) {
        accounts.locked(id);
        var rejected = decide(id, LimitRequest.Status.REJECTED);
        if (rejected.isPresent()) accounts.tell(id, "LIMIT_REJECTED", reason);
        return rejected;
    }

    private Optional<LimitRequest> decide(String id, LimitRequest.Status decision) {
        return jdbc.sql("""
                        update limit_request set status = :decision, decided_at = :at
                         where account = :id and status = 'OPEN'
                        returning *""")
                .param("decision", decision.name())
                .param("at", Timestamp.from(clock.instant()))
                .param("id", id)
                .query(REQUEST)
                .optional();
    }
}
