package io.postpaid.payments.charging;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import java.time.LocalDate;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The end of a suspension, in the transaction that settles what had caused it. */
@Component
public class Reactivation {
    private final Accounts accounts;
    private final AttemptStore attempts;
    private final CollectionPolicy policy;
    private final Outbox outbox;

    Reactivation(Accounts accounts, AttemptStore attempts, CollectionPolicy policy, Outbox outbox) {
        this.accounts = accounts;
        this.attempts = attempts;
        this.policy = policy;
        this.outbox = outbox;
    }

    /** Ends it if nothing that would cause one is left. */
    public boolean after(Invoice settled, LocalDate today) {
        return after(settled.account(), "invoice " + settled.number(), today);
    }

    /** @param settled what was, such as {@code invoice 2026-000001} */
    public boolean after(String id, String settled, LocalDate today) {
        var account = accounts.get(id);
        if (!account.suspended() || attempts.overdue(account.id(), today, policy.suspensionDay())) return false;
        if (!accounts.reactivate(account.id(), settled + " is settled, nothing overdue is left")) {
            return false;
        }
        outbox.queue(new Notice(
                account.id(),
                NoticeKind.ACCOUNT_REACTIVATED,
                settled.replaceFirst("^invoice ", ""),
                account.email(),
                Map.of("account", Map.of("name", account.name(), "id", account.id())),
                null));
        return true;
    }
}
