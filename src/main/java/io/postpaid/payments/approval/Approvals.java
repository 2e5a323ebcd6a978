package io.postpaid.payments.approval;

import io.postpaid.payments.approval.Approval.Status;
import io.postpaid.payments.settlement.Consent.Given;
import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.audit.OnBehalf;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What waits for a second person. Who calls this has made sure that the person may decide: over HTTP that is the role APPROVER.
 */
@Component
public class Approvals {
    private final Giving giving;
    private final ApprovalStore store;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    Approvals(Giving giving, ApprovalStore store, PlatformTransactionManager transactions, BillingClock clock) {
        this.giving = giving;
        this.store = store;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /**
     * What was approved and given.
     *
     * @param made a Refund, CreditNote, Invoice, CreditGrant or Recorded; a refund may still be under way, or refused by Stripe
     */
    public record Approved(Approval approval, Object made) {}

    /**
     * The newest first.
     *
     * @param decided whether also what was approved or rejected
     * @param before the last id of the page before; Long.MAX_VALUE for the first
     */
    public List<Approval> list(boolean decided, long before, int limit) {
        return store.list(decided, before, limit);
    }

    /** @throws IllegalArgumentException if nothing of this id waits or was decided */
    public Approval get(long id) {
        return store.find(id)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no approval " + id + ": ./postpaid approvals --all lists them"));
    }

    /**
     * Gives what was asked for, once, whoever approves it at the same time. What can no longer be given is refused with the
     * reason, and waits to be rejected.
     */
    public Approved approve(long id, Actor approver) {
        var approval = mayBeDecided(id, approver);
        var both = new Actor(
                approver.who(), approver.source() + ", approval " + id + " that " + approval.askedBy() + " asked for");
        try {
            var made = OnBehalf.of(
                    both,
                    () -> giving.give(
                            approval.what(),
                            approval.amount(),
                            approval.reason(),
                            given -> mark(approval, given, approver)));
            var now = get(id);
            if (now.status() == Status.APPROVED && approver.who().equals(now.decidedBy())) {
                return new Approved(now, made);
            }
            mustWait(now);
            throw new IllegalArgumentException(
                    "What approval " + id + " asks for was done before: nothing was done now."
                            + " Approve it again if it is to be done once more, or reject it");
        } catch (IllegalArgumentException | IllegalStateException e) {
            // Where somebody else decided it at the same moment, that is the reason to tell.
            mustWait(get(id));
            throw e;
        }
    }

    private void mark(Approval approval, Given given, Actor approver) {
        if (!given.account().equals(approval.account()) || given.amount().compareTo(approval.amount()) != 0) {
            throw new IllegalArgumentException("Approval " + approval.id() + " is for "
                    + Amounts.text(approval.amount(), approval.currency()) + ", and now it would be "
                    + Amounts.text(given.amount(), given.currency()) + ": reject it, and ask again");
        }
        if (store.approved(approval.id(), given, approver.who(), clock.instant())) return;
        mustWait(get(approval.id()));
        throw new IllegalStateException("Approval " + approval.id() + " cannot be decided");
    }

    /** @param because may be empty */
    public Approval reject(long id, Actor by, String because) {
        mayBeDecided(id, by);
        return OnBehalf.of(
                by,
                () -> Objects.requireNonNull(transaction.execute(status -> {
                    if (!store.rejected(id, because, by.who(), clock.instant())) mustWait(get(id));
                    return get(id);
                })));
    }

    private Approval mayBeDecided(long id, Actor by) {
        var approval = get(id);
        mustWait(approval);
        if (by.who().isBlank() || by.who().equals(Actor.SYSTEM.who())) {
            throw new IllegalArgumentException("It is not known who decides: an approval needs a person");
        }
        if (by.who().equals(approval.askedBy())) {
            throw new IllegalArgumentException(
                    by.who() + " asked for approval " + id + " himself: another person has to decide it");
        }
        return approval;
    }

    private static void mustWait(Approval approval) {
        if (approval.status() == Status.WAITING) return;
        throw new IllegalArgumentException("Approval " + approval.id() + " was "
                + (approval.status() == Status.APPROVED ? "approved" : "rejected") + " by " + approval.decidedBy()
                + " on " + approval.decidedAt() + ": nothing was done now");
    }
}
