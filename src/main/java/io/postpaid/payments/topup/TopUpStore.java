package io.postpaid.payments.topup;

import io.postpaid.payments.stripe.Decline;
import io.postpaid.platform.batch.Todo;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Top-ups, from the claim to their end. */
@Component
public class TopUpStore {
    private final JdbcClient jdbc;

    TopUpStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return empty if the account has one of this reference */
    public Optional<TopUp> claim(
            String account, String reference, BigDecimal amount, String currency, String paymentMethod, Instant at) {
        return jdbc.sql("""
                insert into top_up (account, reference, amount, currency, payment_method, status, claimed_at)
                values (:account, :reference, :amount, :currency, :method, 'CLAIMED', :at)
                    on conflict (account, reference) do nothing
                returning *""")
                .param("account", account)
                .param("reference", reference)
                .param("amount", amount)
                .param("currency", currency)
                .param("method", paymentMethod)
                .param("at", Timestamp.from(at))
                .query((row, i) -> topUp(row))
                .optional();
    }

    public TopUp get(long id) {
        return jdbc.sql("select * from top_up where id = :id")
                .param("id", id)
                .query((row, i) -> topUp(row))
                .single();
    }

    public Optional<TopUp> find(String account, String reference) {
        return jdbc.sql("select * from top_up where account = :account and reference = :reference")
                .param("account", account)
                .param("reference", reference)
                .query((row, i) -> topUp(row))
                .optional();
    }

    public Optional<TopUp> ofIntent(String intent) {
        return jdbc.sql("select * from top_up where intent = :intent")
                .param("intent", intent)
                .query((row, i) -> topUp(row))
                .optional();
    }

    public Todo<TopUp> unresolved() {
        return Todo.of((row, i) -> topUp(row), "select * from top_up where status in ('CLAIMED', 'UNKNOWN')");
    }

    public void created(long id, String intent) {
        int rows = jdbc.sql("""
                update top_up set intent = :intent
                 where id = :id and resolved_at is null and (intent is null or intent = :intent)""").param("intent", intent).param("id", id).update();
        // Who has resolved it meanwhile knew the intent.
        if (rows != 1 && !intent.equals(get(id).intent())) {
            throw new IllegalStateException("top-up " + id + " has another intent than " + intent);
        }
    }

    /** Keeps why the card was declined; the end is written when the intent is cancelled. */
    public void declined(long id, Decline decline) {
        jdbc.sql("""
                update top_up set decline_code = :code, advice_code = :advice, message = :message
                 where id = :id and resolved_at is null""")
                .param("code", decline.code())
                .param("advice", decline.advice())
                .param("message", decline.message())
                .param("id", id)
                .update();
    }

    public void unknown(long id, String why) {
        jdbc.sql("""
                update top_up set status = 'UNKNOWN', message = case when decline_code is null then :why else message end
                 where id = :id and resolved_at is null""").param("why", why).param("id", id).update();
    }

    public void succeeded(long id, String charge, long grant, Instant at) {
        jdbc.sql("""
                update top_up
                   set status = 'SUCCEEDED', charge = :charge, grant_id = :grant, decline_code = null, advice_code = null,
                       message = null, resolved_at = :at
                 where id = :id""")
                .param("charge", charge)
                .param("grant", grant)
                .param("at", Timestamp.from(at))
                .param("id", id)
                .update();
    }

    /** Ends one without a charge. */
    void ended(long id, TopUp.Status status, @Nullable Decline decline, Instant at) {
        jdbc.sql("""
                update top_up
                   set status = :status, decline_code = :code, advice_code = :advice, message = :message, resolved_at = :at
                 where id = :id""")
                .param("status", status.name())
                .param("code", decline == null ? null : decline.code())
                .param("advice", decline == null ? null : decline.advice())
                .param("message", decline == null ? null : decline.message())
                .param("at", Timestamp.from(at))
                .param("id", id)
                .update();
    }

    private static TopUp topUp(ResultSet row) throws SQLException {
        var resolved = row.getTimestamp("resolved_at");
        return new TopUp(
                row.getLong("id"),
                row.getString("account"),
                row.getString("reference"),
                row.getBigDecimal("amount"),
                row.getString("currency"),
                row.getString("payment_method"),
                TopUp.Status.valueOf(row.getString("status")),
                row.getString("intent"),
                row.getString("decline_code"),
                row.getString("advice_code"),
                row.getString("message"),
                row.getObject("grant_id", Long.class),
                row.getTimestamp("claimed_at").toInstant(),
                resolved == null ? null : resolved.toInstant());
    }
}
