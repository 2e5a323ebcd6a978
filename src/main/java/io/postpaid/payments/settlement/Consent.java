package io.postpaid.payments.settlement;

import java.math.BigDecimal;

/** Asked in the transaction that gives money back or away, with what was made of it: what it throws undoes all of that. */
@FunctionalInterface
public interface Consent {
    void to(Given given);

    /**
     * What is given.
     *
     * @param item the id of the refund or grant, the number of the credit note, the reference of the write-off or transfer
     */
    record Given(String account, String currency, BigDecimal amount, String item) {}
}
