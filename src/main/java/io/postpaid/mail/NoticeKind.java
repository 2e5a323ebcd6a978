package io.postpaid.mail;

import java.util.Locale;

/** What a notice is about; its mail is {@code templates/mail/<template>}. */
public enum NoticeKind {
    INVOICE_COVERED(Page.INVOICE),
    PAYMENT_SUCCEEDED(Page.INVOICE),
    PAYMENT_FAILED(Page.PAY),
    PAYMENT_REFUNDED(Page.INVOICE),
    TOP_UP_SUCCEEDED(Page.CREDIT),
    TOP_UP_REFUNDED(Page.CREDIT),
    TOP_UP_DISPUTED(Page.CREDIT),
    TOP_UP_DOCUMENT(Page.CREDIT),
    CREDIT_NOTE(Page.INVOICE),
    ACTION_REQUIRED(Page.PAY),
    NO_CARD(Page.PAY),
    AMOUNT_CARRIED(Page.INVOICE),
    PAYMENT_METHOD_REQUIRED(Page.MONTH),
    LIMIT_50(Page.MONTH),
    LIMIT_80(Page.LIMIT),
    LIMIT_100(Page.LIMIT),
    LIMIT_APPROVED(Page.MONTH),
    LIMIT_REJECTED(Page.MONTH),
    PAYMENT_REMINDER(Page.PAY),
    ACCOUNT_SUSPENDED(Page.PAY),
    ACCOUNT_REACTIVATED(Page.MONTH),
    ADDRESS_CHANGED(Page.DETAILS),
    SPENDING_ALERT(Page.LIMIT),
    AUTOMATIC_TOP_UP_OFF(Page.AUTOMATIC);

    private final String page;

    NoticeKind(String page) {
        this.page = page;
    }

    /** The page that a mail of this kind leads to; {@code {number}} is its invoice's. */
    String page() {
        return page;
    }

    /** The kind as templates and tables name it: {@code payment-succeeded}. */
    public String template() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static final class Page {
        static final String MONTH = "/billing";
        static final String INVOICE = "/billing/invoices/{number}";
        static final String PAY = INVOICE + "/pay";
        static final String CREDIT = "/billing/credit";
        static final String LIMIT = "/billing/limit";
        static final String AUTOMATIC = "/billing/credit/automatic";
        static final String DETAILS = "/billing/details";
    }
}
