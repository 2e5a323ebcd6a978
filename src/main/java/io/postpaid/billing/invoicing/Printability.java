package io.postpaid.billing.invoicing;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Says what stands against printing a customer's invoice; whoever prints provides it. */
public interface Printability {
    /**
     * @param words what else stands on the invoice: products, units
     * @return one sentence naming what cannot be printed, or nothing
     */
    Optional<String> objection(BilledTo customer, Collection<String> words);

    default Optional<String> objection(BilledTo customer) {
        return objection(customer, List.of());
    }
}
