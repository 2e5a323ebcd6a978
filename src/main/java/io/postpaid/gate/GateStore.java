package io.postpaid.gate;

import io.postpaid.gate.Call.Hold;
import io.postpaid.gate.Call.Item;
import io.postpaid.platform.batch.Column;
import io.postpaid.platform.batch.Row;
import io.postpaid.platform.batch.Todo;
import io.postpaid.pricing.rating.PriceCeiling;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Calls the functions that decide: see V013__gate.sql. */
@Component
class GateStore {
    private static final RowMapper<Held> ITEM = Row.to(Held.class);

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

    /** An item of a call, on its way to the database; its place tells the calls apart. */
    private record Line(int place, int item, Call call, Item of) {}

    /** One on its way back. */
    private record Answer(
            int place,
            String outcome,
            @Nullable BigDecimal remaining,
            @Nullable BigDecimal ownCap,
            @Nullable Held item) {}

    private record Held(
            UUID id,
            String product,
            BigDecimal quantity,
            BigDecimal price,
            String currency,
            Authorization.Status status,
            Instant authorizedAt,
            Instant expiresAt,
            @Nullable BigDecimal used,
            @Nullable BigDecimal charged) {}

    /** Decides calls in one transaction, and answers in their order. */
    List<Outcome> decide(List<Call> calls, Duration patience) {
        var lines = new ArrayList<Line>();
        for (int n = 0; n < calls.size(); n++) {
            var items = calls.get(n).items();
            for (int i = 0; i < items.size(); i++) lines.add(new Line(n + 1, i + 1, calls.get(n), items.get(i)));
        }
        var outcomes = new ArrayList<Outcome>();
        var answers = answers(lines, patience);
        for (int from = 0, to; from < answers.size(); from = to) {
            int place = answers.get(from).place;
            for (to = from + 1; to < answers.size() && answers.get(to).place == place; ) to++;
            outcomes.add(outcome(answers.subList(from, to)));
        }
        return outcomes;
    }

    private List<Answer> answers(List<Line> lines, Duration patience) {
        return jdbc.sql("""
                        select d.place, d.outcome, d.remaining, d.own_cap, (d.this_call).*
                          from gate_decide(array(
                               select row(c.place, c.item, c.items, c.kind, c.account, c.at, c.product, c.quantity, c.key, c.price,
                                          c.proportional, c.billable, c.priced_with, c.until, c.id, c.record_key, c.excess_key,
                                          c.charge)::gate_call
                                 from unnest(:place::integer[], :item::integer[], :items::integer[], :kind::text[],
                                             :account::text[], :at::timestamptz[], :product::text[], :quantity::numeric[],
                                             :key::text[], :price::numeric[], :proportional::boolean[], :billable::boolean[],
                                             :pricedWith::bigint[], :until::timestamptz[], :id::uuid[], :recordKey::uuid[],
                                             :excessKey::uuid[], :charge::numeric[])
                                      with ordinality as c (place, item, items, kind, account, at, product, quantity, key, price,
                                                            proportional, billable, priced_with, until, id, record_key,
                                                            excess_key, charge, n)
                                order by c.n), :patience) d
                         order by d.place, (d.this_call).n""")
                .param("place", Column.of(lines, Line::place))
                .param("item", Column.of(lines, Line::item))
                .param("items", Column.of(lines, line -> line.call.items().size()))
                .param("kind", Column.of(lines, line -> line.call.kind()))
                .param("account", Column.of(lines, line -> line.call.account()))
                .param("at", Column.of(lines, line -> line.call.at()))
                .param("product", Column.of(lines, line -> line.of.product()))
                .param("quantity", Column.of(lines, line -> line.of.quantity()))
                .param("key", ofHolds(lines, Hold::key))
                .param("price", ofPrices(lines, PriceCeiling::amount))
                .param("proportional", ofPrices(lines, PriceCeiling::proportional))
                .param("billable", Column.of(lines, line -> line.of.billable()))
                .param("pricedWith", ofHolds(lines, Hold::pricedWith))
                .param("until", ofHolds(lines, Hold::until))
                .param("id", Column.of(lines, line -> line.call.id()))
                .param("recordKey", Column.of(lines, line -> line.call.recordKey(line.of)))
                .param("excessKey", Column.of(lines, line -> line.call.excessKey(line.of)))
                .param("charge", Column.of(lines, line -> line.of.charge()))
                .param("patience", patience.toMillis() + "ms")
                .query((row, _) -> new Answer(
                        row.getInt("place"),
                        row.getString("outcome"),
                        row.getBigDecimal("remaining"),
                        row.getBigDecimal("own_cap"),
                        row.getString("id") == null ? null : ITEM.mapRow(row, 0)))
                .list();
    }

    private static @Nullable String[] ofHolds(List<Line> lines, Function<Hold, Object> value) {
        return Column.of(lines, line -> line.call.hold() == null ? null : value.apply(line.call.hold()));
    }

    private static @Nullable String[] ofPrices(List<Line> lines, Function<PriceCeiling, Object> value) {
        return Column.of(lines, line -> line.of.price() == null ? null : value.apply(line.of.price()));
    }

    private static Outcome outcome(List<Answer> items) {
        var first = items.getFirst();
        return new Outcome(first.outcome, first.remaining, first.ownCap, call(items));
    }

    private static @Nullable Authorization call(List<Answer> items) {
        var first = items.getFirst().item;
        if (first == null) return null;
        return new Authorization(
                first.id,
                items.stream()
                        .map(Answer::item)
                        .filter(Objects::nonNull)
                        .map(item -> new Authorization.Item(
                                item.product, item.quantity, item.price, item.used, item.charged))
                        .toList(),
                first.currency,
                first.status,
                first.authorizedAt,
                first.expiresAt);
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
}
