package io.postpaid.gate;

import io.postpaid.pricing.rating.PriceCeiling;
import io.postpaid.usage.record.UsageKey;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A call as the database decides it.
 *
 * @param items those that it is priced from, or settled with; a release has a single empty one
 */
record Call(
        Kind kind,
        String account,
        Instant at,
        List<Item> items,
        @Nullable Hold hold,
        @Nullable UUID id) {

    enum Kind {
        HOLD,
        SETTLE,
        RELEASE
    }

    /**
     * One of the inputs of a call.
     *
     * @param product null in a settlement of the only one
     * @param quantity what is asked for, or what was really used
     * @param price the most that it can cost
     * @param charge what it has cost, where the database cannot tell by itself
     */
    record Item(
            @Nullable String product,
            @Nullable BigDecimal quantity,
            @Nullable PriceCeiling price,
            boolean billable,
            @Nullable BigDecimal charge) {

        static Item held(@Nullable String product, BigDecimal quantity, PriceCeiling price, boolean billable) {
            return new Item(product, quantity, price, billable, null);
        }

        static Item used(@Nullable String product, BigDecimal quantity) {
            return new Item(product, quantity, null, false, null);
        }
    }

    /** What is to be held under which key, and until when. */
    record Hold(String key, long pricedWith, Instant until) {}

    private static final String SOURCE = "gate";
    private static final Item NONE = new Item(null, null, null, false, null);

    Call {
        items = List.copyOf(items);
    }

    static Call hold(String account, List<Item> items, Instant at, Hold hold) {
        return new Call(Kind.HOLD, account, at, items, hold, null);
    }

    static Call settle(String account, UUID id, List<Item> used, Instant at) {
        return new Call(Kind.SETTLE, account, at, used, null, id);
    }

    static Call release(String account, UUID id, Instant at) {
        return new Call(Kind.RELEASE, account, at, List.of(NONE), null, id);
    }

    /** The most that a call of these items can cost. */
    static BigDecimal price(List<Item> items) {
        return items.stream()
                .map(item -> Objects.requireNonNull(item.price).amount())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** The same settlement, with what each item costs. */
    Call costing(List<BigDecimal> charges) {
        var priced = IntStream.range(0, items.size())
                .mapToObj(n -> new Item(
                        items.get(n).product, items.get(n).quantity, null, items.get(n).billable, charges.get(n)))
                .toList();
        return new Call(kind, account, at, priced, hold, id);
    }

    /** Under which the usage of an item is kept: see gate_record_id in V013__gate.sql. */
    @Nullable
    UUID recordKey(Item item) {
        return key("", item);
    }

    /** Under which is kept what it used beyond its quantity. */
    @Nullable
    UUID excessKey(Item item) {
        return key("+", item);
    }

    private @Nullable UUID key(String excess, Item item) {
        if (kind != Kind.SETTLE) return null;
        return UsageKey.of(SOURCE, id + excess + (items.size() == 1 ? "" : "/" + item.product));
    }
}
