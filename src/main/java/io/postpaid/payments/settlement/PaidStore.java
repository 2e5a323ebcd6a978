package io.postpaid.payments.settlement;

import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.GivenBack;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.receipt.CreditBack;
import io.postpaid.credit.CreditGrant;
import io.postpaid.credit.CreditLedger;
import io.postpaid.payments.charging.AttemptStore;
import io.postpaid.payments.charging.CashStore;
import io.postpaid.payments.topup.AutomaticSettings;
import io.postpaid.payments.topup.TopUp;
import io.postpaid.payments.topup.TopUpStore;
import io.postpaid.platform.money.Rounding;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * What cards have paid, with the facts of what was given back, and the postings about it. Whoever decides by them has locked
 * the account.
 */
@Component
class PaidStore {
    private final AttemptStore attempts;
    private final TopUpStore topUps;
    private final CashStore cash;
    private final Invoices invoices;
    private final CreditNotes notes;
    private final CreditLedger ledger;
    private final AutomaticSettings automatic;

    PaidStore(
            AttemptStore attempts,
            TopUpStore topUps,
            CashStore cash,
            Invoices invoices,
            CreditNotes notes,
            CreditLedger ledger,
            AutomaticSettings automatic) {
        this.attempts = attempts;
        this.topUps = topUps;
        this.cash = cash;
        this.invoices = invoices;
        this.notes = notes;
        this.ledger = ledger;
        this.automatic = automatic;
    }

    /** Credit whose money goes back must not be bought again by itself. */
    void stopBuying(Paid of, String because) {
        if (of.topUp() != null) {
            var _ = automatic.turnOff(of.account(), because);
        }
    }

    /** Whose money an intent has moved, if it is one that has succeeded. */
    Optional<String> accountOf(String intent) {
        return invoice(intent).map(Invoice::account).or(() -> topUp(intent).map(TopUp::account));
    }

    Optional<Paid> of(String intent) {
        return invoice(intent).flatMap(this::of).or(() -> topUp(intent).map(this::of));
    }

    private Optional<Invoice> invoice(String intent) {
        return attempts.invoicePaidBy(intent).map(invoices::get);
    }

    private Optional<TopUp> topUp(String intent) {
        return topUps.ofIntent(intent).filter(topUp -> topUp.status() == TopUp.Status.SUCCEEDED);
    }

    Paid of(Refund refund) {
        var invoice = refund.invoice();
        return invoice != null
                ? of(invoices.get(invoice)).orElseThrow()
                : of(topUps.get(Objects.requireNonNull(refund.topUp())));
    }

    /** @return empty if no card has paid anything of it */
    Optional<Paid> of(Invoice invoice) {
        return attempts.intentPaying(invoice.id()).map(intent -> Paid.of(invoice, intent, notes.givenBack(invoice)));
    }

    Paid of(TopUp topUp) {
        var left = ledger.lockUsable(List.of(topUp.account())).getOrDefault(topUp.account(), List.of()).stream()
                .filter(usable -> usable.id() == Objects.requireNonNull(topUp.grant()))
                .findFirst()
                .map(CreditGrant::remaining)
                .map(rest -> Rounding.floor(rest, topUp.currency()))
                .orElse(BigDecimal.ZERO);
        var gone = topUps.goneBack(topUp.id());
        var sold = new CreditBack(topUp.currency(), topUp.amount(), topUp.tax(), gone.netBack(), gone.taxBack());
        var none = BigDecimal.ZERO;
        var atHand = left.signum() == 0 ? none : sold.ofNet(left).total();
        var money = topUp.total().subtract(gone.refunded()).subtract(gone.disputed());
        return Paid.of(
                topUp, sold, new GivenBack(topUp.total(), gone.gone(), none, none, none, none, money, atHand, false));
    }

    /** What an account owes for credit that was taken back. */
    BigDecimal owed(Paid of) {
        return cash.lockBalance(of.account(), of.currency()).owed();
    }

    void post(Paid.Entries entries) {
        ledger.post(entries.list());
    }
}
