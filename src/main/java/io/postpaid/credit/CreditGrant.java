package io.postpaid.credit;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Credit given or sold to an account.
 *
 * @param expiresOn the first UTC day on which it can no longer be used, or null
 */
public record CreditGrant(
        long id,
        String account,
        GrantKind kind,
        String currency,
        BigDecimal amount,
        BigDecimal used,
        Instant grantedAt,
        @Nullable LocalDate expiresOn) {

    /** Soonest expiry, then kind, then oldest. */
    public static final Comparator<CreditGrant> BURN_DOWN_ORDER = Comparator.comparing(
                    CreditGrant::expiresOn, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(CreditGrant::kind)
            .thenComparing(CreditGrant::grantedAt)
            .thenComparing(CreditGrant::id);

    public BigDecimal remaining() {
        return amount.subtract(used);
    }

    /** The grant after it was drawn on. */
    public CreditGrant draw(Map<Long, BigDecimal> draws) {
        return new CreditGrant(
                id,
                account,
                kind,
                currency,
                amount,
                used.add(draws.getOrDefault(id, BigDecimal.ZERO)),
                grantedAt,
                expiresOn);
    }

    public boolean usableOn(LocalDate day) {
        return expiresOn == null || day.isBefore(expiresOn);
    }
}
