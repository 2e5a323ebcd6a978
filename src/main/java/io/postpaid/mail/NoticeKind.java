package io.postpaid.mail;

import java.util.Locale;

/** What a notice is about; its mail is {@code templates/mail/<template>}. */
public enum NoticeKind {
    INVOICE_COVERED,
    PAYMENT_SUCCEEDED,
    PAYMENT_FAILED,
    PAYMENT_REFUNDED,
    TOP_UP_SUCCEEDED,
    TOP_UP_REFUNDED,
    TOP_UP_DISPUTED,
    CREDIT_NOTE,
    ACTION_REQUIRED,
    NO_CARD,
    AMOUNT_CARRIED,
    PAYMENT_METHOD_REQUIRED,
    LIMIT_50,
    LIMIT_80,
    LIMIT_100,
    LIMIT_APPROVED,
    LIMIT_REJECTED,
    PAYMENT_REMINDER,
    ACCOUNT_SUSPENDED,
    ACCOUNT_REACTIVATED;

    /** The kind as templates and tables name it: {@code payment-succeeded}. */
    public String template() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
