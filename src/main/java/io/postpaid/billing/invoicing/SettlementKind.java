package io.postpaid.billing.invoicing;

import io.postpaid.credit.LedgerAccount;

/** What changes the open amount of an invoice, and the ledger account that it comes from or goes to. */
public enum SettlementKind {
    CARD("paid", LedgerAccount.CASH),
    TRANSFER("paid", LedgerAccount.CASH),
    /** Paid from the account balance, after the invoice was issued. */
    BALANCE("balance-used", LedgerAccount.BALANCE),
    /** Left to the account's next invoice: it stays a receivable, and has no posting. */
    CARRIED("carried", LedgerAccount.RECEIVABLE),
    WRITE_OFF("written-off", LedgerAccount.BAD_DEBT),
    /** What was written off is paid after all. */
    WRITE_OFF_REVERSED("write-off-reversed", LedgerAccount.BAD_DEBT),
    CREDIT_NOTE("credited", LedgerAccount.CREDITED),
    /** What a lost dispute took is owed again. */
    DISPUTE("owed-again", LedgerAccount.DISPUTES_PENDING);

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

    /** Whether money came, on a day of its own. */
    boolean moves() {
        return account == LedgerAccount.CASH;
    }

    /** Whether more is open by it. */
    public boolean opens() {
        return this == WRITE_OFF_REVERSED || this == DISPUTE;
    }
}
