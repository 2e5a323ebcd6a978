package io.postpaid.payments.charging;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.mail.Wording;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.template.Seller;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Mails about an invoice: to whom, with what they print, and with its PDF once that is rendered. */
@Component
public class InvoiceMails {
    private final Accounts accounts;
    private final Outbox outbox;
    private final Seller seller;
    private final CollectionPolicy policy;

    InvoiceMails(Accounts accounts, Outbox outbox, Seller seller, CollectionPolicy policy) {
        this.accounts = accounts;
        this.outbox = outbox;
        this.seller = seller;
        this.policy = policy;
    }

    /** @param amount what is, or was, to be paid */
    public Notice of(NoticeKind kind, Invoice invoice, BigDecimal amount) {
        var account = accounts.get(invoice.account());
        return notice(kind, account, invoice, invoice.issuedNumber(), view(invoice, account, invoice.total(), amount));
    }

    public void queue(NoticeKind kind, Invoice invoice, BigDecimal amount) {
        outbox.queue(of(kind, invoice, amount));
    }

    /** What was left of an invoice, and is not to be paid now. */
    void queueCarried(Account account, Invoice invoice, BigDecimal left) {
        outbox.queue(notice(
                NoticeKind.AMOUNT_CARRIED,
                account,
                invoice,
                invoice.issuedNumber(),
                view(invoice, account, left, BigDecimal.ZERO)));
    }

    /**
     * One of several mails about an invoice.
     *
     * @param occasion tells it from the others of its kind
     * @param more what it prints besides
     */
    public void queue(
            NoticeKind kind,
            Account account,
            Invoice invoice,
            String occasion,
            BigDecimal amount,
            Map<String, ? extends @Nullable Object> more) {
        var view = new LinkedHashMap<String, @Nullable Object>(view(invoice, account, invoice.total(), amount));
        view.putAll(more);
        outbox.queue(notice(kind, account, invoice, invoice.issuedNumber() + "/" + occasion, view));
    }

    /** The same with a credit note's PDF instead of the invoice's. */
    public void queueWithNote(
            NoticeKind kind,
            Invoice invoice,
            String key,
            BigDecimal amount,
            Map<String, ? extends @Nullable Object> more,
            @Nullable CreditNote note) {
        var account = accounts.get(invoice.account());
        var view = new LinkedHashMap<String, @Nullable Object>(view(invoice, account, invoice.total(), amount));
        view.put("credit_note", note == null ? null : note.number());
        view.putAll(more);
        outbox.queue(new Notice(account.id(), kind, key, account.email(), view, note == null ? null : note.pdfFile()));
    }

    private static Notice notice(
            NoticeKind kind,
            Account account,
            Invoice invoice,
            String key,
            Map<String, ? extends @Nullable Object> view) {
        return new Notice(
                account.id(), kind, key, account.email(), view, invoice.pdfSha256() == null ? null : invoice.pdfFile());
    }

    private Map<String, Object> view(Invoice invoice, Account account, BigDecimal total, BigDecimal amount) {
        return Map.of(
                "account", Map.of("name", account.name(), "id", account.id()),
                "invoice",
                        Map.of(
                                "number", invoice.issuedNumber(),
                                "period", Wording.month(invoice.period()),
                                "total", Amounts.text(total, invoice.currency()),
                                "amount_due", Amounts.text(amount, invoice.currency()),
                                "due_on", Wording.day(invoice.dueOn())),
                "pay_url", seller.payUrl(invoice.issuedNumber()),
                "suspend_on", Wording.day(policy.suspendsOn(invoice)));
    }
}
