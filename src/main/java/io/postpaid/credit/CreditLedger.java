package io.postpaid.credit;

import static java.util.stream.Collectors.toMap;

import io.postpaid.account.Accounts;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Payable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Grants, postings and the balances that follow from them. */
@Component
public class CreditLedger {
    private final LedgerStore store;
    private final Accounts accounts;
    private final BillingClock clock;

    CreditLedger(LedgerStore store, Accounts accounts, BillingClock clock) {
        this.store = store;
        this.accounts = accounts;
        this.clock = clock;
    }

    /**
     * Grants credit.
     *
     * @param expiresOn the first UTC day on which it can no longer be used, or null
     * @throws IllegalArgumentException if the amount is not positive or the day has come
     */
    @Transactional
    public CreditGrant grant(String account, BigDecimal amount, GrantKind kind, @Nullable LocalDate expiresOn) {
        var currency = accounts.get(account).currency();
        Payable.check(amount, currency);
        if (expiresOn != null && !expiresOn.isAfter(clock.today())) {
            throw new IllegalArgumentException(
                    "A grant that expires on " + expiresOn + " could never be used: today is " + clock.today());
        }
        if (kind == GrantKind.FREE) {
            throw new IllegalArgumentException(
                    "The FREE allowance is granted once, at import (free_credit): use PROMO or GOODWILL");
        }
        var grant = store.insertGrant(account, kind, currency, amount, clock.instant(), expiresOn);
        post(List.of(Posting.of(
                account,
                "granted",
                kind == GrantKind.TOP_UP ? LedgerAccount.CASH : LedgerAccount.FUNDING,
                LedgerAccount.GRANT,
                amount,
                currency,
                grant.id(),
                null,
                Long.toString(grant.id()))));
        return grant;
    }

    /** Gives every account that has not had it its free allowance, once. */
    @Transactional
    public int grantAllowances() {
        return store.grantAllowances(clock.instant());
    }

    /** Gives an account that has not had it its free allowance. */
    @Transactional
    public void grantAllowance(String account) {
        store.grantAllowances(List.of(account), clock.instant());
    }

    Items<String> allowances(Run run) {
        return Items.accounts(store.withoutAllowance(), some -> store.grantAllowances(some, clock.instant()));
    }

    /** Adds postings; grants and monthly costs follow in the same statement. */
    public void post(Collection<Posting> postings) {
        store.insert(postings, clock.instant());
    }

    /** Adds postings of what came about at another time than now, such as a transfer of the day before. */
    public void post(Collection<Posting> postings, Instant happened) {
        store.insert(postings, happened);
    }

    /** Grants with something left, locked until the transaction ends, by account. */
    public Map<String, List<CreditGrant>> lockUsable(Collection<String> accounts) {
        return store.lockUsable(accounts);
    }

    /** What covered an account's use of a month, whichever periods billed it; for a correction. */
    public BurnDown.Before before(String account, LocalDate month) {
        return store.before(account, month);
    }

    public List<CreditGrant> grants(String account) {
        return store.grants(account);
    }

    /** What is left of an account's credit on a day. */
    public BigDecimal balance(String account, LocalDate day) {
        return grants(account).stream()
                .filter(grant -> grant.usableOn(day))
                .map(CreditGrant::remaining)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** @param since postings of usage and of credit, in order */
    public record History(List<CreditGrant> grants, List<Posting> since) {}

    /**
     * What some accounts' credit is now, and all that happened to it since a posting.
     *
     * @param since such as {@link #firstOf} gives it
     */
    public Map<String, History> histories(Collection<String> accounts, long since) {
        var grants = store.grants(accounts);
        var postings = store.since(accounts, since);
        return accounts.stream()
                .collect(toMap(
                        Function.identity(),
                        account -> new History(
                                grants.getOrDefault(account, List.of()), postings.getOrDefault(account, List.of()))));
    }

    /** The first posting of usage that a period or a later one bills. */
    public long firstOf(BillingPeriod period) {
        return store.firstOf(period.firstDay());
    }

    public MonthlyCost month(String account, BillingPeriod period) {
        return store.month(account, period);
    }

    /** Takes away, by a posting, what is left of grants that have expired by the run's date. */
    Items<String> expired(Run run) {
        return Items.accounts(store.withExpired(run.date()), some -> store.expire(some, run.date(), clock.instant()));
    }
}
