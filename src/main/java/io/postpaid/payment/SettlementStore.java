package io.postpaid.payment;

import io.postpaid.payment.Refund.RefundStatus;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Surplus money, refunds, disputes and payouts. */
@Component
class SettlementStore {
    private static final String REFUND = """
            select id, invoice, amount, reason, status, stripe_id, message, claimed_at
              from refund
            """;

    private final JdbcClient jdbc;

    SettlementStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Money that came in or went out for an invoice or a top-up; {@code posted} is what the ledger says of it. */
    record Booked(String kind, String reference, String what, String currency, BigDecimal amount, BigDecimal posted) {}

    /** What is known of a dispute. */
    record DisputeRow(String id, long invoice, BigDecimal amount, String status) {}

    List<Settlements.Entry> entries(@Nullable String number, int limit) {
        return jdbc.sql("""
                select at, number, account, kind, currency, amount, reference, credit
                  from report_settlement
                 where cast(:number as text) is null or number = :number
                 order by at desc, number desc, kind, reference, credit
                 limit :limit""")
                .param("number", number)
                .param("limit", limit)
                .query((row, i) -> new Settlements.Entry(
                        row.getTimestamp("at").toInstant(),
                        row.getString("number"),
                        row.getString("account"),
                        row.getString("kind"),
                        row.getString("currency"),
                        row.getBigDecimal("amount"),
                        row.getString("reference"),
                        row.getBoolean("credit")))
                .list();
    }

    private static final String BOOKED = """
            select *
              from (select kind, reference, 'invoice ' || number as what, currency, amount, posted, at
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

    List<Booked> bookedBetween(Instant from, Instant to) {
        return jdbc.sql(BOOKED + "where at >= :from and at < :to order by kind, reference")
                .param("from", Timestamp.from(from))
                .param("to", Timestamp.from(to))
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

    void insertSurplus(String kind, String reference, long invoice, long grant, BigDecimal amount, Instant at) {
        jdbc.sql("""
                insert into surplus (kind, reference, invoice, grant_id, amount, at)
                values (:kind, :reference, :invoice, :grant, :amount, :at)""")
                .param("kind", kind)
                .param("reference", reference)
                .param("invoice", invoice)
                .param("grant", grant)
                .param("amount", amount)
                .param("at", Timestamp.from(at))
                .update();
    }

    /** The grant that a payment by card made beyond what was open. */
    Optional<Long> surplusByCard(long invoice) {
        return jdbc.sql("select grant_id from surplus where invoice = :invoice and kind = 'CARD'")
                .param("invoice", invoice)
                .query(Long.class)
                .optional();
    }

    /** What came in by card for an invoice and did not go back. */
    BigDecimal paidByCard(long invoice) {
        return jdbc.sql("""
                select coalesce(sum(amount), 0)
                  from (select amount from settlement
                         where invoice = :invoice and kind in ('CARD', 'REFUND', 'DISPUTE', 'DISPUTE_WON')
                         union all
                        select amount from surplus
                         where invoice = :invoice and kind in ('CARD', 'REFUND', 'DISPUTE', 'DISPUTE_WON')) part""").param("invoice", invoice).query(BigDecimal.class).single();
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
    String intentPaying(long invoice) {
        return jdbc.sql("""
                select reference from settlement where kind = 'CARD' and invoice = :invoice
                 union
                select reference from surplus where kind = 'CARD' and invoice = :invoice
                 limit 1""").param("invoice", invoice).query(String.class).single();
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
    Refund claim(long invoice, BigDecimal amount, String reason, Instant at) {
        return jdbc.sql("""
                insert into refund (invoice, amount, reason, status, claimed_at)
                values (:invoice, :amount, :reason, 'CLAIMED', :at)
                returning id, invoice, amount, reason, status, stripe_id, message, claimed_at""")
                .param("invoice", invoice)
                .param("amount", amount)
                .param("reason", reason)
                .param("at", Timestamp.from(at))
                .query((row, i) -> refund(row))
                .single();
    }

    /** Writes down a refund that was made at Stripe. */
    Refund insert(long invoice, BigDecimal amount, String reason, String stripeId, Instant at) {
        return jdbc.sql("""
                insert into refund (invoice, amount, reason, status, stripe_id, claimed_at, resolved_at)
                values (:invoice, :amount, :reason, 'SUCCEEDED', :stripe, :at, :at)
                returning id, invoice, amount, reason, status, stripe_id, message, claimed_at""")
                .param("invoice", invoice)
                .param("amount", amount)
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

    /** @return false if it had failed before */
    boolean failed(long refund, String why) {
        return jdbc.sql("update refund set status = 'FAILED', message = :why where id = :id and status = 'SUCCEEDED'")
                        .param("id", refund)
                        .param("why", why)
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

    List<Refund> unresolvedRefunds() {
        return jdbc.sql(REFUND + "where status in ('CLAIMED', 'UNKNOWN') order by id")
                .query((row, i) -> refund(row))
                .list();
    }

    private static Refund refund(ResultSet row) throws SQLException {
        return new Refund(
                row.getLong("id"),
                row.getLong("invoice"),
                row.getBigDecimal("amount"),
                row.getString("reason"),
                RefundStatus.valueOf(row.getString("status")),
                row.getString("stripe_id"),
                row.getString("message"),
                row.getTimestamp("claimed_at").toInstant());
    }

    Optional<DisputeRow> dispute(String id) {
        return jdbc.sql("select id, invoice, amount, status from dispute where id = :id")
                .param("id", id)
                .query((row, i) -> new DisputeRow(
                        row.getString("id"),
                        row.getLong("invoice"),
                        row.getBigDecimal("amount"),
                        row.getString("status")))
                .optional();
    }

    boolean underReview(long invoice) {
        return jdbc.sql("select under_review(:invoice)")
                .param("invoice", invoice)
                .query(Boolean.class)
                .single();
    }

    /** Opens a dispute. Dunning begins anew if it is lost, so what it has done for the invoice is forgotten. */
    void openDispute(String id, long invoice, BigDecimal amount, String reason, Instant at) {
        jdbc.sql("""
                insert into dispute (id, invoice, amount, reason, status, opened_at)
                values (:id, :invoice, :amount, :reason, 'UNDER_REVIEW', :at)""")
                .param("id", id)
                .param("invoice", invoice)
                .param("amount", amount)
                .param("reason", reason)
                .param("at", Timestamp.from(at))
                .update();
        jdbc.sql("delete from dunning_step where invoice = :invoice and step in ('REMINDER', 'SUSPENSION')")
                .param("invoice", invoice)
                .update();
    }

    void closeDispute(String id, String status, Instant at) {
        jdbc.sql("update dispute set status = :status, closed_at = :at where id = :id")
                .param("id", id)
                .param("status", status)
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
