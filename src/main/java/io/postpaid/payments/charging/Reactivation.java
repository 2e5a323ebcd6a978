package io.postpaid.payments.charging;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.mail.NoticeKind;
import java.time.LocalDate;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The end of a suspension, in the transaction that settles what had caused it and has locked the account. */
@Component
public class Reactivation {
    private final Accounts accounts;
    private final CashStore cash;
    private final CollectionPolicy policy;
    private final PaymentMails mails;

    Reactivation(Accounts accounts, CashStore cash, CollectionPolicy policy, PaymentMails mails) {
        this.accounts = accounts;
        this.cash = cash;
        this.policy = policy;
        this.mails = mails;
    }

    /** Ends it if nothing that would cause one is left. */
    public boolean after(Invoice settled, LocalDate today) {
        return after(settled.account(), "invoice " + settled.number(), today);
    }

    /** @param settled what was, such as {@code invoice 2026-000001} */
    public boolean after(String id, String settled, LocalDate today) {
        return after(accounts.get(id), settled, today);
    }

    /** @param account as it is locked */
    boolean after(Account account, String settled, LocalDate today) {
        var id = account.id();
        if (!account.suspended()
                || cash.overdue(id, today, policy.suspensionDay())
                || !accounts.reactivate(id, settled + " is settled, nothing overdue is left")) return false;
        cash.forgetDunning(id);
        mails.queue(NoticeKind.ACCOUNT_REACTIVATED, id, settled.replaceFirst("^invoice ", ""), Map.of());
        return true;
    }
}
