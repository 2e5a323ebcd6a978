package io.postpaid.access;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.batch.Run;
import io.postpaid.batch.Steps;
import io.postpaid.batch.Tally;
import io.postpaid.calendar.BillingPeriod;
import io.postpaid.credit.CreditLedger;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.template.Seller;
import java.util.Map;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The nightly step that tells accounts of their limit's thresholds, and of a missing card. */
@Configuration(proxyBeanMethods = false)
class CheckLimits {
    private static final int FETCHED = 1_000;

    private final JdbcClient jdbc;
    private final Accounts accounts;
    private final CreditLedger ledger;
    private final Outbox outbox;
    private final Seller seller;

    CheckLimits(JdbcClient jdbc, Accounts accounts, CreditLedger ledger, Outbox outbox, Seller seller) {
        this.jdbc = jdbc;
        this.accounts = accounts;
        this.ledger = ledger;
        this.outbox = outbox;
        this.seller = seller;
    }

    @Bean
    Step checkLimitsStep(Steps steps) {
        return steps.transactional("check-limits", this::check);
    }

    private void check(Run run, Tally tally) {
        // The run covers the days before its date, so that the first of a month still looks at the month before.
        var period = BillingPeriod.of(run.date().minusDays(1));
        thresholds(period, tally);
        cardless(run, tally);
    }

    private void queue(Notice notice, Tally tally) {
        outbox.queue(notice);
        tally.written(1);
    }

    private void thresholds(BillingPeriod period, Tally tally) {
        jdbc.sql("""
                        select m.account, t.percent
                          from monthly_cost m
                          join account a on a.id = m.account
                         cross join (values (50), (80), (100)) t (percent)
                         where m.period = :period
                           and a.monthly_limit > 0
                           and m.accrued * 100 >= a.monthly_limit * t.percent
                           and not exists (select
                                             from notice n
                                            where n.account = m.account
                                              and n.kind = 'limit-' || t.percent
                                              and n.key = m.account || '/' || :key)
                         order by m.account, t.percent""")
                .param("period", period.firstDay())
                .param("key", period.toString())
                .withFetchSize(FETCHED)
                .query(row -> {
                    queue(threshold(row.getString("account"), period, row.getInt("percent")), tally);
                });
    }

    private Notice threshold(String id, BillingPeriod period, int percent) {
        var account = accounts.get(id);
        return new Notice(
                id,
                NoticeKind.valueOf("LIMIT_" + percent),
                id + "/" + period,
                account.email(),
                Map.of(
                        "account", Map.of("id", id, "name", account.name()),
                        "month", ledger.month(id, period).view(account.monthlyLimit(), account.currency())),
                null);
    }

    /** Accounts that have used up their credit and left no card, each told once. */
    private void cardless(Run run, Tally tally) {
        jdbc.sql("""
                        select a.id
                          from account a
                         where a.payment_method is null
                           and a.payment_method_wanted is null
                           and exists (select from monthly_cost m where m.account = a.id and m.accrued > 0)
                           and not exists (select
                                             from credit_grant g
                                            where g.account = a.id
                                              and g.used < g.amount
                                              and (g.expires_on is null or g.expires_on > :date))
                           and not exists (select
                                             from notice n
                                            where n.account = a.id and n.kind = 'payment-method-required')
                         order by a.id""").param("date", run.date()).withFetchSize(FETCHED).query(row -> {
            queue(cardless(accounts.get(row.getString("id"))), tally);
        });
    }

    private Notice cardless(Account account) {
        return new Notice(
                account.id(),
                NoticeKind.PAYMENT_METHOD_REQUIRED,
                account.id(),
                account.email(),
                Map.of(
                        "account", Map.of("id", account.id(), "name", account.name()),
                        "pay_url", seller.web()),
                null);
    }
}
