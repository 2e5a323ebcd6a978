package io.postpaid.payments.charging;

import static io.postpaid.credit.LedgerAccount.GRANT;
import static io.postpaid.credit.LedgerAccount.SHORTFALL;
import static io.postpaid.credit.LedgerAccount.TAX;

import io.postpaid.billing.receipt.TopUpDocuments;
import io.postpaid.billing.receipt.TopUpDocuments.Because;
import io.postpaid.credit.CreditGrant;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.mail.NoticeKind;
import io.postpaid.platform.money.Rounding;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What moves between money, balances and credit in the ledger. */
@Component
class CashPostings {
    private final CreditLedger ledger;
    private final CashStore store;
    private final TopUpDocuments documents;
    private final PaymentMails mails;

    CashPostings(CreditLedger ledger, CashStore store, TopUpDocuments documents, PaymentMails mails) {
        this.ledger = ledger;
        this.store = store;
        this.documents = documents;
        this.mails = mails;
    }

    void post(
            String account,
            String currency,
            String kind,
            LedgerAccount debit,
            LedgerAccount credit,
            BigDecimal amount,
            @Nullable String reference,
            Instant at) {
        ledger.post(List.of(Posting.of(account, kind, debit, credit, amount, currency, null, null, reference)), at);
    }

    /** Credit that a correction gave back to a top-up whose payment a bank took pays what is owed for that, with its tax. */
    void useReturnedCredit(String account, String currency) {
        var disputed = store.disputedTopUps(account, currency);
        if (disputed.isEmpty()) return;
        var owed = store.lockBalance(account, currency).owed();
        for (var grant : ledger.lockUsable(List.of(account)).getOrDefault(account, List.of())) {
            var topUp = disputed.get(grant.id());
            if (topUp != null && owed.signum() > 0) owed = owed.subtract(returned(topUp, grant, owed));
        }
    }

    /** @return what it pays of what is owed */
    private BigDecimal returned(long topUp, CreditGrant grant, BigDecimal owed) {
        var left = Rounding.floor(grant.remaining(), grant.currency());
        if (left.signum() == 0) return left;
        var back = documents.back(topUp);
        var all = back.ofNet(left);
        var part = all.total().compareTo(owed) <= 0 ? all : back.ofTotal(owed);
        if (part.net().signum() == 0) return part.net();
        ledger.post(List.of(posting(grant, "credit-taken", GRANT, part.net(), null)));
        var why = "It pays what was owed for credit whose payment your bank took back";
        var note = documents.creditNote(topUp, part, new Because(null, null, why));
        if (part.tax().signum() > 0) {
            ledger.post(List.of(posting(grant, "top-up-tax-returned", TAX, part.tax(), note.posting())));
        }
        mails.queueWithDocument(
                NoticeKind.TOP_UP_DOCUMENT, grant.account(), note.number(), note.view(why + "."), note.pdfFile());
        return part.total();
    }

    private static Posting posting(
            CreditGrant grant, String kind, LedgerAccount from, BigDecimal amount, @Nullable String reference) {
        return Posting.of(
                grant.account(),
                kind,
                from,
                SHORTFALL,
                amount,
                grant.currency(),
                from == GRANT ? grant.id() : null,
                null,
                reference);
    }
}
