package io.postpaid.payments.approval;

import io.postpaid.credit.CreditGrant;
import io.postpaid.credit.CreditLedger;
import io.postpaid.payments.charging.AccountLock;
import io.postpaid.payments.settlement.AccountTransfers;
import io.postpaid.payments.settlement.Adjustments;
import io.postpaid.payments.settlement.Consent;
import io.postpaid.payments.settlement.Consent.Given;
import io.postpaid.payments.settlement.Refunds;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Gives what was asked for, at once or once it is approved. */
@Component
class Giving {
    private final Refunds refunds;
    private final Adjustments adjustments;
    private final AccountTransfers transfers;
    private final CreditLedger ledger;
    private final AccountLock lock;

    Giving(
            Refunds refunds,
            Adjustments adjustments,
            AccountTransfers transfers,
            CreditLedger ledger,
            AccountLock lock) {
        this.refunds = refunds;
        this.adjustments = adjustments;
        this.transfers = transfers;
        this.ledger = ledger;
        this.lock = lock;
    }

    /**
     * Gives it.
     *
     * @param amount null where it is all that is open or left
     * @return what was made: a Refund, CreditNote, Invoice, CreditGrant or Recorded
     */
    Object give(GiveAway what, @Nullable BigDecimal amount, String reason, Consent consent) {
        return switch (what) {
            case GiveAway.Refund(var invoice) -> refunds.refund(invoice, exactly(amount), reason, consent);
            case GiveAway.TopUpRefund(var account, var reference) ->
                refunds.refundTopUp(account, reference, amount, reason, consent);
            case GiveAway.CreditNote(var invoice) -> adjustments.credit(invoice, exactly(amount), reason, consent);
            case GiveAway.WriteOff(var invoice) -> adjustments.writeOff(invoice, reason, consent);
            case GiveAway.Grant grant -> grant(grant, exactly(amount), consent);
            case GiveAway.SendBack(var account, var reference, var on) ->
                transfers.sendBack(account, exactly(amount), reference, on, reason, consent);
        };
    }

    private CreditGrant grant(GiveAway.Grant what, BigDecimal amount, Consent consent) {
        return lock.hold(what.account(), () -> {
            var grant = ledger.grant(what.account(), amount, what.kind(), what.expiresOn());
            consent.to(new Given(what.account(), grant.currency(), grant.amount(), Long.toString(grant.id())));
            return grant;
        });
    }

    private static BigDecimal exactly(@Nullable BigDecimal amount) {
        return Objects.requireNonNull(amount, "an amount");
    }
}
