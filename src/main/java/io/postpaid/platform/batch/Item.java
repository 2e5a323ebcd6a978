package io.postpaid.platform.batch;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One of the things that a step does: an account, an invoice, a mail.
 *
 * @param account whose it is, where that is known
 * @param period the billing period that it belongs to, if it belongs to one
 */
public record Item(
        String name, @Nullable String account, @Nullable LocalDate period) {

    public static Item account(String id) {
        return new Item("account " + id, id, null);
    }

    public static Item of(String kind, Object id, @Nullable String account) {
        return new Item(kind + " " + id, account, null);
    }

    public Item in(@Nullable LocalDate period) {
        return new Item(name, account, period);
    }
}
