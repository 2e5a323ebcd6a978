package io.postpaid.gate.access;

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
     * @param owes whether it owes for credit whose payment its bank took back
     * @param free what the account may still cost: usable credit, and with a card what is left of the limit
     */
    static AccessDecision of(AccountStatus status, boolean hasCard, boolean owes, BigDecimal free) {
        if (status == AccountStatus.SUSPENDED) return ACCOUNT_SUSPENDED;
        if (owes) return PAYMENT_REQUIRED;
        if (free.signum() > 0) return ALLOWED;
        return hasCard ? MONTHLY_LIMIT_REACHED : PAYMENT_METHOD_REQUIRED;
    }
}
