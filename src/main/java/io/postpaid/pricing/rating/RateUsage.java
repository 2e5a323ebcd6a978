package io.postpaid.pricing.rating;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.credit.AccountCredit;
import io.postpaid.credit.BurnDown;
import io.postpaid.credit.CreditGrant;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.Posting;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Steps;
import io.postpaid.pricing.metering.Metering;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.rating.Covering.Changes;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
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
            postings.addAll(Covering.cover(
                    account,
                    Changes.of(days),
                    new Credit(account, grants.getOrDefault(account.id(), List.of()), ledger)));
        }
        store.add(ids, rated);
        ledger.post(postings);
        return List.of();
    }

    /** As the ledger has it. */
    private record Credit(Account account, List<CreditGrant> usable, CreditLedger ledger) implements AccountCredit {
        @Override
        public List<CreditGrant> grants() {
            return ledger.grants(account.id());
        }

        @Override
        public BurnDown.Before before(LocalDate month) {
            return ledger.before(account.id(), month);
        }
    }
}
