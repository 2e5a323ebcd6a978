package io.postpaid.access;

import io.postpaid.account.Accounts;
import io.postpaid.calendar.BillingClock;
import io.postpaid.calendar.BillingPeriod;
import io.postpaid.credit.CreditLedger;
import org.springframework.stereotype.Component;

/** Answers whether an account may call the API. */
@Component
public class Access {
    private final Accounts accounts;
    private final CreditLedger ledger;
    private final BillingClock clock;

    Access(Accounts accounts, CreditLedger ledger, BillingClock clock) {
        this.accounts = accounts;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** @throws io.postpaid.account.UnknownAccountException if there is no such account */
    public Standing standing(String id) {
        var account = accounts.get(id);
        var today = clock.today();
        var credit = ledger.balance(id, today);
        var month = ledger.month(id, BillingPeriod.of(today));
        boolean hasCard = account.card() != null || account.paymentMethodWanted() != null;
        return new Standing(
                account,
                AccessDecision.of(account.status(), credit, hasCard, month.accrued(), account.monthlyLimit()),
                credit,
                month);
    }
}
