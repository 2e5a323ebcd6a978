package io.postpaid.gate.access;

import io.postpaid.account.Accounts;
import io.postpaid.credit.CreditLedger;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Steps;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.template.Seller;
import java.math.BigDecimal;
import java.util.Map;
import java.util.function.Function;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The nightly step that tells accounts of their limit's thresholds, and of a missing card. */
@Configuration(proxyBeanMethods = false)
class CheckLimits {
    private static final int PAGE = 1_000;

    private final Accounts accounts;
    private final CreditLedger ledger;
    private final Outbox outbox;
    private final Seller seller;
    private final TransactionTemplate transaction;

    CheckLimits(
            Accounts accounts,
            CreditLedger ledger,
            Outbox outbox,
            Seller seller,
            PlatformTransactionManager transactions) {
        this.accounts = accounts;
        this.ledger = ledger;
        this.outbox = outbox;
        this.seller = seller;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Bean
    Step checkLimitsStep(Steps steps) {
        return steps.items("check-limits", this::thresholds, this::alerts, this::cardless);
    }

    /** @param percent of the monthly limit; 0 if it is the card that is missing */
    private record Reached(String account, int percent) {}

    private Items<Reached> notify(Todo<Reached> todo, Function<Reached, Notice> notice) {
        return Items.some(
                PAGE,
                todo,
                one -> Item.of("notice " + one.percent() + " of account", one.account(), one.account()),
                some -> {
                    transaction.executeWithoutResult(status -> some.forEach(one -> outbox.queue(notice.apply(one))));
                    return Done.of(some.size(), some.size(), 0);
                });
    }

    private Items<Reached> thresholds(Run run) {
        // The run covers the days before its date, so that the first of a month still looks at the month before.
        var period = BillingPeriod.of(run.date().minusDays(1));
        return notify(
                Todo.of(Reached.class, """
                        select m.account, t.percent
                          from monthly_cost m
                          join account a on a.id = m.account
                         cross join (values (50), (80), (100)) t (percent)
                         where m.period = :period
                           and a.email <> ''
                           and a.monthly_limit > 0
                           and m.accrued * 100 >= a.monthly_limit * t.percent
                           and not exists (select
                                             from notice n
                                            where n.account = m.account
                                              and n.kind = 'limit-' || t.percent
                                              and n.key = m.account || '/' || :key)""")
                        .with("period", period.firstDay())
                        .with("key", period.toString())
                        .by("account", "percent"),
                reached -> threshold(reached.account(), period, reached.percent()));
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

    /**
     * What a customer wants to hear of, and that the own cap is reached.
     *
     * @param at the percentage or amount, as it stands in the notice's key: the same is mailed once a month
     */
    private record Alerted(String account, String at) {}

    private Items<Alerted> alerts(Run run) {
        var period = BillingPeriod.of(run.date().minusDays(1));
        return Items.some(
                PAGE,
                Todo.of(Alerted.class, """
                        select m.account, t.at
                          from monthly_cost m
                          join account a on a.id = m.account
                         cross join lateral (
                               select s.percent, s.amount from spending_alert s where s.account = m.account
                                union
                               select 100, null where a.spending_cap < a.monthly_limit) w
                         cross join lateral (values (
                               least(a.monthly_limit, a.spending_cap),
                               coalesce(w.percent || '%', trim_scale(w.amount)::text))) t (most, at)
                         where m.period = :period
                           and a.email <> ''
                           and m.accrued >= coalesce(w.amount, t.most * w.percent / 100)
                           and m.accrued > 0
                           and not exists (select
                                             from notice n
                                            where n.account = m.account
                                              and n.kind = 'spending-alert'
                                              and n.key = m.account || '/' || :key || '/' || t.at)""")
                        .with("period", period.firstDay())
                        .with("key", period.toString())
                        .by("account", "at"),
                one -> Item.of("alert " + one.at() + " of account", one.account(), one.account()),
                some -> {
                    transaction.executeWithoutResult(
                            status -> some.forEach(one -> outbox.queue(alert(one.account(), one.at(), period))));
                    return Done.of(some.size(), some.size(), 0);
                });
    }

    private Notice alert(String id, String at, BillingPeriod period) {
        var account = accounts.get(id);
        var most = account.mostPerMonth();
        var of = account.capped() ? "your cap of " : "your monthly limit of ";
        return new Notice(
                id,
                NoticeKind.SPENDING_ALERT,
                id + "/" + period + "/" + at,
                account.email(),
                Map.of(
                        "account", Map.of("id", id, "name", account.name()),
                        "threshold",
                                at.endsWith("%")
                                        ? at.replace("%", " percent of ") + of + Amounts.text(most, account.currency())
                                        : Amounts.text(new BigDecimal(at), account.currency()),
                        "month", ledger.month(id, period).view(most, account.currency())),
                null);
    }

    /** Accounts that have used up their credit and left no card, each told once. */
    private Items<Reached> cardless(Run run) {
        return notify(
                Todo.of(Reached.class, """
                        select a.id as account, 0 as percent
                          from account a
                         where a.email <> ''
                           and a.payment_method is null
                           and a.payment_method_wanted is null
                           and exists (select from monthly_cost m where m.account = a.id and m.accrued > 0)
                           and not exists (select
                                             from credit_grant g
                                            where g.account = a.id
                                              and g.used < g.amount
                                              and (g.expires_on is null or g.expires_on > :date))
                           and not exists (select
                                             from notice n
                                            where n.account = a.id and n.kind = 'payment-method-required')""").with("date", run.date()).by("account"),
                cardless -> cardless(cardless.account()));
    }

    private Notice cardless(String id) {
        var account = accounts.get(id);
        return new Notice(
                id,
                NoticeKind.PAYMENT_METHOD_REQUIRED,
                id,
                account.email(),
                Map.of("account", Map.of("id", id, "name", account.name()), "page_url", seller.web()),
                null);
    }
}
