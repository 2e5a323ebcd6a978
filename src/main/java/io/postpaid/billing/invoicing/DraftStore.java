package io.postpaid.billing.invoicing;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.account.BillingHolds;
import io.postpaid.billing.invoicing.Draft.Drafted;
import io.postpaid.billing.invoicing.Draft.Held;
import io.postpaid.billing.invoicing.TaxesCharged.TakenBack;
import io.postpaid.credit.MonthlyCost;
import io.postpaid.platform.batch.Column;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.SqlFiles;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Rounding;
import io.postpaid.platform.template.CurrencySettings;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.tax.Tax;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What invoices are drawn up from, the drafts, and the accounts that are held instead. */
@Component
class DraftStore {
    private final JdbcClient jdbc;
    private final SqlFiles sql;
    private final Accounts accounts;
    private final BillingHolds holds;
    private final CurrencySettings settings;

    DraftStore(JdbcClient jdbc, SqlFiles sql, Accounts accounts, BillingHolds holds, CurrencySettings settings) {
        this.jdbc = jdbc;
        this.sql = sql;
        this.accounts = accounts;
        this.holds = holds;
        this.settings = settings;
    }

    /** The facts of each of these accounts for a period. */
    List<Billable> billables(List<String> ids, BillingPeriod period, PriceBook prices) {
        var parameters = Map.of("accounts", ids.toArray(String[]::new), "period", period.firstDay());
        var used = jdbc.sql("""
                        with used as (
                            select c.account, c.product, date_trunc('month', c.day)::date as month, c.price, p.effective_from, c.tier,
                                   sum(c.quantity) as quantity, sum(c.amount) as amount
                              from usage_line c
                              join price p on p.id = c.price
                             where c.period = :period and c.account = any(:accounts)
                             group by c.account, c.product, month, c.price, p.effective_from, c.tier
                            having sum(c.quantity) <> 0 or sum(c.amount) <> 0)
                        select u.*
                          from used u
                         order by u.account, u.product, u.month, u.effective_from, u.price, u.tier""")
                .params(parameters)
                .query((row, i) -> Map.entry(
                        row.getString("account"),
                        new Billable.Usage(
                                prices.product(row.getString("product")),
                                BillingPeriod.of(row.getObject("month", LocalDate.class)),
                                prices.price(row.getLong("price")),
                                row.getInt("tier"),
                                row.getBigDecimal("quantity"),
                                row.getBigDecimal("amount"),
                                null)))
                .list();
        var charged = charged(
                used.stream()
                        .filter(one -> TaxesCharged.takesBack(one.getValue(), period.firstDay()))
                        .map(one -> TaxesCharged.key(one.getKey(), one.getValue()))
                        .toList(),
                Long.MAX_VALUE);
        var usage = used.stream()
                .collect(groupingBy(
                        Map.Entry::getKey,
                        mapping(
                                one -> one.getValue()
                                        .billedWith(charged.get(TaxesCharged.key(one.getKey(), one.getValue()))),
                                toList())));
        var unpriced = jdbc
                .sql("""
                        select account, product || ' on ' || min(day) || ' (' || count(*) || ' days)' as days
                          from unrated_day
                         where period = :period and account = any(:accounts)
                         group by account, product
                         order by account, product""")
                .params(parameters)
                .query((row, i) -> Map.entry(row.getString("account"), row.getString("days")))
                .list()
                .stream()
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList())));
        var costs = jdbc
                .sql("""
                        select account, cost, credits, accrued
                          from monthly_cost
                         where period = :period and account = any(:accounts)""")
                .params(parameters)
                .query((row, i) -> Map.entry(
                        row.getString("account"),
                        new MonthlyCost(
                                period,
                                row.getBigDecimal("cost"),
                                row.getBigDecimal("credits"),
                                row.getBigDecimal("accrued"))))
                .list()
                .stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
        var carried = jdbc
                .sql("""
                        select account, currency,
                               sum(carried_forward - carried_in + coalesce((
                                   select sum(s.amount) from settlement s where s.invoice = i.id and s.kind = 'CARRIED'), 0))
                                   as carried
                          from invoice i
                         where account = any(:accounts) and status <> 'DRAFT'
                         group by account, currency""")
                .param("accounts", ids.toArray(String[]::new))
                .query((row, i) -> Map.entry(
                        List.of(row.getString("account"), row.getString("currency")), row.getBigDecimal("carried")))
                .list()
                .stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
        var givenTwice = jdbc
                .sql("""
                        select g.account,
                               string_agg(format('usage of %s was taken back for %s %s, which invoice %s billed, after %s of its %s'
                                   || ' were given or taken back already: report that usage again under another id',
                                   to_char(l.month, 'YYYY-MM'), g.corrected, g.currency, g.number,
                                   g.credited + g.written_off + g.reserved + g.banked, g.billed), '; ' order by l.month) as detail
                          from (select distinct l.account, l.month, n.invoice
                                  from late_cost l
                                  join invoice_line n on n.usage_period = l.month
                                  join invoice i on i.id = n.invoice and i.account = l.account and i.period < l.period
                                 where l.period = :period and l.account = any(:accounts) and l.accrued < 0) l
                          join given_back g on g.invoice = l.invoice
                         where given_twice(g, g.banked) > 0
                         group by g.account""")
                .params(parameters)
                .query((row, i) -> Map.entry(row.getString("account"), row.getString("detail")))
                .list()
                .stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
        return accounts.findAll(ids).stream()
                .map(account -> new Billable(
                        account,
                        period,
                        usage.getOrDefault(account.id(), List.of()),
                        costs.getOrDefault(account.id(), nothing(period)),
                        carried.getOrDefault(List.of(account.id(), account.currency()), noMoney(account)),
                        unpriced.getOrDefault(account.id(), List.of()),
                        givenTwice.getOrDefault(account.id(), "")))
                .toList();
    }

    /** Why those of these accounts are held that an operator holds. */
    Map<String, String> onHold(List<String> ids) {
        return holds.of(ids);
    }

    /** The taxes that usage bore on invoices before one, for what takes it back. */
    Map<TakenBack, Tax> charged(List<TakenBack> takenBack, long before) {
        return new TaxesCharged(jdbc).of(takenBack, before);
    }

    private static MonthlyCost nothing(BillingPeriod period) {
        return new MonthlyCost(period, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);
    }

    private static BigDecimal noMoney(Account account) {
        return Rounding.toMinorUnit(BigDecimal.ZERO, account.currency());
    }

    /** Draws up drafts; an account that has an invoice of the period already keeps it. */
    void insert(List<Drafted> drafts) {
        new DraftInsert(jdbc).run(drafts);
    }

    /** What the account balance would pay of a draft now. */
    BigDecimal balancePays(Invoice draft) {
        return jdbc.sql("""
                        select balance_pays(:gross, b.amount, c.unit)
                          from currency c
                          left join account_balance b on b.currency = c.code and b.account = :account
                         where c.code = :currency""")
                .param("gross", draft.total().add(draft.carriedIn()))
                .param("account", draft.account())
                .param("currency", draft.currency())
                .query(BigDecimal.class)
                .single();
    }

    /** @return how many postings it took */
    int issue(BillingPeriod period, @Nullable String account) {
        var currencies = jdbc.sql("select distinct currency from invoice where period = :period and status = 'DRAFT'")
                .param("period", period.firstDay())
                .query(String.class)
                .list();
        return sql.statement(Run.ofMonth(period), "issue-invoices")
                .param("account", account)
                .param("currencies", currencies.toArray(String[]::new))
                .param("least", currencies.stream().map(settings::leastCharge).toArray(BigDecimal[]::new))
                .update();
    }

    /** The accounts with a draft of a period, from behind one of them. */
    Todo<String> drafted(BillingPeriod period) {
        return Todo.accounts("select distinct account from invoice where period = :period and status = 'DRAFT'")
                .with("period", period.firstDay())
                .inOrder();
    }

    /** Throws a draft away: it is drawn up again once what is wrong with it is mended. */
    void discard(String account, BillingPeriod period) {
        jdbc.sql("""
                        with draft as (
                            select id from invoice where account = :account and period = :period and status = 'DRAFT'
                        ), lines as (
                            delete from invoice_line where invoice in (select id from draft)
                        ), taxes as (
                            delete from invoice_tax where invoice in (select id from draft))
                        delete from invoice where id in (select id from draft)""")
                .param("account", account)
                .param("period", period.firstDay())
                .update();
    }

    /** The accounts with usage in a period and no invoice for it yet. */
    Todo<HeldAccount> toBill(BillingPeriod period) {
        return Todo.of(HeldAccount.class, """
                        select c.account, c.period
                          from monthly_cost c
                         where c.period = :period
                           and not exists (select from invoice i where i.account = c.account and i.period = c.period)""").with("period", period.firstDay()).by("account");
    }

    /** An account without an invoice of a period. */
    record HeldAccount(String account, LocalDate period) {}

    /** The earliest period first. */
    Todo<HeldAccount> heldOfCompletedMonths() {
        return Todo.of(HeldAccount.class, """
                        select h.account, h.period
                          from (select account, period from invoice_hold
                                union
                                select account, period from held
                                 where step = 'draft-invoices' and resolved_at is null and account is not null) h
                         where exists (select from run r
                                        where r.job = 'monthly' and r.date = h.period and r.status = 'COMPLETED')""").by("period", "account");
    }

    /** Replaces what is known of the holds of these accounts. */
    void hold(List<String> tried, List<Held> held, BillingPeriod period) {
        jdbc.sql("delete from invoice_hold where account = any(:accounts) and period = :period")
                .param("accounts", tried.toArray(String[]::new))
                .param("period", period.firstDay())
                .update();
        jdbc.sql("""
                        insert into invoice_hold (account, period, reason, detail)
                        select h.account, :period, h.reason, h.detail
                          from unnest(:account::text[], :reason::text[], :detail::text[]) h (account, reason, detail)""")
                .param("period", period.firstDay())
                .param("account", Column.of(held, Held::account))
                .param("reason", Column.of(held, Held::reason))
                .param("detail", Column.of(held, Held::detail))
                .update();
    }
}
