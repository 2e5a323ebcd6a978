package io.postpaid.payments.bank;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.payments.bank.MatchStore.Booked;
import io.postpaid.payments.settlement.AccountTransfers;
import io.postpaid.payments.settlement.Transfers;
import io.postpaid.platform.money.Amounts;
import org.springframework.stereotype.Component;

/** What a person decides that a line is. Money that was recorded by hand before is tied to its line, and not recorded again. */
@Component
public class BankMatches {
    private final LineStore lines;
    private final MatchStore store;
    private final Transfers transfers;
    private final AccountTransfers accountTransfers;
    private final Invoices invoices;
    private final Accounts accounts;
    private final Charged charged;

    BankMatches(
            LineStore lines,
            MatchStore store,
            Transfers transfers,
            AccountTransfers accountTransfers,
            Invoices invoices,
            Accounts accounts,
            Charged charged) {
        this.lines = lines;
        this.store = store;
        this.transfers = transfers;
        this.accountTransfers = accountTransfers;
        this.invoices = invoices;
        this.accounts = accounts;
        this.charged = charged;
    }

    /**
     * What a line is now.
     *
     * @param kind what the books call such money, or {@code IGNORED}
     * @param reference what the books know it by, or why it was left out of them
     */
    public record Matched(BankLine line, String kind, String reference) {}

    /** Money for an invoice; what is more than was open goes to the account balance. */
    public Matched toInvoice(long id, String number) {
        var line = open(id);
        var invoice = invoices.find(number)
                .orElseThrow(() -> new IllegalArgumentException("There is no invoice '" + number + "'"));
        mustBeOf(line, invoice.currency(), "invoice " + number);
        mustCome(line, "an invoice");
        var booked = store.recordedForInvoice(line, number).orElseGet(() -> {
            transfers.record(number, line.amount(), line.booking(), line.bookedOn());
            return new Booked("TRANSFER", line.booking());
        });
        return match(line, booked.kind(), booked.reference());
    }

    /** Money for an account, for credit that was granted because of it, or sent back to it. */
    public Matched toAccount(long id, String account) {
        var line = open(id);
        mustBeOf(line, accounts.get(account).currency(), "account " + account);
        var booked = store.recordedForAccount(line, account).orElseGet(() -> {
            if (line.amount().signum() < 0) {
                throw new IllegalArgumentException("Nothing of " + amount(line) + " was sent back to " + account
                        + ": record it first by ./postpaid payments send-back " + account + " "
                        + line.amount().negate().toPlainString() + " --reference R --reason R");
            }
            accountTransfers.record(account, line.amount(), line.booking(), line.bookedOn());
            return new Booked("ACCOUNT", line.booking());
        });
        return match(line, booked.kind(), booked.reference());
    }

    /** A payout of the payment provider, or one that came back. */
    public Matched toPayout(long id, String payout) {
        var line = open(id);
        var movement = store.payouts(line, payout).stream()
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No payout " + payout + " of " + amount(line)
                        + " is known that is on no line yet: ./postpaid reconcile books those of a day or month"));
        return match(line, "payout", movement);
    }

    /** What the bank takes for itself, or gives back of it. */
    public Matched asCharge(long id) {
        var line = open(id);
        if (!charged.post(line)) throw matchedMeanwhile(line);
        return new Matched(line, "bank", line.booking());
    }

    /** No money of these books, such as a salary: the line stays out of them, for a reason. */
    public Matched ignore(long id, String reason) {
        if (reason.isBlank()) throw new IllegalArgumentException("A line is left out for a reason, which is kept");
        return match(open(id), "IGNORED", reason.strip());
    }

    private BankLine open(long id) {
        var line = lines.find(id)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no line " + id + ": ./postpaid bank list --open lists those that wait"));
        store.matched(id).ifPresent(booked -> {
            throw new IllegalArgumentException(
                    "Line " + id + " is matched already: " + booked.kind() + " " + booked.reference());
        });
        return line;
    }

    private Matched match(BankLine line, String kind, String reference) {
        if (!store.match(line, kind, reference)) throw matchedMeanwhile(line);
        return new Matched(line, kind, reference);
    }

    private static void mustBeOf(BankLine line, String currency, String what) {
        if (!line.currency().equals(currency)) {
            throw new IllegalArgumentException("Line " + line.id() + " is of " + amount(line) + ", and " + what
                    + " is in "
                    + currency + ": record what it is worth by ./postpaid payments record, and leave the line out"
                    + " by --ignore --reason R");
        }
    }

    private static void mustCome(BankLine line, String what) {
        if (line.amount().signum() < 0) {
            throw new IllegalArgumentException("Line " + line.id() + " is of " + amount(line)
                    + ", which left the account of the" + " bank: nothing of " + what + " is paid by it");
        }
    }

    private static String amount(BankLine line) {
        return Amounts.text(line.amount(), line.currency());
    }

    private static IllegalStateException matchedMeanwhile(BankLine line) {
        return new IllegalStateException(
                "Line " + line.id() + " was matched a moment ago: ./postpaid bank list shows it");
    }
}
