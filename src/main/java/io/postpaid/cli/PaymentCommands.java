package io.postpaid.cli;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.payments.Adjustments;
import io.postpaid.payments.Refund;
import io.postpaid.payments.Refunds;
import io.postpaid.payments.Transfers;
import io.postpaid.payments.Webhooks;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "payments", description = "Money in and out for invoices, beside the charges of the runs.")
final class PaymentCommands {
    private static final int LISTED_MAX = 1_000;

    @Autowired
    private Transfers transfers;

    @Autowired
    private Adjustments adjustments;

    @Autowired
    private Refunds refunds;

    @Autowired
    private Invoices invoices;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Webhooks webhooks;

    private record Recorded(
            String invoice,
            String status,
            String amount,
            String currency,
            String reference,
            boolean known,
            String openAmount,
            String balance) {}

    private record RecordedForAccount(
            String account,
            String amount,
            String currency,
            String reference,
            boolean known,
            String accountBalance,
            String owed) {}

    @Sandboxed
    @Command(
            name = "record",
            description = "Records a bank transfer; what is more than was open goes to the account balance.")
    Answer record(
            @Parameters(
                            paramLabel = "INVOICE",
                            description =
                                    "Its number; or an account's ID, for money that is for no invoice of its own.")
                    String number,
            @Parameters(paramLabel = "AMOUNT", description = "Such as 25.00.") BigDecimal amount,
            @Option(names = "--reference", required = true, paramLabel = "R", description = "What the bank calls it.")
                    String reference,
            @Option(names = "--at", paramLabel = "DATE", description = "The UTC day it came. Default: today.") @Nullable
                    LocalDate on) {
        if (!transfers.isInvoice(number) && accounts.find(number).isPresent()) {
            return recordForAccount(number, amount, reference, on);
        }
        var result = transfers.record(number, amount, reference, on);
        var invoice = result.invoice();
        var currency = invoice.currency();
        var shown = new Recorded(
                number,
                invoice.status().name(),
                Amounts.plain(amount, currency),
                currency,
                reference,
                result.known(),
                Amounts.plain(result.open(), currency),
                Amounts.plain(result.balance(), currency));
        if (result.known()) {
            return Answer.of(
                    shown,
                    "The payment " + reference + " of " + Amounts.text(amount, currency)
                            + " was recorded before: nothing was done");
        }
        var balance = result.balance().signum() == 0
                ? ""
                : "; " + Amounts.text(result.balance(), currency)
                        + " more than was open went to the account balance of " + invoice.account();
        return Answer.of(
                shown,
                "Recorded " + Amounts.text(amount, currency) + " for invoice " + number + ", which is " + shown.status()
                        + " with " + shown.openAmount() + " open" + balance);
    }

    private Answer recordForAccount(String id, BigDecimal amount, String reference, @Nullable LocalDate on) {
        var result = transfers.recordForAccount(id, amount, reference, on);
        var currency = result.currency();
        var shown = new RecordedForAccount(
                id,
                Amounts.plain(amount, currency),
                currency,
                reference,
                result.known(),
                Amounts.plain(result.balance(), currency),
                Amounts.plain(result.owed(), currency));
        return Answer.of(
                shown,
                (result.known()
                                ? "The payment " + reference + " was recorded before: nothing was done. "
                                : "Recorded " + Amounts.text(amount, currency) + " for " + id + ". ")
                        + "Its account balance is " + Amounts.text(result.balance(), currency)
                        + (result.owed().signum() == 0
                                ? ""
                                : ", and it owes " + Amounts.text(result.owed(), currency)
                                        + " for credit that was taken back"));
    }

    @Sandboxed
    @Command(
            name = "send-back",
            description = "Records that money of an account's balance was sent back to the customer by bank transfer.")
    Answer sendBack(
            @Parameters(paramLabel = "ACCOUNT") String id,
            @Parameters(paramLabel = "AMOUNT", description = "Such as 25.00.") BigDecimal amount,
            @Option(names = "--reference", required = true, paramLabel = "R", description = "What the bank calls it.")
                    String reference,
            @Option(names = "--at", paramLabel = "DATE", description = "The UTC day it went. Default: today.") @Nullable
                    LocalDate on,
            @Option(names = "--reason", required = true, description = "Kept in the account's history.")
                    String reason) {
        var result = transfers.sendBack(id, amount, reference, on, reason);
        var currency = result.currency();
        var shown = new RecordedForAccount(
                id,
                Amounts.plain(amount, currency),
                currency,
                reference,
                result.known(),
                Amounts.plain(result.balance(), currency),
                Amounts.plain(result.owed(), currency));
        return Answer.of(
                shown,
                (result.known()
                                ? "The payment " + reference + " was recorded before: nothing was done. "
                                : "Recorded that " + Amounts.text(amount, currency) + " was sent back to " + id + ". ")
                        + "Its account balance is " + Amounts.text(result.balance(), currency));
    }

