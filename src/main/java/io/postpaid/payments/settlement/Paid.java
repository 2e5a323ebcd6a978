package io.postpaid.payments.settlement;

import io.postpaid.billing.invoicing.GivenBack;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.payments.topup.TopUp;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a card has paid, and what may be given back of it: an invoice, or a top-up. What is unspent of it lies in the account
 * balance, or on the grant.
 */
record Paid(
        String account,
        String currency,
        String intent,
        @Nullable Invoice invoice,
        @Nullable TopUp topUp,
        GivenBack facts) {

    static Paid of(Invoice invoice, String intent, GivenBack facts) {
        return new Paid(invoice.account(), invoice.currency(), intent, invoice, null, facts);
    }

    static Paid of(TopUp topUp, GivenBack facts) {
        return new Paid(topUp.account(), topUp.currency(), Objects.requireNonNull(topUp.intent()), null, topUp, facts);
    }

    /** Such as {@code invoice 2026-000001}. */
    String what() {
        return invoice != null
                ? "invoice " + invoice.issuedNumber()
                : "top-up " + Objects.requireNonNull(topUp).reference();
    }

    /** Takes an amount from what is unspent, or gives it back there: {@code other} stands on the other side. */
    Posting take(String kind, LedgerAccount other, BigDecimal amount, String reference) {
        return unspent(kind, unspent(), other, amount, reference);
    }

    Posting giveBack(String kind, LedgerAccount other, BigDecimal amount, String reference) {
        return unspent(kind, other, unspent(), amount, reference);
    }

    Posting move(String kind, LedgerAccount debit, LedgerAccount credit, BigDecimal amount, String reference) {
        return Posting.of(account, kind, debit, credit, amount, currency, null, null, reference);
    }

    private LedgerAccount unspent() {
        return topUp == null ? LedgerAccount.BALANCE : LedgerAccount.GRANT;
    }

    private Posting unspent(
            String kind, LedgerAccount debit, LedgerAccount credit, BigDecimal amount, String reference) {
        var grant = topUp == null ? null : topUp.grant();
        return Posting.of(account, kind, debit, credit, amount, currency, grant, null, reference);
    }

    /** Postings of amounts, without those that are nothing. */
    static final class Entries {
        private final List<Posting> postings = new ArrayList<>();

        Entries add(BigDecimal amount, Function<BigDecimal, Posting> posting) {
            if (amount.signum() > 0) postings.add(posting.apply(amount));
            return this;
        }

        List<Posting> list() {
            return List.copyOf(postings);
        }
    }
}
