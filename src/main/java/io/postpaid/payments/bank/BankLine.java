package io.postpaid.payments.bank;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * A line of a bank statement that was imported.
 *
 * @param account of the bank
 * @param booking what the books call the money, should it be recorded by this line
 * @param amount below zero where it left the account
 * @param reference what its sender calls it; or empty
 * @param bankReference what the bank calls it; or empty
 * @param charge whether the bank marks it as a charge of its own
 */
public record BankLine(
        long id,
        String account,
        String booking,
        LocalDate bookedOn,
        LocalDate valuedOn,
        BigDecimal amount,
        String currency,
        String party,
        String text,
        String reference,
        String bankReference,
        boolean charge) {

    /** All that it says. */
    String says() {
        return reference + " " + text + " " + party;
    }
}
