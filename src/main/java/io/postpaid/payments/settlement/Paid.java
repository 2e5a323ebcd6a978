package io.postpaid.payments.settlement;

import io.postpaid.billing.invoicing.GivenBack;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.receipt.CreditBack;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.payments.topup.TopUp;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a card has paid, and what may be given back of it: an invoice, or a top-up. What is unspent of it lies in the account
 * balance, or on the grant.
 *
 * @param sold of a top-up, what it was sold for
 * @param facts all with tax
 */
record Paid(
        String account,
        String currency,
        String intent,
        @Nullable Invoice invoice,
        @Nullable TopUp topUp,
        @Nullable CreditBack sold,
        GivenBack facts) {

    static Paid of(Invoice invoice, String intent, GivenBack facts) {
        return new Paid(invoice.account(), invoice.currency(), intent, invoice, null, null, facts);
    }

    static Paid of(TopUp topUp, CreditBack sold, GivenBack facts) {
        var intent = Objects.requireNonNull(topUp.intent());
        return new Paid(topUp.account(), topUp.currency(), intent, null, topUp, sold, facts);
    }

    /** What of an amount that goes back is tax that comes with the credit of a top-up. */
    BigDecimal taxIn(BigDecimal taken) {
        return sold == null || taken.signum() == 0
                ? BigDecimal.ZERO
                : sold.ofTotal(taken).tax();
    }

    /** Such as {@code invoice 2026-000001}. */
    String what() {
        return invoice != null
                ? "invoice " + invoice.issuedNumber()
                : "top-up " + Objects.requireNonNull(topUp).reference();
    }

    @Nullable
    Long invoiceId() {
        return invoice == null ? null : invoice.id();
    }

    @Nullable
    Long topUpId() {
        return topUp == null ? null : topUp.id();
    }

    /** Where what is unspent of it lies. */
    LedgerAccount unspent() {
        return topUp == null ? LedgerAccount.BALANCE : LedgerAccount.GRANT;
    }

    /** @param reference the same for all of its postings, each of another kind */
    Entries entries(String reference) {
        return new Entries(reference);
    }

    /** Postings of amounts, without those that are nothing. */
    final class Entries {
        private final String reference;
        private final List<Posting> postings = new ArrayList<>();

        private Entries(String reference) {
            this.reference = reference;
        }

        Entries move(String kind, LedgerAccount debit, LedgerAccount credit, BigDecimal amount) {
            return move(kind, debit, credit, amount, "");
        }

        /** @param part behind the reference, where one kind is posted more than once */
        Entries move(String kind, LedgerAccount debit, LedgerAccount credit, BigDecimal amount, String part) {
            if (amount.signum() <= 0) return this;
            var grant = debit == LedgerAccount.GRANT || credit == LedgerAccount.GRANT
                    ? Objects.requireNonNull(topUp).grant()
                    : null;
            postings.add(Posting.of(account, kind, debit, credit, amount, currency, grant, null, reference + part));
            return this;
        }

        List<Posting> list() {
            return List.copyOf(postings);
        }
    }
}
