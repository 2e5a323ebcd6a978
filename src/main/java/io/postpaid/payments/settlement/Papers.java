package io.postpaid.payments.settlement;

import static io.postpaid.credit.LedgerAccount.DISPUTES_PENDING;
import static io.postpaid.credit.LedgerAccount.REFUNDS_DUE;
import static io.postpaid.credit.LedgerAccount.TAX;

import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.receipt.CreditBack;
import io.postpaid.billing.receipt.TopUpDocument;
import io.postpaid.billing.receipt.TopUpDocuments;
import io.postpaid.billing.receipt.TopUpDocuments.Because;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.mail.NoticeKind;
import io.postpaid.payments.charging.PaymentMails;
import io.postpaid.payments.settlement.DisputeStore.DisputeRow;
import io.postpaid.payments.topup.TopUp;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What customers get in writing of money that goes back: mails and credit notes, with the tax that these return. */
@Component
class Papers {
    private final PaidStore paid;
    private final CreditNotes notes;
    private final TopUpDocuments documents;
    private final PaymentMails mails;

    Papers(PaidStore paid, CreditNotes notes, TopUpDocuments documents, PaymentMails mails) {
        this.paid = paid;
        this.notes = notes;
        this.documents = documents;
        this.mails = mails;
    }

    /** A refund has succeeded. */
    void refunded(Paid of, Refund refund, String stripeId) {
        var invoice = of.invoice();
        if (invoice != null) {
            refunded(invoice, refund, stripeId);
        } else {
            refunded(of, Objects.requireNonNull(of.topUp()), refund, stripeId);
        }
    }

    private void refunded(Invoice invoice, Refund refund, String stripeId) {
        @Nullable CreditNote note = null;
        if (refund.noted().signum() > 0) note = notes.issueForRefund(invoice, refund.noted(), refund.reason());
        mails.queueWithNote(
                NoticeKind.PAYMENT_REFUNDED,
                invoice,
                invoice.issuedNumber() + "/" + stripeId,
                refund.amount(),
                Map.of("reason", refund.reason()),
                note);
    }

    private void refunded(Paid of, TopUp topUp, Refund refund, String stripeId) {
        var note = returned(
                of, refund.taken(), refund.tax(), REFUNDS_DUE, new Because(refund.id(), null, refund.reason()));
        var view = new HashMap<String, @Nullable Object>(Map.of(
                "reference", topUp.reference(),
                "amount", Amounts.text(refund.amount(), of.currency()),
                "reason", refund.reason()));
        view.put("credit_note", note == null ? null : note.number());
        mails.queueWithDocument(
                NoticeKind.TOP_UP_REFUNDED,
                of.account(),
                "top-up/" + topUp.id() + "/" + stripeId,
                view,
                note == null ? null : note.pdfFile());
    }

    /** A refund that had succeeded has failed: the credit that it took is there again, and so is the tax on it. */
    void soldAgain(Paid of, Refund refund) {
        documents.again(refund.id()).ifPresent(invoice -> {
            post(of, "top-up-tax-again", REFUNDS_DUE, TAX, invoice);
            mail(of, invoice, "The refund of your top-up did not reach your card, and your credit is there again.");
        });
    }

    /** A dispute is opened; it may still be won. */
    void disputed(Paid of, DisputeRow dispute) {
        mails.queue(
                NoticeKind.TOP_UP_DISPUTED,
                of.account(),
                "dispute/" + dispute.id(),
                Map.of(
                        "reference", Objects.requireNonNull(of.topUp()).reference(),
                        "amount", Amounts.text(dispute.amount(), of.currency()),
                        "taken", Amounts.text(dispute.setAside(), of.currency()),
                        "owed", dispute.owed().signum() == 0 ? "" : Amounts.text(dispute.owed(), of.currency())));
    }

    /** A dispute is lost: what was taken of a top-up's credit is not sold any more. */
    void lost(Paid of, DisputeRow dispute) {
        if (of.topUp() == null) return;
        var reason = "Your bank took the payment back";
        var note =
                returned(of, dispute.taken(), dispute.tax(), DISPUTES_PENDING, new Because(null, dispute.id(), reason));
        if (note != null) mail(of, note, reason + ".");
    }

    /** @return null where nothing of the credit goes back */
    private @Nullable TopUpDocument returned(
            Paid of, BigDecimal taken, BigDecimal tax, LedgerAccount to, Because because) {
        if (taken.signum() == 0) return null;
        var part = new CreditBack.Part(taken.subtract(tax), tax);
        var note = documents.creditNote(Objects.requireNonNull(of.topUp()).id(), part, because);
        post(of, "top-up-tax-returned", TAX, to, note);
        return note;
    }

    private void post(Paid of, String kind, LedgerAccount debit, LedgerAccount credit, TopUpDocument document) {
        paid.post(of.entries(document.posting())
                .move(kind, debit, credit, document.tax().tax()));
    }

    private void mail(Paid of, TopUpDocument document, String why) {
        mails.queueWithDocument(
                NoticeKind.TOP_UP_DOCUMENT, of.account(), document.number(), document.view(why), document.pdfFile());
    }
}
