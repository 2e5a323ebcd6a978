package io.postpaid.gate.access;

import io.postpaid.account.AccountStatus;
import io.postpaid.account.Accounts;
import io.postpaid.account.LimitRequest;
import io.postpaid.account.LimitRequests;
import io.postpaid.credit.CreditLedger;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import java.math.BigDecimal;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Answers whether an account may call the API, as the gate would: see account_standing in V013__gate.sql. */
@Component
public class Access {
    private final Accounts accounts;
    private final LimitRequests limits;
    private final CreditLedger ledger;
    private final Outbox outbox;
    private final JdbcClient jdbc;
    private final BillingClock clock;

    Access(
            Accounts accounts,
            LimitRequests limits,
            CreditLedger ledger,
            Outbox outbox,
            JdbcClient jdbc,
            BillingClock clock) {
        this.accounts = accounts;
        this.limits = limits;
        this.ledger = ledger;
        this.outbox = outbox;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @throws io.postpaid.account.UnknownAccountException if there is no such account */
    public Standing standing(String id) {
        var account = accounts.get(id);
        var today = clock.today();
        var decision = jdbc.sql("""
                        select status, card, free,
                               exists (select from account_balance where account = :account and owed > 0) as owes
                          from account_standing(:account, :today)""")
                .param("account", id)
                .param("today", today)
                .query((row, i) -> AccessDecision.of(
                        AccountStatus.valueOf(row.getString("status")),
                        row.getBoolean("card"),
                        row.getBoolean("owes"),
                        row.getBigDecimal("free")))
                .single();
        return new Standing(account, decision, ledger.balance(id, today), ledger.month(id, BillingPeriod.of(today)));
    }

    /**
     * Sets an account's monthly limit. An open request is approved by it, and the account hears of that.
     *
     * @return whether there was a request
     */
    @Transactional
    public boolean setLimit(String id, BigDecimal amount, String reason) {
        var approved = limits.setLimit(id, amount, reason);
        approved.ifPresent(request -> tell(request, NoticeKind.LIMIT_APPROVED, reason));
        return approved.isPresent();
    }

    /**
     * Rejects an account's open request for a higher limit, and the account hears of that.
     *
     * @throws IllegalArgumentException if there is none
     */
    @Transactional
    public LimitRequest rejectLimit(String id, String reason) {
        var rejected = limits.reject(id, reason)
                .orElseThrow(() -> new IllegalArgumentException("Account '" + id
                        + "' has no open request for a higher limit: ./postpaid accounts limit-requests lists them"));
        tell(rejected, NoticeKind.LIMIT_REJECTED, reason);
        return rejected;
    }

    private void tell(LimitRequest request, NoticeKind decision, String reason) {
        var account = accounts.get(request.account());
        var month = ledger.month(account.id(), BillingPeriod.of(clock.today()));
        outbox.queue(new Notice(
                account.id(),
                decision,
                account.id() + "/" + request.id(),
                account.email(),
                Map.of(
                        "account", Map.of("id", account.id(), "name", account.name()),
                        "month", month.view(account.monthlyLimit(), account.currency()),
                        "reason", reason),
                null));
    }
}
