package io.postpaid.credit;

import static java.util.stream.Collectors.groupingBy;

import io.postpaid.platform.batch.Column;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.calendar.BillingPeriod;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class LedgerStore {
    private static final int PAGE = 1_000;

    /** In the place of a grant's id: what no credit covered. */
    private static final long ACCRUED = 0;

    private static final String GRANTS = """
            select id, account, kind, currency, amount, used, granted_at, expires_on
              from credit_grant
            """;

    private final JdbcClient jdbc;

    LedgerStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    CreditGrant insertGrant(
            String account,
            GrantKind kind,
            String currency,
            BigDecimal amount,
            Instant at,
            @Nullable LocalDate expiresOn) {
        return jdbc.sql("""
                        insert into credit_grant (account, kind, currency, amount, granted_at, expires_on)
                        values (:account, :kind, :currency, :amount, :at, :expires)
                        returning *""")
                .param("account", account)
                .param("kind", kind.name())
                .param("currency", currency)
                .param("amount", amount)
                .param("at", Timestamp.from(at))
                .param("expires", expiresOn)
                .query(LedgerStore::grant)
                .single();
    }

    Todo<String> withoutAllowance() {
        return Todo.accounts("""
                select id as account from account a
                 where free_credit > 0
                   and not exists (select from credit_grant g where g.account = a.id and g.kind = 'FREE')""");
    }

    int grantAllowances(Instant at) {
        return jdbc.sql("select grant_allowances(null, :at)")
                .param("at", Timestamp.from(at))
                .query(Integer.class)
                .single();
    }

    /** The gate grants by the same function, for one account at its first call. */
    int grantAllowances(List<String> accounts, Instant at) {
        return jdbc.sql("select grant_allowances(:accounts, :at)")
                .param("accounts", accounts.toArray(String[]::new))
                .param("at", Timestamp.from(at))
                .query(Integer.class)
                .single();
    }

    /** @param happened when it came about; in books that are closed meanwhile it stands as of the first day that is open */
    void insert(Collection<Posting> postings, Instant happened) {
        if (postings.isEmpty()) return;
        jdbc.sql("""
                        insert into posting (at, account, kind, debit, credit, amount, currency, period, used_in, grant_id,
                                             invoice, reference)
                        select greatest(:at, ((closed_through() + 1)::timestamp at time zone 'UTC')), p.*
                          from unnest(:account::text[], :kind::text[], :debit::text[], :credit::text[], :amount::numeric[],
                                      :currency::text[], :period::date[], :used_in::date[], :grant::bigint[],
                                      :invoice::bigint[], :reference::text[]) p""")
                .param("at", Timestamp.from(happened))
                .param("account", Column.of(postings, Posting::account))
                .param("kind", Column.of(postings, Posting::kind))
                .param("debit", Column.of(postings, posting -> posting.debit().name()))
                .param("credit", Column.of(postings, posting -> posting.credit().name()))
                .param("amount", Column.of(postings, Posting::amount))
                .param("currency", Column.of(postings, Posting::currency))
                .param("period", Column.of(postings, Posting::period))
                .param("used_in", Column.of(postings, Posting::usedIn))
                .param("grant", Column.of(postings, Posting::grant))
                .param("invoice", Column.of(postings, Posting::invoice))
                .param("reference", Column.of(postings, Posting::reference))
                .update();
    }

    Map<String, List<CreditGrant>> lockUsable(Collection<String> accounts) {
        return jdbc
                .sql(GRANTS + " where account = any(:accounts) and used < amount order by id for update")
                .param("accounts", accounts.toArray(String[]::new))
                .query(LedgerStore::grant)
                .list()
                .stream()
                .collect(groupingBy(CreditGrant::account));
    }

    List<CreditGrant> grants(String account) {
        return jdbc.sql(GRANTS + " where account = :account order by id")
                .param("account", account)
                .query(LedgerStore::grant)
                .list();
    }

    Map<String, List<CreditGrant>> grants(Collection<String> accounts) {
        return jdbc
                .sql(GRANTS + " where account = any(:accounts) order by id")
                .param("accounts", accounts.toArray(String[]::new))
                .query(LedgerStore::grant)
                .list()
                .stream()
                .collect(groupingBy(CreditGrant::account));
    }

    long firstOf(LocalDate period) {
        // Not the plain column: the least of that would be looked for from the first posting on.
        return jdbc.sql("select coalesce(min(id + 0), 0) from posting where period >= :period and kind = 'usage'")
                .param("period", period)
                .query(Long.class)
                .single();
    }

    Map<String, List<Posting>> since(Collection<String> accounts, long id) {
        return jdbc
                .sql("""
                        select account, kind, debit, credit, amount, currency, period, used_in, grant_id, invoice, reference
                          from posting
                         where account = any(:accounts) and id >= :id and (kind = 'usage' or grant_id is not null)
                         order by account, id""")
                .param("accounts", accounts.toArray(String[]::new))
                .param("id", id)
                .query(LedgerStore::posting)
                .list()
                .stream()
                .collect(groupingBy(Posting::account));
    }

    private static Posting posting(ResultSet row, int i) throws SQLException {
        return new Posting(
                row.getString("account"),
                row.getString("kind"),
                LedgerAccount.valueOf(row.getString("debit")),
                LedgerAccount.valueOf(row.getString("credit")),
                row.getBigDecimal("amount"),
                row.getString("currency"),
                row.getObject("period", LocalDate.class),
                row.getObject("used_in", LocalDate.class),
                row.getObject("grant_id", Long.class),
                row.getObject("invoice", Long.class),
                row.getString("reference"));
    }

    BurnDown.Before before(String account, LocalDate month) {
        var covered = new HashMap<Long, BigDecimal>();
        jdbc.sql("""
                        select coalesce(grant_id, 0) as source,
                               sum(case when credit = 'REVENUE' then amount else -amount end) as amount
                          from posting
                         where account = :account and kind = 'usage' and coalesce(used_in, period) = :month
                         group by grant_id""").param("account", account).param("month", month).query(row -> {
            covered.put(row.getLong("source"), row.getBigDecimal("amount"));
        });
        var accrued = covered.remove(ACCRUED);
        return new BurnDown.Before(accrued == null ? BigDecimal.ZERO : accrued, covered);
    }

    MonthlyCost month(String account, BillingPeriod period) {
        return jdbc.sql("select cost, credits, accrued from monthly_cost where account = :account and period = :period")
                .param("account", account)
                .param("period", period.firstDay())
                .query((row, i) -> new MonthlyCost(
                        period, row.getBigDecimal("cost"), row.getBigDecimal("credits"), row.getBigDecimal("accrued")))
                .optional()
                .orElse(new MonthlyCost(period, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO));
    }

    Todo<String> withExpired(LocalDate date) {
        return Todo.accounts("select distinct account from credit_grant where expires_on <= :date and used < amount")
                .with("date", date);
    }

    int expire(List<String> accounts, LocalDate date, Instant at) {
        return jdbc.sql("""
                        with expiring as (
                            select id, account, currency, amount - used as remaining
                              from credit_grant
                             where expires_on <= :date and used < amount
                               and account = any(:accounts)
                               and not credit_awaited(account, expires_on)
                             order by id
                               for update)
                        insert into posting (at, account, kind, debit, credit, amount, currency, grant_id)
                        select :at, account, 'expired', 'GRANT', 'BREAKAGE', remaining, currency, id
                          from expiring""")
                .param("accounts", accounts.toArray(String[]::new))
                .param("date", date)
                .param("at", Timestamp.from(at))
                .update();
    }

    private static CreditGrant grant(ResultSet row, int i) throws SQLException {
        return new CreditGrant(
                row.getLong("id"),
                row.getString("account"),
                GrantKind.valueOf(row.getString("kind")),
                row.getString("currency"),
                row.getBigDecimal("amount"),
                row.getBigDecimal("used"),
                row.getTimestamp("granted_at").toInstant(),
                row.getObject("expires_on", LocalDate.class));
    }
}
