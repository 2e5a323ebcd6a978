package io.postpaid.pricing.rating;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.credit.BurnDown;
import io.postpaid.credit.CreditGrant;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Steps;
import io.postpaid.pricing.metering.Metering;
import io.postpaid.pricing.pricebook.PriceBooks;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The step that meters what has arrived, rates it and has it covered, per account. See jobs/nightly. */
@Configuration(proxyBeanMethods = false)
class RateUsage {
    private static final int ACCOUNTS_PER_TRANSACTION = 200;

    private final Metering metering;
    private final RatingStore store;
    private final PriceBooks prices;
    private final Accounts accounts;
    private final CreditLedger ledger;

    RateUsage(Metering metering, RatingStore store, PriceBooks prices, Accounts accounts, CreditLedger ledger) {
        this.metering = metering;
        this.store = store;
        this.prices = prices;
        this.accounts = accounts;
        this.ledger = ledger;
    }

    @Bean
    Step meterAndRate(Steps steps) {
        return steps.accounts("meter-and-rate", ACCOUNTS_PER_TRANSACTION, this::rate);
    }

    private List<Done.Held> rate(List<String> ids, Run run) {
        var book = prices.load();
        var grants = ledger.lockUsable(ids);
        var months = store.touched(ids, metering.meter(ids, run), book);
        var rated = new ArrayList<RatedDay>();
        var postings = new ArrayList<Posting>();
        for (var account : accounts.findAll(ids)) {
            var days = months.getOrDefault(account.id(), List.of()).stream()
                    .flatMap(month -> MonthRating.rate(month, book, account.currency()).stream())
                    .toList();
            rated.addAll(days);
            postings.addAll(cover(account, days, grants.getOrDefault(account.id(), List.of())));
        }
        store.add(ids, rated);
        ledger.post(postings);
        return List.of();
    }

    /** Has an account's change of cost covered, billing period by billing period, the earliest first. */
    private List<Posting> cover(Account account, List<RatedDay> days, List<CreditGrant> grants) {
        var postings = new ArrayList<Posting>();
        var drawn = new HashMap<Long, BigDecimal>();
        var periods = new TreeMap<LocalDate, SortedMap<LocalDate, BigDecimal>>();
        for (var day : days) {
            periods.computeIfAbsent(day.usage().period(), period -> new TreeMap<>())
                    .merge(day.usage().day(), day.change(), BigDecimal::add);
        }
        for (var period : periods.entrySet()) {
            var changes = period.getValue();
            // Only a correction can give credit back, and only then what was used up matters too.
            boolean correction = changes.values().stream().anyMatch(change -> change.signum() < 0);
            var left = (correction ? ledger.grants(account.id()) : grants)
                    .stream().map(grant -> grant.draw(drawn)).toList();
            var before = correction ? ledger.before(account.id(), period.getKey()) : BurnDown.Before.NOTHING;
            var cover = BurnDown.of(changes, left, before);
            cover.draws().forEach((grant, amount) -> drawn.merge(grant, amount, BigDecimal::add));
            postings.addAll(postings(account, period.getKey(), cover));
        }
        return postings;
    }

    private static List<Posting> postings(Account account, LocalDate period, BurnDown cover) {
        var postings = new ArrayList<Posting>();
        cover.draws()
                .forEach((grant, amount) -> postings.add(Posting.signed(
                        account.id(),
                        "usage",
                        LedgerAccount.GRANT,
                        LedgerAccount.REVENUE,
                        amount,
                        account.currency(),
                        period,
                        grant,
                        null)));
        if (cover.accrued().signum() != 0) {
            postings.add(Posting.signed(
                    account.id(),
                    "usage",
                    LedgerAccount.ACCRUED,
                    LedgerAccount.REVENUE,
                    cover.accrued(),
                    account.currency(),
                    period,
                    null,
                    null));
        }
        return postings;
    }
}
