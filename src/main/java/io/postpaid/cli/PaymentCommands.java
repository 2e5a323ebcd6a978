package io.postpaid.cli;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.payments.approval.GiveBack;
import io.postpaid.payments.approval.Outcome;
import io.postpaid.payments.settlement.AccountTransfers;
import io.postpaid.payments.settlement.Refund;
import io.postpaid.payments.settlement.Transfers;
import io.postpaid.payments.webhook.Webhooks;
import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "payments", description = "Money in and out for invoices, beside the charges of the runs.")
final class PaymentCommands {
    private static final int LISTED_MAX = 1_000;

    private static final Fields<Transfers.Entry> ENTRIES = new Fields<Transfers.Entry>()
            .both("at", "AT", Transfers.Entry::at)
            .both("invoice", "INVOICE", Transfers.Entry::number)
            .both("account", "ACCOUNT", Transfers.Entry::account)
            .both("kind", "KIND", Transfers.Entry::kind)
            .field("amount", entry -> Amounts.plain(entry.amount(), entry.currency()))
            .column("AMOUNT", entry -> Amounts.plain(entry.amount(), entry.currency()) + " " + entry.currency())
            .field("currency", Transfers.Entry::currency)
            .both("reference", "REFERENCE", Transfers.Entry::reference)
            .field("balance", Transfers.Entry::balance)
            .column("OF BALANCE", entry -> entry.balance() ? "yes" : "");

    @Autowired
    private Transfers transfers;

    @Autowired
    private AccountTransfers accountTransfers;

    @Autowired
    private GiveBack giveBack;

    @Autowired
    private Actor actor;

    @Autowired
    private Invoices invoices;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Webhooks webhooks;

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
        if (!invoices.find(number).isPresent() && accounts.find(number).isPresent()) {
            return recordForAccount(number, amount, reference, on);
        }
        var result = transfers.record(number, amount, reference, on);
        var invoice = result.invoice();
        var currency = invoice.currency();
        var open = Amounts.plain(result.open(), currency);
        var shown = new Json()
                .with("invoice", number)
                .with("status", invoice.status())
                .with("amount", Amounts.plain(amount, currency))
                .with("currency", currency)
                .with("reference", reference)
                .with("known", result.known())
                .with("open_amount", open)
                .with("balance", Amounts.plain(result.balance(), currency));
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
                "Recorded " + Amounts.text(amount, currency) + " for invoice " + number + ", which is "
                        + invoice.status() + " with " + open + " open" + balance);
    }

    private Answer recordForAccount(String id, BigDecimal amount, String reference, @Nullable LocalDate on) {
        var result = accountTransfers.record(id, amount, reference, on);
        var currency = result.currency();
        var owed = result.owed().signum() == 0
                ? ""
                : ", and it owes " + Amounts.text(result.owed(), currency) + " for credit that was taken back";
        return ofAccount(
                id,
                amount,
                reference,
                result,
                "Recorded " + Amounts.text(amount, currency) + " for " + id + ". ",
                owed);
    }

    private static Answer ofAccount(
            String id,
            BigDecimal amount,
            String reference,
            AccountTransfers.Recorded result,
            String done,
            String owed) {
        var currency = result.currency();
        return Answer.of(
                new Json()
                        .with("account", id)
                        .with("amount", Amounts.plain(amount, currency))
                        .with("currency", currency)
                        .with("reference", reference)
                        .with("known", result.known())
                        .with("account_balance", Amounts.plain(result.balance(), currency))
                        .with("owed", Amounts.plain(result.owed(), currency)),
                (result.known() ? "The payment " + reference + " was recorded before: nothing was done. " : done)
                        + "Its account balance is " + Amounts.text(result.balance(), currency) + owed);
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
        return switch (giveBack.sendBack(actor, id, amount, reference, on, reason)) {
            case Outcome.Waits(var approval) -> ApprovalText.waits(approval);
            case Outcome.Done(var result) -> {
                var sent =
                        "Recorded that " + Amounts.text(amount, result.currency()) + " was sent back to " + id + ". ";
                yield ofAccount(id, amount, reference, result, sent, "");
            }
        };
    }

    @Command(name = "list", description = "Lists what was settled, of one invoice or of all, the newest first.")
    Answer list(@Parameters(paramLabel = "INVOICE", arity = "0..1") @Nullable String number) {
        return ENTRIES.list(transfers.list(number, LISTED_MAX), "Nothing was settled");
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

    @Sandboxed
    @Command(name = "write-off", description = "Gives up what is open of an invoice, which becomes UNCOLLECTIBLE.")
    Answer writeOff(
            @Parameters(paramLabel = "INVOICE") String number,
            @Option(names = "--reason", required = true, description = "Kept in the account's history.")
                    String reason) {
        return switch (giveBack.writeOff(actor, number, reason)) {
            case Outcome.Waits(var approval) -> ApprovalText.waits(approval);
            case Outcome.Done(var invoice) -> writtenOff(number, invoice);
        };
    }

    private Answer writtenOff(String number, Invoice invoice) {
        var amount = invoices.writtenOff(invoice.id());
        return Answer.of(
                new Json()
                        .with("invoice", number)
                        .with("status", invoice.status())
                        .with("amount", Amounts.plain(amount, invoice.currency()))
                        .with("currency", invoice.currency()),
                "Invoice " + number + " is UNCOLLECTIBLE: " + Amounts.text(amount, invoice.currency())
                        + " is written off");
    }

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
        return switch (giveBack.refund(actor, number, amount, reason)) {
            case Outcome.Waits(var approval) -> ApprovalText.waits(approval);
            case Outcome.Done(var refund) -> refunded(number, refund);
        };
    }

    private Answer refunded(String number, Refund refund) {
        var currency = invoices.find(number).orElseThrow().currency();
        var given = Amounts.text(refund.amount(), currency);
        var shown = RefundText.json(new Json().with("invoice", number), refund, currency);
        var text = switch (refund.status()) {
            case SUCCEEDED -> "Gave " + given + " back for invoice " + number + " (" + refund.stripeId() + ")";
            case PENDING ->
                "Stripe has taken the refund of " + given + " for invoice " + number + " (" + refund.stripeId()
                        + ") and has not made it yet: credit note and mail follow when it has";
            case FAILED ->
                "The refund of " + given
                        + " failed: the money is with us, and on the account balance where it had left";
            case REFUSED -> RefundText.refused(refund);
            case CLAIMED, UNKNOWN -> RefundText.unknown(refund, given);
        };
        return Answer.of(shown, text, RefundText.isWell(refund));
    }
}
