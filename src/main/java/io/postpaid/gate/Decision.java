package io.postpaid.gate;

import io.postpaid.gate.access.AccessDecision;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What the gate says to a call that wants to run. */
public sealed interface Decision {
    /** It may run; its price is held. The same key asked again gives the same call, whatever became of it. */
    record Admitted(Authorization call) implements Decision {}

    /**
     * It costs more than is left, or nothing may run. Nothing is held.
     *
     * @param ownCap the customer's own cap where that is what bounds the month, and not the limit
     */
    record Refused(
            AccessDecision cause,
            BigDecimal price,
            BigDecimal remaining,
            String currency,
            @Nullable BigDecimal ownCap) implements Decision {}

    /** The key stands for another call. */
    record KeyReused(Authorization call) implements Decision {}

    /** It cannot be priced as it was asked; {@code field} says which part of it is to be changed. */
    record Unusable(String field, String why) implements Decision {}
}
