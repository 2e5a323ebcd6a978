package io.postpaid.payments.settlement;

import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.GivenBack;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.credit.CreditGrant;
import io.postpaid.credit.CreditLedger;
import io.postpaid.payments.charging.AttemptStore;
import io.postpaid.payments.topup.TopUp;
import io.postpaid.payments.topup.TopUpStore;
import io.postpaid.platform.money.Rounding;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads what cards have paid, with the facts of what was given back. Whoever decides by them has locked the account. */
@Component
class PaidStore {
    private final JdbcClient jdbc;
    private final AttemptStore attempts;
    private final TopUpStore topUps;
    private final Invoices invoices;
    private final CreditNotes notes;
    private final CreditLedger ledger;

    PaidStore(
            JdbcClient jdbc,
            AttemptStore attempts,
            TopUpStore topUps,
            Invoices invoices,
            CreditNotes notes,
            CreditLedger ledger) {
        this.jdbc = jdbc;
        this.attempts = attempts;
        this.topUps = topUps;
        this.invoices = invoices;
        this.notes = notes;
        this.ledger = ledger;
    }

    /** Whose money an intent has moved, if it is one that has succeeded. */
    Optional<String> accountOf(String intent) {
        return attempts.invoicePaidBy(intent)
                .map(invoice -> invoices.get(invoice).account())
                .or(() -> topUp(intent).map(TopUp::account));
    }

    Optional<Paid> of(String intent) {
        return attempts.invoicePaidBy(intent)
                .flatMap(invoice -> of(invoices.get(invoice)))
                .or(() -> topUp(intent).map(this::of));
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
        var grant = ledger.lockUsable(List.of(topUp.account())).getOrDefault(topUp.account(), List.of()).stream()
                .filter(usable -> usable.id() == Objects.requireNonNull(topUp.grant()))
                .findFirst();
        var left = grant.map(CreditGrant::remaining)
                .map(rest -> Rounding.floor(rest, topUp.currency()))
                .orElse(BigDecimal.ZERO);
        return Paid.of(
                topUp,
                jdbc.sql("select sold, gone, refunded, disputed from top_up_given_back where top_up = :id")
                        .param("id", topUp.id())
                        .query((row, i) -> new GivenBack(
                                row.getBigDecimal("sold"),
                                row.getBigDecimal("gone"),
                                BigDecimal.ZERO,
                                BigDecimal.ZERO,
                                BigDecimal.ZERO,
                                BigDecimal.ZERO,
                                row.getBigDecimal("sold")
                                        .subtract(row.getBigDecimal("refunded"))
                                        .subtract(row.getBigDecimal("disputed")),
                                left,
                                false))
                        .single());
    }
}
