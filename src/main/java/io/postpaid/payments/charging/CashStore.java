package io.postpaid.payments.charging;

import io.postpaid.platform.batch.Todo;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Money beside settlements: surplus, payments of accounts, and the account balance. */
@Component
public class CashStore {
    private final JdbcClient jdbc;

    CashStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What an account has, and what it owes beside its invoices. */
    public record Balance(BigDecimal amount, BigDecimal owed) {
        static final Balance NOTHING = new Balance(BigDecimal.ZERO, BigDecimal.ZERO);
    }

    public boolean booked(String kind, String reference) {
        return jdbc.sql("""
                select exists (select from settlement where kind = :kind and reference = :reference)
                    or exists (select from surplus where kind = :kind and reference = :reference)""")
                .param("kind", kind)
                .param("reference", reference)
                .query(Boolean.class)
                .single();
    }

    public void insertSurplus(String kind, String reference, long invoice, BigDecimal amount, Instant at) {
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

    public void insertAccountPayment(String reference, String account, String currency, BigDecimal amount, Instant at) {
        jdbc.sql("""
                insert into account_payment (reference, account, currency, amount, at)
                values (:reference, :account, :currency, :amount, :at)""")
                .param("reference", reference)
                .param("account", account)
                .param("currency", currency)
                .param("amount", amount)
                .param("at", Timestamp.from(at))
                .update();
    }

    /** What was recorded under a reference for an account: whose it is, and how much. */
    public Optional<Map.Entry<String, BigDecimal>> accountPayment(String reference) {
        return jdbc.sql("select account, amount from account_payment where reference = :reference")
                .param("reference", reference)
                .query((row, i) -> Map.entry(row.getString("account"), row.getBigDecimal("amount")))
                .optional();
    }

    public void insertAccountReturn(
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

    /** What was sent back under a reference: to whom, and how much. */
    public Optional<Map.Entry<String, BigDecimal>> accountReturn(String reference) {
        return jdbc.sql("select account, amount from account_return where reference = :reference")
                .param("reference", reference)
                .query((row, i) -> Map.entry(row.getString("account"), row.getBigDecimal("amount")))
                .optional();
    }

    /** What an account has and owes; it stays so until the transaction ends. */
    public Balance lockBalance(String account, String currency) {
        return jdbc.sql("""
                select amount, owed from account_balance where account = :account and currency = :currency for update""")
                .param("account", account)
                .param("currency", currency)
                .query((row, i) -> new Balance(row.getBigDecimal("amount"), row.getBigDecimal("owed")))
                .optional()
                .orElse(Balance.NOTHING);
    }

    public Balance balance(String account, String currency) {
        return jdbc.sql("select amount, owed from account_balance where account = :account and currency = :currency")
                .param("account", account)
                .param("currency", currency)
                .query((row, i) -> new Balance(row.getBigDecimal("amount"), row.getBigDecimal("owed")))
                .optional()
                .orElse(Balance.NOTHING);
    }

    /** The oldest first. */
    public List<Long> openInvoices(String account, String currency) {
        return jdbc.sql("""
                select id from invoice
                 where account = :account and currency = :currency and status = 'OPEN'
                 order by id""")
                .param("account", account)
                .param("currency", currency)
                .query(Long.class)
                .list();
    }

    /** Accounts that have both money and an open invoice, in their order, from behind one of them. */
    public Todo<String> withBalanceAndOpenInvoice() {
        return Todo.accounts("""
                select distinct b.account
                  from account_balance b
                 where b.amount > 0
                   and exists (select from invoice i
                                where i.account = b.account and i.currency = b.currency and i.status = 'OPEN')""");
    }

    public boolean underReview(long invoice) {
        return jdbc.sql("select under_review(:invoice)")
                .param("invoice", invoice)
                .query(Boolean.class)
                .single();
    }
}
