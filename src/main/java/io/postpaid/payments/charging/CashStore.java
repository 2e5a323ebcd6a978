package io.postpaid.payments.charging;

import io.postpaid.platform.batch.Todo;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What accounts have and owe: their balance and what came in and went out beside settlements, and what is open. */
@Component
public class CashStore {
    private static final String BALANCE =
            "select amount, owed from account_balance where account = :account and currency = :currency";

    private final JdbcClient jdbc;

    CashStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What an account has, and what it owes beside its invoices. */
    public record Balance(BigDecimal amount, BigDecimal owed) {
        static final Balance NOTHING = new Balance(BigDecimal.ZERO, BigDecimal.ZERO);
    }

    /** What was recorded under a reference: for whom, and how much. */
    public record Moved(String account, BigDecimal amount) {}

    public boolean booked(String kind, String reference) {
        return jdbc.sql("""
                select exists (select from settlement where kind = :kind and reference = :reference)
                    or exists (select from surplus where kind = :kind and reference = :reference)
                    or exists (select from account_payment where kind = :kind and reference = :reference)""")
                .param("kind", kind)
                .param("reference", reference)
                .query(Boolean.class)
                .single();
    }

    void insertSurplus(String kind, String reference, long invoice, BigDecimal amount, Instant at) {
        jdbc.sql("""
                insert into surplus (kind, reference, invoice, amount, at)
                values (:kind, :reference, :invoice, :amount, :at)""")
                .param("kind", kind)
                .param("reference", reference)
                .param("invoice", invoice)
                .param("amount", amount)
                .param("at", Timestamp.from(at))
                .update();
    }

    /** @param kind ACCOUNT for a transfer, CARD for an intent */
    void insertAccountPayment(
            String kind, String reference, String account, String currency, BigDecimal amount, Instant at) {
        jdbc.sql("""
                insert into account_payment (kind, reference, account, currency, amount, at)
                values (:kind, :reference, :account, :currency, :amount, :at)""")
                .param("kind", kind)
                .param("reference", reference)
                .param("account", account)
                .param("currency", currency)
                .param("amount", amount)
                .param("at", Timestamp.from(at))
                .update();
    }

    public Optional<Moved> accountPayment(String reference) {
        return jdbc.sql("select account, amount from account_payment where reference = :reference")
                .param("reference", reference)
                .query(Moved.class)
                .optional();
    }

    void insertAccountReturn(
            String reference, String account, String currency, BigDecimal amount, String reason, Instant at) {
        jdbc.sql("""
                insert into account_return (reference, account, currency, amount, reason, at)
                values (:reference, :account, :currency, :amount, :reason, :at)""")
                .param("reference", reference)
                .param("account", account)
                .param("currency", currency)
                .param("amount", amount)
                .param("reason", reason)
                .param("at", Timestamp.from(at))
                .update();
    }

    public Optional<Moved> accountReturn(String reference) {
        return jdbc.sql("select account, amount from account_return where reference = :reference")
                .param("reference", reference)
                .query(Moved.class)
                .optional();
    }

    /** What an account has and owes; it stays so until the transaction ends. */
    public Balance lockBalance(String account, String currency) {
        return balance(BALANCE + " for update", account, currency);
    }

    public Balance balance(String account, String currency) {
        return balance(BALANCE, account, currency);
    }

    private Balance balance(String sql, String account, String currency) {
        return jdbc.sql(sql)
                .param("account", account)
                .param("currency", currency)
                .query(Balance.class)
                .optional()
                .orElse(Balance.NOTHING);
    }

    /** The oldest first. */
    List<Long> openInvoices(String account, String currency) {
        return jdbc.sql("""
                select id from invoice
                 where account = :account and currency = :currency and status = 'OPEN'
                 order by id""")
                .param("account", account)
                .param("currency", currency)
                .query(Long.class)
                .list();
    }

    /** The disputed top-ups of an account that owes something beside its invoices, by their grants. */
    Map<Long, Long> disputedTopUps(String account, String currency) {
        return jdbc
                .sql("""
                select distinct t.grant_id, t.id
                  from account_balance b
                  join top_up t on t.account = b.account and t.currency = b.currency
                  join dispute d on d.top_up = t.id and d.status <> 'WON'
                 where b.account = :account and b.currency = :currency and b.owed > 0""")
                .param("account", account)
                .param("currency", currency)
                .query((row, i) -> Map.entry(row.getLong("grant_id"), row.getLong("id")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Accounts that have money, or credit that came back, and owe something. */
    Todo<String> ableToPay() {
        return Todo.accounts("""
                select b.account
                  from account_balance b
                 where b.amount > 0
                   and (b.owed > 0
                        or exists (select from invoice i
                                    where i.account = b.account and i.currency = b.currency and i.status = 'OPEN'))
                 union
                select b.account
                  from account_balance b
                  join top_up t on t.account = b.account and t.currency = b.currency
                  join dispute d on d.top_up = t.id and d.status <> 'WON'
                  join credit_grant g on g.id = t.grant_id and g.used < g.amount
                 where b.owed > 0""");
    }

    /** Dunning begins anew for what the next invoice gives back, should it be owed again. */
    void forgetDunning(String account) {
        jdbc.sql("""
                delete from dunning_step s
                 using invoice i
                 where i.id = s.invoice and i.account = :account and i.status = 'OPEN'
                   and s.step in ('REMINDER', 'SUSPENSION') and taken_back(i, true) > 0""").param("account", account).update();
    }

    boolean overdue(String account, LocalDate today, int suspensionDay) {
        return jdbc.sql("""
                select exists (select from invoice
                                where account = :account and status = 'OPEN' and owed_since(invoice) + :days <= :today
                                  and is_owed(invoice))""")
                .param("account", account)
                .param("days", suspensionDay)
                .param("today", today)
                .query(Boolean.class)
                .single();
    }
}
