package io.postpaid.access;

import io.postpaid.account.AccountStatus;
import java.math.BigDecimal;

/** The answer to: may this account call the API now? */
public enum AccessDecision {
    ALLOWED,
    ACCOUNT_SUSPENDED,
    PAYMENT_METHOD_REQUIRED,
    MONTHLY_LIMIT_REACHED,
    PAYMENT_REQUIRED;

    /**
     * Decides. Credit is used before anything accrues, so what is left of it keeps access open under any limit.
     *
     * @param credit what can still be used of it today
     * @param accrued what has accrued in this period to be charged
     */
    static AccessDecision of(
            AccountStatus status, BigDecimal credit, boolean hasCard, BigDecimal accrued, BigDecimal limit) {
        if (status == AccountStatus.SUSPENDED) return ACCOUNT_SUSPENDED;
        if (credit.signum() > 0) return ALLOWED;
        if (!hasCard) return PAYMENT_METHOD_REQUIRED;
        if (accrued.compareTo(limit) >= 0) return MONTHLY_LIMIT_REACHED;
        return ALLOWED;
    }
}
