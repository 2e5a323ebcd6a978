package io.postpaid.gate;

import io.postpaid.platform.batch.Row;
import io.postpaid.platform.batch.Todo;
import io.postpaid.pricing.rating.PriceCeiling;
import io.postpaid.usage.record.UsageKey;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Calls the functions that decide, one statement each: see V013__gate.sql. */
@Component
class GateStore {
    private static final String SOURCE = "gate";
    private static final RowMapper<Authorization> CALL = Row.to(Authorization.class);

    private final JdbcClient jdbc;

    GateStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What a function answered: its word, and the call as it stands then. */
    record Outcome(
            String outcome,
            @Nullable BigDecimal remaining,
            @Nullable BigDecimal ownCap,
            @Nullable Authorization call) {
        Authorization held() {
            return Objects.requireNonNull(call);
        }
    }

    Outcome hold(
            String account,
            String key,
            String product,
            BigDecimal quantity,
            PriceCeiling price,
            boolean billable,
            long pricedWith,
            Instant now,
            Instant until) {
        return jdbc.sql("""
                        select h.outcome, h.remaining, h.own_cap, (h.this_call).*
                          from gate_hold(:account, :key, :product, :quantity, :price, :proportional, :billable, :pricedWith,
                                         :now, :until) h""")
                .param("account", account)
                .param("key", key)
                .param("product", product)
                .param("quantity", quantity)
                .param("price", price.amount())
                .param("proportional", price.proportional())
                .param("billable", billable)
                .param("pricedWith", pricedWith)
                .param("now", Timestamp.from(now))
                .param("until", Timestamp.from(until))
                .query((row, i) -> answer(row, row.getBigDecimal("remaining"), row.getBigDecimal("own_cap")))
                .single();
    }

    /** @param charge null where the price's proportion is to be charged */
    Outcome settle(String account, UUID id, BigDecimal used, @Nullable BigDecimal charge, Instant now) {
        return jdbc.sql("""
                        select s.outcome, (s.this_call).*
                          from gate_settle(:account, :id, :used, :key, :excess, :charge::numeric, :now) s""")
                .param("account", account)
                .param("id", id)
                .param("used", used)
                .param("key", UsageKey.of(SOURCE, id.toString()))
                .param("excess", UsageKey.of(SOURCE, id + "+"))
                .param("charge", charge)
                .param("now", Timestamp.from(now))
                .query((row, i) -> answer(row, null, null))
                .single();
    }

    Outcome release(String account, UUID id, Instant now) {
        return jdbc.sql("select r.outcome, (r.this_call).* from gate_release(:account, :id, :now) r")
                .param("account", account)
                .param("id", id)
                .param("now", Timestamp.from(now))
                .query((row, i) -> answer(row, null, null))
                .single();
    }

    /** Until the transaction ends, no other call of the account is let through or ended. */
    void lock(String account) {
        jdbc.sql("select held from gate_balance where account = :account for update")
                .param("account", account)
                .query(BigDecimal.class)
                .optional();
    }

    /** Writes the log of the database to disk, up to now. */
    void flush() {
        jdbc.sql("select pg_logical_emit_message(false, 'postpaid', '', true)::text")
                .query(String.class)
                .single();
    }

    Todo<String> withExpired(Instant now) {
        return Todo.accounts("""
                select distinct account from gate_authorization where status = 'HELD' and expires_at <= :now""").with("now", Timestamp.from(now));
    }

    int expire(List<String> accounts, Instant now) {
        return jdbc.sql("select sum(gate_expire(account, :now)) from unnest(:accounts) account")
                .param("accounts", accounts.toArray(String[]::new))
                .param("now", Timestamp.from(now))
                .query(Integer.class)
                .single();
    }

    private static Outcome answer(ResultSet row, @Nullable BigDecimal remaining, @Nullable BigDecimal ownCap)
            throws SQLException {
        return new Outcome(
                row.getString("outcome"), remaining, ownCap, row.getString("id") == null ? null : CALL.mapRow(row, 0));
    }
}
