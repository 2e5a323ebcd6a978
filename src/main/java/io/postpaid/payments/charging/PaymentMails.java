package io.postpaid.payments.charging;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.mail.Wording;
import io.postpaid.payments.charging.AttemptBatches.Seen;
import io.postpaid.payments.charging.PaymentAttempt.Status;
import io.postpaid.payments.stripe.Decline;
import io.postpaid.payments.stripe.MinorUnits;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.template.Seller;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Mails about payments: to whom, with what they print, and with the PDF of an invoice once that is rendered. */
@Component
public class PaymentMails {
    private final Accounts accounts;
    private final Outbox outbox;
    private final Seller seller;
    private final CollectionPolicy policy;

    PaymentMails(Accounts accounts, Outbox outbox, Seller seller, CollectionPolicy policy) {
        this.accounts = accounts;
        this.outbox = outbox;
        this.seller = seller;
        this.policy = policy;
    }

    /**
     * A mail that is about no invoice.
     *
     * @param more what it prints beside the account
     */
    public void queue(NoticeKind kind, String account, String key, Map<String, ?> more) {
        outbox.queue(notice(kind, account, key, new HashMap<>(more), null));
    }

    /**
     * The same with the PDF of a document.
     *
     * @param pdf relative to the folder of documents
     */
    public void queueWithDocument(
            NoticeKind kind,
            String account,
            String key,
            Map<String, ? extends @Nullable Object> more,
            @Nullable String pdf) {
        outbox.queue(notice(kind, account, key, new HashMap<>(more), pdf));
    }

    /** @param amount what is to be paid */
    public void queue(NoticeKind kind, Invoice invoice, BigDecimal amount) {
        var view = view(invoice, invoice.total(), amount);
        outbox.queue(notice(kind, invoice.account(), invoice.issuedNumber(), view, pdf(invoice)));
    }

    /** What was left of an invoice, and is not to be paid now. */
    void queueCarried(Invoice invoice, BigDecimal left) {
        var view = view(invoice, left, BigDecimal.ZERO);
        outbox.queue(notice(NoticeKind.AMOUNT_CARRIED, invoice.account(), invoice.issuedNumber(), view, pdf(invoice)));
    }

    /** @param paymentMethod what was charged, or empty where that is not known */
    void paid(Account account, Invoice invoice, String occasion, BigDecimal amount, String paymentMethod) {
        var more = Map.of("card", card(account, paymentMethod));
        queue(NoticeKind.PAYMENT_SUCCEEDED, account, invoice, occasion, amount, more);
    }

    void paid(List<Seen> payments, Map<String, Account> accounts) {
        outbox.queueAll(payments.stream()
                .map(paid -> {
                    var invoice = paid.claim().invoice();
                    var account = Objects.requireNonNull(accounts.get(invoice.account()));
                    var attempt = paid.claim().attempt();
                    return notice(
                            NoticeKind.PAYMENT_SUCCEEDED,
                            account,
                            invoice,
                            Integer.toString(attempt.n()),
                            MinorUnits.toAmount(paid.intent().amountMinor(), invoice.currency()),
                            Map.of("card", card(account, attempt.paymentMethod())));
                })
                .toList());
    }

    void declined(
            Account account, Invoice invoice, PaymentAttempt attempt, Status status, Decline decline, LocalDate today) {
        var more = new HashMap<String, @Nullable Object>();
        more.put("card", card(account, attempt.paymentMethod()));
        more.put("reason", decline.sentence());
        more.put(
                "next_try_on",
                status == Status.DECLINED_RETRYABLE
                        ? policy.nextRetry(invoice.issuedOn(), today)
                                .map(Wording::day)
                                .orElse(null)
                        : null);
        queue(
                status == Status.NEEDS_CUSTOMER ? NoticeKind.ACTION_REQUIRED : NoticeKind.PAYMENT_FAILED,
                account,
                invoice,
                Integer.toString(attempt.n()),
                MinorUnits.toAmount(attempt.amountMinor(), attempt.currency()),
                more);
    }

    /**
     * One of several mails about an invoice.
     *
     * @param occasion distinguishes it from the others of its kind
     * @param more what it prints besides
     */
    public void queue(
            NoticeKind kind,
            Invoice invoice,
            String occasion,
            BigDecimal amount,
            Map<String, ? extends @Nullable Object> more) {
        queue(kind, accounts.get(invoice.account()), invoice, occasion, amount, more);
    }

    private void queue(
            NoticeKind kind,
            Account account,
            Invoice invoice,
            String occasion,
            BigDecimal amount,
            Map<String, ? extends @Nullable Object> more) {
        outbox.queue(notice(kind, account, invoice, occasion, amount, more));
    }

    private Notice notice(
            NoticeKind kind,
            Account account,
            Invoice invoice,
            String occasion,
            BigDecimal amount,
            Map<String, ? extends @Nullable Object> more) {
        var view = view(invoice, invoice.total(), amount);
        view.putAll(more);
        return notice(kind, account, invoice.issuedNumber() + "/" + occasion, view, pdf(invoice));
    }

    /** The same with a credit note's PDF instead of the invoice's. */
    public void queueWithNote(
            NoticeKind kind,
            Invoice invoice,
            String key,
            BigDecimal amount,
            Map<String, ? extends @Nullable Object> more,
            @Nullable CreditNote note) {
        var view = view(invoice, invoice.total(), amount);
        view.put("credit_note", note == null ? null : note.number());
        view.putAll(more);
        outbox.queue(notice(kind, invoice.account(), key, view, note == null ? null : note.pdfFile()));
    }

    private static @Nullable String pdf(Invoice invoice) {
        return invoice.pdfSha256() == null ? null : invoice.pdfFile();
    }

    private Notice notice(
            NoticeKind kind, String id, String key, Map<String, @Nullable Object> view, @Nullable String attachment) {
        return notice(kind, accounts.get(id), key, view, attachment);
    }

    private static Notice notice(
            NoticeKind kind,
            Account account,
            String key,
            Map<String, @Nullable Object> view,
            @Nullable String attachment) {
        view.put("account", Map.of("name", account.name(), "id", account.id()));
        return new Notice(account.id(), kind, key, account.email(), view, attachment);
    }

    private Map<String, @Nullable Object> view(Invoice invoice, BigDecimal total, BigDecimal amount) {
        return new HashMap<>(Map.of(
                "invoice",
                Map.of(
                        "number", invoice.issuedNumber(),
                        "period", Wording.month(invoice.period()),
                        "total", Amounts.text(total, invoice.currency()),
                        "amount_due", Amounts.text(amount, invoice.currency()),
                        "due_on", Wording.day(invoice.dueOn())),
                "page_url",
                seller.payUrl(invoice.issuedNumber()),
                "suspend_on",
                Wording.day(policy.suspendsOn(invoice))));
    }

    /** How a mail names the card that was charged. */
    public static String card(Account account, String paymentMethod) {
        var card = account.card();
        return card != null && card.paymentMethod().equals(paymentMethod) ? card.label() : "your card";
    }
}