    private record Entry(
            Instant at,
            String invoice,
            String account,
            String kind,
            String amount,
            String currency,
            String reference,
            boolean balance) {}

    @Command(name = "list", description = "Lists what was settled, of one invoice or of all, the newest first.")
    Answer list(@Parameters(paramLabel = "INVOICE", arity = "0..1") @Nullable String number) {
        var entries = transfers.list(number, LISTED_MAX).stream()
                .map(entry -> new Entry(
                        entry.at(),
                        entry.number(),
                        entry.account(),
                        entry.kind(),
                        Amounts.plain(entry.amount(), entry.currency()),
                        entry.currency(),
                        entry.reference(),
                        entry.balance()))
                .toList();
        var table = new Table("AT", "INVOICE", "ACCOUNT", "KIND", "AMOUNT", "REFERENCE", "OF BALANCE");
        entries.forEach(entry -> table.row(
                entry.at(),
                entry.invoice(),
                entry.account(),
                entry.kind(),
                entry.amount() + " " + entry.currency(),
                entry.reference(),
                entry.balance() ? "yes" : ""));
        return Answer.of(entries, table.orElse("Nothing was settled"));
    }

    @Command(
            name = "dismiss-event",
            description = "Ends an event of Stripe's that no run can process, without any effect on the books.")
    Answer dismissEvent(
            @Parameters(paramLabel = "EVENT", description = "Its ID, as held lists it.") String id,
            @Option(names = "--reason", required = true, description = "Kept with the event.") String reason) {
        var dismissed = webhooks.dismiss(id, reason);
        return Answer.of(
                dismissed,
                "The event " + id + " (" + dismissed.type() + ") has no effect on the books: no run tries it again");
    }

    private record WrittenOff(String invoice, String status, String amount, String currency) {}

    @Sandboxed
    @Command(name = "write-off", description = "Gives up what is open of an invoice, which becomes UNCOLLECTIBLE.")
    Answer writeOff(
            @Parameters(paramLabel = "INVOICE") String number,
            @Option(names = "--reason", required = true, description = "Kept in the account's history.")
                    String reason) {
        var invoice = adjustments.writeOff(number, reason);
        var amount = invoices.writtenOff(invoice.id());
        return Answer.of(
                new WrittenOff(
                        number, invoice.status().name(), Amounts.plain(amount, invoice.currency()), invoice.currency()),
                "Invoice " + number + " is UNCOLLECTIBLE: " + Amounts.text(amount, invoice.currency())
                        + " is written off");
    }

    private record Refunded(
            String invoice,
            String status,
            String amount,
            String currency,
            @Nullable String stripeId,
            @Nullable String message) {}

    @Sandboxed
    @Command(
            name = "refund",
            description = "Gives back money that was paid by card, with a credit note for what was owed.")
    Answer refund(
            @Parameters(paramLabel = "INVOICE") String number,
            @Parameters(paramLabel = "AMOUNT", description = "Such as 25.00.") BigDecimal amount,
            @Option(
                            names = "--reason",
                            defaultValue = "Refunded at your request",
                            description = "Printed on the credit note. Default: ${DEFAULT-VALUE}.")
                    String reason) {
        var refund = refunds.refund(number, amount, reason);
        var currency = invoices.find(number).orElseThrow().currency();
        var shown = new Refunded(
                number,
                refund.status().name(),
                Amounts.plain(refund.amount(), currency),
                currency,
                refund.stripeId(),
                refund.message());
        var text = text(refund, Amounts.text(refund.amount(), currency), number);
        return switch (refund.status()) {
            case SUCCEEDED, PENDING, FAILED -> Answer.of(shown, text);
            case CLAIMED, UNKNOWN, REFUSED -> Answer.failed(shown, text);
        };
    }

    private static String text(Refund refund, String amount, String number) {
        return switch (refund.status()) {
            case SUCCEEDED -> "Gave " + amount + " back for invoice " + number + " (" + refund.stripeId() + ")";
            case PENDING ->
                "Stripe has taken the refund of " + amount + " for invoice " + number + " (" + refund.stripeId()
                        + ") and has not made it yet: credit note and mail follow when it has";
            case FAILED ->
                "The refund of " + amount
                        + " failed: the money is with us, and on the account balance where it had left";
            case REFUSED -> "No money was moved, since Stripe refuses the refund (" + refund.message() + ")";
            case CLAIMED, UNKNOWN ->
                "It is not known whether " + amount + " was given back (" + refund.message()
                        + "): run the command again to find out, or leave it to the next nightly run";
        };
    }
}
