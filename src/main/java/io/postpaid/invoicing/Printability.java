package io.postpaid.invoicing;

import java.util.Optional;

/** Says what stands against printing a customer's invoice; whoever prints provides it. */
public interface Printability {
    /** @return one sentence naming what cannot be printed, or nothing */
    Optional<String> objection(BilledTo customer);
}
