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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
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

    /** The use of a month, as a period bills it. */
    private record Part(LocalDate period, LocalDate month) {
        static final Comparator<Part> ORDER = Comparator.comparing(Part::period).thenComparing(Part::month);
    }

    /** Has an account's change of cost covered: the earliest period and month of use first. */
    private List<Posting> cover(Account account, List<RatedDay> days, List<CreditGrant> usable) {
        var parts = new TreeMap<Part, SortedMap<LocalDate, BigDecimal>>(Part.ORDER);
        for (var day : days) {
            var usage = day.usage();
            parts.computeIfAbsent(new Part(usage.period(), usage.month().firstDay()), part -> new TreeMap<>())
                    .merge(usage.day(), day.change(), BigDecimal::add);
        }
        // Only a correction can give credit back, and only then what was used up matters too.
        var grants = parts.values().stream().anyMatch(RateUsage::corrects) ? ledger.grants(account.id()) : usable;
        var postings = new ArrayList<Posting>();
        var drawn = new HashMap<Long, BigDecimal>();
        parts.forEach((part, changes) -> {
            var left = grants.stream().map(grant -> grant.draw(drawn)).toList();
            var before = corrects(changes) ? ledger.before(account.id(), part.month()) : BurnDown.Before.NOTHING;
            var cover = BurnDown.of(changes, left, before);
            cover.draws().forEach((grant, amount) -> {
                drawn.merge(grant, amount, BigDecimal::add);
                postings.add(posting(account, part, LedgerAccount.GRANT, grant, amount));
            });
            if (cover.accrued().signum() != 0) {
                postings.add(posting(account, part, LedgerAccount.ACCRUED, null, cover.accrued()));
            }
        });
        return postings;
    }

    private static boolean corrects(SortedMap<LocalDate, BigDecimal> changes) {
        return changes.values().stream().anyMatch(change -> change.signum() < 0);
    }

    private static Posting posting(
            Account account, Part part, LedgerAccount from, @Nullable Long grant, BigDecimal amount) {
        return Posting.usage(account.id(), from, grant, amount, account.currency(), part.period(), part.month());
    }
}
