package io.postpaid.billing.invoicing;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Corrects an issued invoice, under a number of its own.
 *
 * @param amount with tax
 * @param tax what of the amount is tax
 * @param settled what it took off the open amount
 * @param grant the credit that the rest became once; now it goes to the account balance
 */
public record CreditNote(
        String number,
        long invoice,
        LocalDate issuedOn,
        BigDecimal amount,
        BigDecimal tax,
        BigDecimal settled,
        @Nullable Long grant,
        String reason) {

    /** What of it was paid already. */
    public BigDecimal freed() {
        return amount.subtract(settled);
    }

    /** Where its PDF lies under the documents folder. */
    public String pdfFile() {
        return issuedOn.toString().substring(0, 7) + "/" + number + ".pdf";
    }
}
