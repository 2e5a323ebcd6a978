package io.postpaid.credit;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One amount moved from one ledger account to another.
 *
 * @param kind what happened, such as {@code usage} or {@code paid}
 * @param period the billing period (its first day) that it belongs to, where it belongs to one
 * @param usedIn the month of use (its first day), where that is an earlier one
 * @param reference makes it unique within its kind, where the same event must not be posted twice
 */
public record Posting(
        String account,
        String kind,
        LedgerAccount debit,
        LedgerAccount credit,
        BigDecimal amount,
        String currency,
        @Nullable LocalDate period,
        @Nullable LocalDate usedIn,
        @Nullable Long grant,
        @Nullable Long invoice,
        @Nullable String reference) {

    public Posting {
        if (amount.signum() <= 0) throw new IllegalArgumentException("posting of " + amount + " for " + account);
        if (debit == credit) throw new IllegalArgumentException("posting from " + debit + " to itself for " + account);
    }

    /** A posting of no period. */
    public static Posting of(
            String account,
            String kind,
            LedgerAccount debit,
            LedgerAccount credit,
            BigDecimal amount,
            String currency,
            @Nullable Long grant,
            @Nullable Long invoice,
            @Nullable String reference) {
        return new Posting(account, kind, debit, credit, amount, currency, null, null, grant, invoice, reference);
    }

    /**
     * Usage that is covered from a ledger account; taken back where the amount is negative.
     *
     * @param grant where credit covers it
     * @param usedIn the month of use; the period or an earlier one
     */
    public static Posting usage(
            String account,
            LedgerAccount from,
            @Nullable Long grant,
            BigDecimal amount,
            String currency,
            LocalDate period,
            LocalDate usedIn) {
        boolean back = amount.signum() < 0;
        return new Posting(
                account,
                "usage",
                back ? LedgerAccount.REVENUE : from,
                back ? from : LedgerAccount.REVENUE,
                amount.abs(),
                currency,
                period,
                usedIn.equals(period) ? null : usedIn,
                grant,
                null,
                null);
    }
}
