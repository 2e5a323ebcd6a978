package io.postpaid.gate;

import io.postpaid.gate.Call.Priced;
import io.postpaid.platform.batch.Column;
import io.postpaid.platform.batch.Row;
import io.postpaid.platform.batch.Todo;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Calls the functions that decide: see V013__gate.sql. */
@Component
class GateStore {
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

    /** Decides calls in one transaction, and answers in their order. */
    List<Outcome> decide(List<Call> calls, Duration patience) {
        return jdbc.sql("""
                        select d.outcome, d.remaining, d.own_cap, (d.this_call).*
                          from gate_decide(array(
                               select row(c.n, c.kind, c.account, c.at, c.quantity, c.key, c.product, c.price, c.proportional,
                                          c.billable, c.priced_with, c.until, c.id, c.record_key, c.excess_key)::gate_call
                                 from unnest(:kind::text[], :account::text[], :at::timestamptz[], :quantity::numeric[],
                                             :key::text[], :product::text[], :price::numeric[], :proportional::boolean[],
                                             :billable::boolean[], :pricedWith::bigint[], :until::timestamptz[], :id::uuid[],
                                             :recordKey::uuid[], :excessKey::uuid[])
                                      with ordinality as c (kind, account, at, quantity, key, product, price, proportional,
                                                            billable, priced_with, until, id, record_key, excess_key, n)
                                order by c.n), :patience) d
                         order by d.place""")
                .param("kind", Column.of(calls, Call::kind))
                .param("account", Column.of(calls, Call::account))
                .param("at", Column.of(calls, Call::at))
                .param("quantity", Column.of(calls, Call::quantity))
                .param("key", ofHolds(calls, Priced::key))
                .param("product", ofHolds(calls, Priced::product))
                .param("price", ofHolds(calls, hold -> hold.price().amount()))
                .param("proportional", ofHolds(calls, hold -> hold.price().proportional()))
                .param("billable", ofHolds(calls, Priced::billable))
                .param("pricedWith", ofHolds(calls, Priced::pricedWith))
                .param("until", ofHolds(calls, Priced::until))
                .param("id", Column.of(calls, Call::id))
                .param("recordKey", Column.of(calls, Call::recordKey))
                .param("excessKey", Column.of(calls, Call::excessKey))
                .param("patience", patience.toMillis() + "ms")
                .query((row, _) -> answer(row, row.getBigDecimal("remaining"), row.getBigDecimal("own_cap")))
                .list();
    }

    private static @Nullable String[] ofHolds(List<Call> calls, Function<Priced, Object> value) {
        return Column.of(calls, call -> call.hold() == null ? null : value.apply(call.hold()));
    }

    /** Settles a call whose charge was reckoned under the lock that its decision has taken. */
    Outcome settle(Call end, BigDecimal charge) {
        return jdbc.sql("""
                        select s.outcome, (s.this_call).*
                          from gate_settle(:account, :id, :used, :key, :excess, :charge, :at) s""")
                .param("account", end.account())
                .param("id", end.id())
                .param("used", end.quantity())
                .param("key", end.recordKey())
                .param("excess", end.excessKey())
                .param("charge", charge)
                .param("at", Timestamp.from(end.at()))
                .query((row, _) -> answer(row, null, null))
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
