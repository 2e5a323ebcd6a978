package io.postpaid.billing.invoicing;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bill of one account for one period.
 *
 * @param number null until it is issued
 * @param taxPoint the day that its taxes are of
 * @param total subtotal − credits + tax
 * @param carriedIn what earlier invoices left to this one
 * @param carriedForward what this one leaves to the next: too little to be charged
 * @param fromBalance what the account balance paid of it when it was issued; below zero what went to it
 * @param amountDue total + carriedIn − carriedForward − fromBalance
 * @param pdfSha256 null until the PDF is rendered
 */
public record Invoice(
        long id,
        String account,
        BillingPeriod period,
        String currency,
        InvoiceStatus status,
        @Nullable String number,
        BilledTo customer,
        LocalDate issuedOn,
        LocalDate dueOn,
        LocalDate taxPoint,
        BigDecimal subtotal,
        BigDecimal credits,
        BigDecimal tax,
        BigDecimal total,
        BigDecimal carriedIn,
        BigDecimal carriedForward,
        BigDecimal fromBalance,
        BigDecimal amountDue,
        @Nullable String pdfSha256) {

    /** Where its PDF lies under the documents folder. */
    public String pdfFile() {
        return period + "/" + issuedNumber() + ".pdf";
    }

    /** What mails print of it. */
    public Map<String, @Nullable String> view() {
        var view = new LinkedHashMap<String, @Nullable String>(Map.of(
                "number", issuedNumber(),
                "period", period.toString(),
                "total", Amounts.text(total, currency),
                "amount_due", Amounts.text(amountDue, currency),
                "due_on", dueOn.toString()));
        view.put("from_balance", fromBalance.signum() > 0 ? Amounts.text(fromBalance, currency) : null);
        view.put("to_balance", fromBalance.signum() < 0 ? Amounts.text(fromBalance.negate(), currency) : null);
        return view;
    }

    /**
     * A draft as it is issued when the account balance pays a part of it: what is left is carried forward where it is too little
     * to charge. The statement issue-invoices.sql does the same for all drafts of a month.
     */
    Invoice paidFromBalance(BigDecimal paid, BigDecimal leastCharge) {
        if (paid.signum() == 0) return this;
        var rest = total.add(carriedIn).subtract(paid);
        boolean tooLittle = rest.compareTo(leastCharge) < 0;
        var nothing = rest.subtract(rest);
        return new Invoice(
                id,
                account,
                period,
                currency,
                status,
                number,
                customer,
                issuedOn,
                dueOn,
                taxPoint,
                subtotal,
                credits,
                tax,
                total,
                carriedIn,
                tooLittle ? rest : carriedForward,
                fromBalance.add(paid),
                tooLittle ? nothing : rest,
                pdfSha256);
    }

    /** The number of an invoice that is issued. */
    public String issuedNumber() {
        if (number == null)
            throw new IllegalStateException("the invoice of " + account + " for " + period + " is not issued");
        return number;
    }
}
