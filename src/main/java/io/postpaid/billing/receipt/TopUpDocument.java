package io.postpaid.billing.receipt;

import io.postpaid.billing.invoicing.BilledTo;
import io.postpaid.billing.invoicing.InvoiceTax;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The invoice of a top-up, or a credit note that takes something of it back.
 *
 * @param corrects the document that it corrects: a credit note that of an invoice; an invoice that of a credit
 *     note whose refund has failed
 * @param customer as it stood then; its card is the one that was charged
 * @param tax with the credit as its base
 * @param reference of the top-up
 * @param reason of a credit note
 */
public record TopUpDocument(
        long id,
        Kind kind,
        long topUp,
        String reference,
        String account,
        @Nullable Corrected corrects,
        String number,
        LocalDate issuedOn,
        BilledTo customer,
        String currency,
        InvoiceTax tax,
        String reason) {

    /** What is corrected, by its number. */
    public record Corrected(String number, LocalDate issuedOn) {}

    /** Which it is. */
    public enum Kind {
        INVOICE,
        CREDIT_NOTE
    }

    public BigDecimal net() {
        return tax.base();
    }

    public BigDecimal total() {
        return tax.base().add(tax.tax());
    }

    public boolean isInvoice() {
        return kind == Kind.INVOICE;
    }

    /** What it adds to the tax of the top-up, below zero for a credit note. */
    BigDecimal taxLeft() {
        return isInvoice() ? tax.tax() : tax.tax().negate();
    }

    BigDecimal localLeft() {
        var local = tax.local();
        if (local == null) return BigDecimal.ZERO;
        return isInvoice() ? local.amount() : local.amount().negate();
    }

    /** Of the posting of its tax. */
    public String posting() {
        return "TOP_UP/" + topUp + "/" + number;
    }

    /** What a mail says that is about nothing else. */
    public Map<String, Object> view(String why) {
        return Map.of(
                "number", number, "is_invoice", isInvoice(), "total", Amounts.text(total(), currency), "why", why);
    }

    /** Where its PDF lies under the documents folder. */
    public String pdfFile() {
        return issuedOn.toString().substring(0, 7) + "/" + number + ".pdf";
    }
}
