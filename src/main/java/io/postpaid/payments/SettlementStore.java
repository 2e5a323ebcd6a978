package io.postpaid.payments;

import io.postpaid.payments.Refund.RefundStatus;
import io.postpaid.platform.batch.Todo;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Surplus money, refunds, disputes and payouts. */
@Component
class SettlementStore {
    private static final String REFUND = """
            select id, invoice, top_up, amount, taken, lost, reason, status, stripe_id, message, claimed_at
              from refund
            """;

    private final JdbcClient jdbc;

    SettlementStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Money that came in or went out for an invoice or a top-up; {@code posted} is what the ledger says of it. */
    record Booked(String kind, String reference, String what, String currency, BigDecimal amount, BigDecimal posted) {}

    /** What is known of a dispute. */
    record DisputeRow(String id, BigDecimal amount, BigDecimal taken, BigDecimal owed, String status) {}

    /** What an account has, and what it owes beside its invoices. */
    record Balance(BigDecimal amount, BigDecimal owed) {
        static final Balance NOTHING = new Balance(BigDecimal.ZERO, BigDecimal.ZERO);
    }

    List<Transfers.Entry> entries(@Nullable String number, int limit) {
        return jdbc.sql("""
                select at, number, account, kind, currency, amount, reference, balance
                  from report_settlement
                 where cast(:number as text) is null or number = :number
                 order by at desc, number desc, kind, reference, balance
                 limit :limit""")
                .param("number", number)
                .param("limit", limit)
                .query((row, i) -> new Transfers.Entry(
                        row.getTimestamp("at").toInstant(),
                        row.getString("number"),
                        row.getString("account"),
                        row.getString("kind"),
                        row.getString("currency"),
                        row.getBigDecimal("amount"),
                        row.getString("reference"),
                        row.getBoolean("balance")))
                .list();
    }

    private static final int BOOKED_PAGE = 10_000;

    private static final String BOOKED = """
            select *
              from (select kind, reference, what, currency, amount, posted, at
                      from report_cash
                     union all
                    select 'CARD', intent, 'top-up ' || reference || ' of ' || account, currency, amount,
                           coalesce(posted, 0), resolved_at
                      from report_top_up
                     where status = 'SUCCEEDED') booked
            """;

    Optional<Booked> booked(String kind, String reference, String currency) {
        return jdbc.sql(BOOKED + "where kind = :kind and reference = :reference and currency = :currency")
                .param("kind", kind)
                .param("reference", reference)
                .param("currency", currency)
                .query((row, i) -> booked(row))
                .optional();
    }

    /** Page by page, so that no cursor is open while Stripe is asked about one. */
    void bookedBetween(Instant from, Instant to, Consumer<Booked> reader) {
        var page = bookedBetween(from, to, "", "");
        while (!page.isEmpty()) {
            page.forEach(reader);
            page = bookedBetween(from, to, page.getLast().kind(), page.getLast().reference());
        }
    }

    private List<Booked> bookedBetween(Instant from, Instant to, String kind, String behind) {
        return jdbc.sql(BOOKED + """
                        where at >= :from and at < :to and (kind, reference) > (:kind, :behind)
                        order by kind, reference
                        fetch first (:page) rows with ties""")
                .param("from", Timestamp.from(from))
                .param("to", Timestamp.from(to))
                .param("kind", kind)
                .param("behind", behind)
                .param("page", BOOKED_PAGE)
                .query((row, i) -> booked(row))
                .list();
    }

    private static Booked booked(ResultSet row) throws SQLException {
        return new Booked(
                row.getString("kind"),
                row.getString("reference"),
                row.getString("what"),
                row.getString("currency"),
                row.getBigDecimal("amount"),
                row.getBigDecimal("posted"));
    }

