package io.postpaid.payments.approval;

import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.credit.CreditGrant;
import io.postpaid.credit.GrantKind;
import io.postpaid.payments.charging.AccountLock;
import io.postpaid.payments.settlement.AccountTransfers;
import io.postpaid.payments.settlement.Consent.Given;
import io.postpaid.payments.settlement.Refund;
import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.audit.OnBehalf;
import io.postpaid.platform.calendar.BillingClock;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Every way in which a person gives money back or away. Above POSTPAID_APPROVE_ABOVE, counted for an account and a UTC day over
 * all that one person alone gave, nothing is given: it waits for a second person ({@link Approvals}). What could not be given
 * anyway is refused at once.
 */
@Component
public class GiveBack {
    private final Giving giving;
    private final ApproveAbove above;
    private final ApprovalStore store;
    private final AccountLock lock;
    private final BillingClock clock;

    GiveBack(Giving giving, ApproveAbove above, ApprovalStore store, AccountLock lock, BillingClock clock) {
        this.giving = giving;
        this.above = above;
        this.store = store;
        this.lock = lock;
        this.clock = clock;
    }

    /** Thrown to undo what one person may not give alone. */
    private static final class AnotherNeeded extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Given given;

        AnotherNeeded(Given given) {
            super("needs another person", null, false, false);
            this.given = given;
        }
    }

    /** Gives money of an invoice back that was paid by card. */
    public Outcome<Refund> refund(Actor asker, String invoice, BigDecimal amount, String reason) {
        return ask(Refund.class, asker, new GiveAway.Refund(invoice), amount, reason);
    }

    /** @param amount null for all that is left of the top-up */
    public Outcome<Refund> refundTopUp(
            Actor asker, String account, String reference, @Nullable BigDecimal amount, String reason) {
        return ask(Refund.class, asker, new GiveAway.TopUpRefund(account, reference), amount, reason);
    }

    public Outcome<CreditNote> creditNote(Actor asker, String invoice, BigDecimal amount, String reason) {
        return ask(CreditNote.class, asker, new GiveAway.CreditNote(invoice), amount, reason);
    }

    /** Gives up what is open of an invoice. */
    public Outcome<Invoice> writeOff(Actor asker, String invoice, String reason) {
        return ask(Invoice.class, asker, new GiveAway.WriteOff(invoice), null, reason);
    }

    public Outcome<CreditGrant> grant(
            Actor asker,
            String account,
            BigDecimal amount,
            GrantKind kind,
            @Nullable LocalDate expiresOn,
            String reason) {
        return ask(CreditGrant.class, asker, new GiveAway.Grant(account, kind, expiresOn), amount, reason);
    }

    /** Records that money of the account balance was sent back by bank transfer. */
    public Outcome<AccountTransfers.Recorded> sendBack(
            Actor asker, String account, BigDecimal amount, String reference, @Nullable LocalDate on, String reason) {
        var what = new GiveAway.SendBack(account, reference, on);
        return ask(AccountTransfers.Recorded.class, asker, what, amount, reason);
    }

    private <T> Outcome<T> ask(Class<T> made, Actor asker, GiveAway what, @Nullable BigDecimal amount, String reason) {
        return OnBehalf.of(asker, () -> {
            try {
                return new Outcome.Done<>(made.cast(giving.give(what, amount, reason, given -> {
                    var most = above.of(given.currency());
                    var day = store.givenAlone(given.account(), clock.today()).add(given.amount());
                    if (most != null && day.compareTo(most) > 0) throw new AnotherNeeded(given);
                    store.insertDirect(what, given, reason, asker.who(), most, clock.instant());
                })));
            } catch (AnotherNeeded needed) {
                return new Outcome.Waits<>(await(what, needed.given, reason, asker));
            }
        });
    }

    /** What went by bank went on the day it was asked for, whenever it is approved. */
    private Approval await(GiveAway what, Given given, String reason, Actor asker) {
        var kept = what instanceof GiveAway.SendBack(var account, var reference, var on) && on == null
                ? new GiveAway.SendBack(account, reference, clock.today())
                : what;
        return lock.hold(given.account(), () -> store.waiting(kept, given, reason, asker.who(), clock.instant()));
    }
}
