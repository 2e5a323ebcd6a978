package io.postpaid.credit;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One amount moved from one ledger account to another.
 *
 * @param kind what happened, such as {@code usage} or {@code paid}
 * @param period the billing period (its first day) that it belongs to, where it belongs to one
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
        @Nullable Long grant,
        @Nullable Long invoice,
        @Nullable String reference) {

    public Posting {
        if (amount.signum() <= 0) throw new IllegalArgumentException("posting of " + amount + " for " + account);
        if (debit == credit) throw new IllegalArgumentException("posting from " + debit + " to itself for " + account);
    }

    /** A posting that turns round when the amount is negative. */
    public static Posting signed(
            String account,
            String kind,
            LedgerAccount debit,
            LedgerAccount credit,
            BigDecimal amount,
            String currency,
            @Nullable LocalDate period,
            @Nullable Long grant,
            @Nullable Long invoice) {
        return amount.signum() > 0
                ? new Posting(account, kind, debit, credit, amount, currency, period, grant, invoice, null)
                : new Posting(account, kind, credit, debit, amount.negate(), currency, period, grant, invoice, null);
    }
}