    boolean booked(String kind, String reference) {
        return jdbc.sql("""
                select exists (select from settlement where kind = :kind and reference = :reference)
                    or exists (select from surplus where kind = :kind and reference = :reference)""")
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

    void insertAccountPayment(String reference, String account, String currency, BigDecimal amount, Instant at) {
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
    Optional<Map.Entry<String, BigDecimal>> accountPayment(String reference) {
        return jdbc.sql("select account, amount from account_payment where reference = :reference")
                .param("reference", reference)
                .query((row, i) -> Map.entry(row.getString("account"), row.getBigDecimal("amount")))
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

    /** What was sent back under a reference: to whom, and how much. */
    Optional<Map.Entry<String, BigDecimal>> accountReturn(String reference) {
        return jdbc.sql("select account, amount from account_return where reference = :reference")
                .param("reference", reference)
                .query((row, i) -> Map.entry(row.getString("account"), row.getBigDecimal("amount")))
                .optional();
    }

    /** What an account has and owes; it stays so until the transaction ends. */
    Balance lockBalance(String account, String currency) {
        return jdbc.sql("""
                select amount, owed from account_balance where account = :account and currency = :currency for update""")
                .param("account", account)
                .param("currency", currency)
                .query((row, i) -> new Balance(row.getBigDecimal("amount"), row.getBigDecimal("owed")))
                .optional()
                .orElse(Balance.NOTHING);
    }

    Balance balance(String account, String currency) {
        return jdbc.sql("select amount, owed from account_balance where account = :account and currency = :currency")
                .param("account", account)
                .param("currency", currency)
                .query((row, i) -> new Balance(row.getBigDecimal("amount"), row.getBigDecimal("owed")))
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

    /** Accounts that have both money and an open invoice, in their order, from behind one of them. */
    Todo<String> withBalanceAndOpenInvoice() {
        return Todo.accounts("""
                select distinct b.account
                  from account_balance b
                 where b.amount > 0
                   and exists (select from invoice i
                                where i.account = b.account and i.currency = b.currency and i.status = 'OPEN')""");
    }

    /** The invoice that an intent was made for. */
    Optional<Long> invoiceOf(String intent) {
        return jdbc.sql("select invoice from payment_intent where stripe_id = :intent")
                .param("intent", intent)
                .query(Long.class)
                .optional();
    }

    /** The invoice that was paid by an intent. */
    Optional<Long> invoicePaidBy(String intent) {
        return jdbc.sql("""
                select invoice from settlement where kind = 'CARD' and reference = :intent
                 union
                select invoice from surplus where kind = 'CARD' and reference = :intent""").param("intent", intent).query(Long.class).optional();
    }

    /** The intent that an invoice was paid by. */
    Optional<String> intentPaying(long invoice) {
        return jdbc.sql("""
                select reference from settlement where kind = 'CARD' and invoice = :invoice
                 union
                select reference from surplus where kind = 'CARD' and invoice = :invoice
                 limit 1""").param("invoice", invoice).query(String.class).optional();
    }

    /** @return the same id, if the invoice is issued and belongs to the account */
    Optional<Long> issued(long invoice, String account) {
        return jdbc.sql("select id from invoice where id = :invoice and account = :account and status <> 'DRAFT'")
                .param("invoice", invoice)
                .param("account", account)
                .query(Long.class)
                .optional();
    }

    Optional<String> accountOfCustomer(String customer) {
        return jdbc.sql("select id from account where stripe_customer = :customer")
                .param("customer", customer)
                .query(String.class)
                .optional();
    }

    Optional<String> accountWithCard(String paymentMethod) {
        return jdbc.sql("select id from account where payment_method = :method")
                .param("method", paymentMethod)
                .query(String.class)
                .optional();
    }

    /** Claims a refund, before Stripe is asked. */
    Refund claim(Paid of, BigDecimal amount, BigDecimal taken, String reason, Instant at) {
        return insert(of, amount, taken, BigDecimal.ZERO, reason, null, at);
    }

    /** Writes down a refund that was made at Stripe; what became of it follows. */
    Refund insert(
            Paid of,
            BigDecimal amount,
            BigDecimal taken,
            BigDecimal lost,
            String reason,
            @Nullable String stripeId,
            Instant at) {
        return jdbc.sql("""
                insert into refund (invoice, top_up, amount, taken, lost, reason, status, stripe_id, claimed_at)
                values (:invoice, :top_up, :amount, :taken, :lost, :reason,
                        case when cast(:stripe as text) is null then 'CLAIMED' else 'PENDING' end, :stripe, :at)
                returning id, invoice, top_up, amount, taken, lost, reason, status, stripe_id, message, claimed_at""")
                .param("invoice", of.invoice() == null ? null : of.invoice().id())
                .param("top_up", of.topUp() == null ? null : of.topUp().id())
                .param("amount", amount)
                .param("taken", taken)
                .param("lost", lost)
                .param("reason", reason)
                .param("stripe", stripeId)
                .param("at", Timestamp.from(at))
                .query((row, i) -> refund(row))
                .single();
    }

    /** @return false if it was resolved before */
    boolean resolve(long refund, RefundStatus status, @Nullable String stripeId, @Nullable String message, Instant at) {
        return jdbc.sql("""
                update refund set status = :status, stripe_id = :stripe, message = :message, resolved_at = :at
                 where id = :id and status in ('CLAIMED', 'UNKNOWN')""")
                        .param("id", refund)
                        .param("status", status.name())
                        .param("stripe", stripeId)
                        .param("message", message)
                        .param("at", Timestamp.from(at))
                        .update()
                == 1;
    }

    void unknown(long refund, String why) {
        jdbc.sql(
                        "update refund set status = 'UNKNOWN', message = :why where id = :id and status in ('CLAIMED', 'UNKNOWN')")
                .param("id", refund)
                .param("why", why)
                .update();
    }

    /** @return false if that was known */
    boolean pending(long refund, String stripeId, String message) {
        return jdbc.sql("""
                update refund set status = 'PENDING', stripe_id = :stripe, message = :message
                 where id = :id and (status in ('CLAIMED', 'UNKNOWN')
                                     or status = 'PENDING' and message is distinct from :message)""")
                        .param("id", refund)
                        .param("stripe", stripeId)
                        .param("message", message)
                        .update()
                == 1;
    }

    /** Keeps why a pending refund could not be looked at. */
    void waits(long refund, String why) {
        jdbc.sql("update refund set message = :why where id = :id and status = 'PENDING'")
                .param("id", refund)
                .param("why", why)
                .update();
    }

    void succeeded(long refund, String stripeId, Instant at) {
        jdbc.sql("""
                update refund set status = 'SUCCEEDED', stripe_id = :stripe, message = null, resolved_at = :at
                 where id = :id""")
                .param("id", refund)
                .param("stripe", stripeId)
                .param("at", Timestamp.from(at))
                .update();
    }

    /**
     * @param returned when money that had left came back; null where it never left
     * @return false if it had failed before
     */
    boolean failed(long refund, String stripeId, String why, @Nullable Instant returned, Instant at) {
        return jdbc.sql("""
                update refund
                   set status = 'FAILED', stripe_id = :stripe, message = :why, returned_at = :returned,
                       resolved_at = coalesce(resolved_at, :at)
                 where id = :id and status in ('CLAIMED', 'UNKNOWN', 'PENDING', 'SUCCEEDED')""")
                        .param("id", refund)
                        .param("stripe", stripeId)
                        .param("why", why)
                        .param("returned", returned == null ? null : Timestamp.from(returned), Types.TIMESTAMP)
                        .param("at", Timestamp.from(at))
                        .update()
                == 1;
    }

    Optional<Refund> refund(long id) {
        return jdbc.sql(REFUND + "where id = :id")
                .param("id", id)
                .query((row, i) -> refund(row))
                .optional();
    }

    Optional<Refund> refund(String stripeId) {
        return jdbc.sql(REFUND + "where stripe_id = :stripe")
                .param("stripe", stripeId)
                .query((row, i) -> refund(row))
                .optional();
    }

    /** Those whose end is not known, and those that Stripe has not made yet. */
    Todo<Refund> unresolvedRefunds() {
        return Todo.of((row, i) -> refund(row), REFUND + "where status in ('CLAIMED', 'UNKNOWN', 'PENDING')")
                .inOrder();
    }

    Optional<Refund> unresolvedRefund(Paid of) {
        return unresolvedRefund(
                of.invoice() == null ? null : of.invoice().id(),
                of.topUp() == null ? null : of.topUp().id());
    }

    /** The one of an invoice or a top-up of which it is not known whether it reached Stripe. */
    Optional<Refund> unresolvedRefund(@Nullable Long invoice, @Nullable Long topUp) {
        return jdbc.sql(REFUND + """
                where status in ('CLAIMED', 'UNKNOWN')
                  and (invoice = cast(:invoice as bigint) or top_up = cast(:top_up as bigint))""")
                .param("invoice", invoice)
                .param("top_up", topUp)
                .query((row, i) -> refund(row))
                .optional();
    }

    private static Refund refund(ResultSet row) throws SQLException {
        return new Refund(
                row.getLong("id"),
                row.getObject("invoice", Long.class),
                row.getObject("top_up", Long.class),
                row.getBigDecimal("amount"),
                row.getBigDecimal("taken"),
                row.getBigDecimal("lost"),
                row.getString("reason"),
                RefundStatus.valueOf(row.getString("status")),
                row.getString("stripe_id"),
                row.getString("message"),
                row.getTimestamp("claimed_at").toInstant());
    }

    Optional<DisputeRow> dispute(String id) {
        return jdbc.sql("select id, amount, taken, owed, status from dispute where id = :id")
                .param("id", id)
                .query((row, i) -> new DisputeRow(
                        row.getString("id"),
                        row.getBigDecimal("amount"),
                        row.getBigDecimal("taken"),
                        row.getBigDecimal("owed"),
                        row.getString("status")))
                .optional();
    }

    boolean underReview(long invoice) {
        return jdbc.sql("select under_review(:invoice)")
                .param("invoice", invoice)
                .query(Boolean.class)
                .single();
    }

    void openDispute(
            String id, Paid of, BigDecimal amount, BigDecimal taken, BigDecimal owed, String reason, Instant at) {
        jdbc.sql("""
                insert into dispute (id, invoice, top_up, amount, taken, owed, reason, status, opened_at)
                values (:id, :invoice, :top_up, :amount, :taken, :owed, :reason, 'UNDER_REVIEW', :at)""")
                .param("id", id)
                .param("invoice", of.invoice() == null ? null : of.invoice().id())
                .param("top_up", of.topUp() == null ? null : of.topUp().id())
                .param("amount", amount)
                .param("taken", taken)
                .param("owed", owed)
                .param("reason", reason)
                .param("at", Timestamp.from(at))
                .update();
    }

    void forgetDunning(long invoice) {
        jdbc.sql("delete from dunning_step where invoice = :invoice and step in ('REMINDER', 'SUSPENSION')")
                .param("invoice", invoice)
                .update();
    }

    void closeDispute(String id, String status, BigDecimal owed, Instant at) {
        jdbc.sql("update dispute set status = :status, owed = :owed, closed_at = :at where id = :id")
                .param("id", id)
                .param("status", status)
                .param("owed", owed)
                .param("at", Timestamp.from(at))
                .update();
    }

    void payout(String id, BigDecimal amount, String currency, LocalDate arrivesOn) {
        jdbc.sql("""
                insert into stripe_payout (id, amount, currency, arrives_on) values (:id, :amount, :currency, :arrives)
                    on conflict do nothing""")
                .param("id", id)
                .param("amount", amount)
                .param("currency", currency)
                .param("arrives", arrivesOn)
                .update();
    }
}
