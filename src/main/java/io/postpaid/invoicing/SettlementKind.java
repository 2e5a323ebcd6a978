package io.postpaid.invoicing;

import io.postpaid.credit.LedgerAccount;

/** What changes the open amount of an invoice, and the ledger account that it comes from or goes to. */
public enum SettlementKind {
    CARD("paid", LedgerAccount.CASH),
    TRANSFER("paid", LedgerAccount.CASH),
    WRITE_OFF("written-off", LedgerAccount.FUNDING),
    CREDIT_NOTE("credited", LedgerAccount.CREDITED),
    /** Money that was given back. */
    REFUND("refunded", LedgerAccount.CASH),
    /** Money that the cardholder's bank has taken back. */
    DISPUTE("disputed", LedgerAccount.CASH),
    /** Money that came back when a dispute was won. */
    DISPUTE_WON("restored", LedgerAccount.CASH);

    private final String posting;
    private final LedgerAccount account;

    SettlementKind(String posting, LedgerAccount account) {
        this.posting = posting;
        this.account = account;
    }

    /** How its posting is called. */
    public String posting() {
        return posting;
    }

    LedgerAccount account() {
        return account;
    }

    /** Whether the money goes from us to the customer. */
    public boolean givesBack() {
        return this == REFUND || this == DISPUTE;
    }
}
