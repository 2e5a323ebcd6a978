package io.postpaid.cli;

import io.postpaid.account.Accounts;
import io.postpaid.billing.receipt.TopUpDocument;
import io.postpaid.billing.receipt.TopUpDocuments;
import io.postpaid.credit.CreditGrant;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.GrantKind;
import io.postpaid.payments.approval.GiveBack;
import io.postpaid.payments.approval.Outcome;
import io.postpaid.payments.settlement.Refund;
import io.postpaid.payments.topup.TopUp;
import io.postpaid.payments.topup.TopUps;
import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "credits", description = "Prepaid and free credit.")
final class CreditCommands {
    private static final Fields<CreditGrant> GRANTS = new Fields<CreditGrant>()
            .both("id", "ID", CreditGrant::id)
            .field("account", CreditGrant::account)
            .both("kind", "KIND", CreditGrant::kind)
            .both("amount", "AMOUNT", grant -> Amounts.exact(grant.amount(), grant.currency()))
            .both("remaining", "LEFT", grant -> Amounts.exact(grant.remaining(), grant.currency()))
            .field("currency", CreditGrant::currency)
            .both("granted_at", "GRANTED", CreditGrant::grantedAt)
            .field("expires_on", CreditGrant::expiresOn)
            .column("EXPIRES", grant -> grant.expiresOn() == null ? "never" : grant.expiresOn());

    @Autowired
    private TopUpDocuments documents;

    @Autowired
    private CreditLedger ledger;

    @Autowired
    private TopUps topUps;

    @Autowired
    private GiveBack giveBack;

    @Autowired
    private Actor actor;

    @Autowired
    private Accounts accounts;

    @Autowired
    private BillingClock clock;

    @Command(name = "grant", description = "Grants credit to an account.")
    Answer grant(
            @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "AMOUNT", description = "Such as 50.00.") BigDecimal amount,
            @Option(names = "--kind", required = true, description = "PROMO, GOODWILL or TOP_UP.") GrantKind kind,
            @Option(names = "--expires", paramLabel = "D", description = "The first UTC day it cannot be used on.")
                    @Nullable
                    LocalDate expires,
            @Option(names = "--reason", defaultValue = "", description = "Kept with the grant.") String reason) {
        return switch (giveBack.grant(actor, id, amount, kind, expires, reason)) {
            case Outcome.Waits(var approval) -> ApprovalText.waits(approval);
            case Outcome.Done(var grant) ->
                Answer.of(
                        GRANTS.json(grant),
                        "Granted " + Amounts.text(amount, grant.currency()) + " " + kind + " to " + id);
        };
    }

    @Sandboxed
    @Command(
            name = "top-up",
            description = "Charges an account's card for credit and the tax on it, and grants the credit.")
    Answer topUp(
            @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "AMOUNT", description = "Of the credit, such as 50.00; tax is charged on top.")
                    BigDecimal amount,
            @Option(
                            names = "--reference",
                            paramLabel = "REF",
                            description = "The same again is the same top-up, charged once. Default: a new one.")
                    @Nullable
                    String reference) {
        var answer =
                topUps.buy(id, amount, reference == null ? UUID.randomUUID().toString() : reference);
        return switch (answer) {
            case TopUps.Answer.Refused(var cause, var why) -> throw new IllegalArgumentException(why);
            case TopUps.Answer.Taken(var topUp, var known) -> shown(topUp, known);
            case TopUps.Answer.AtBank(var topUp, var url) -> shown(topUp, true);
        };
    }

    private Answer shown(TopUp topUp, boolean known) {
        var balance = balance(topUp.account(), topUp.currency());
        var shown = new Json()
                .with("account", topUp.account())
                .with("reference", topUp.reference())
                .with("status", topUp.status())
                .with("amount", Amounts.plain(topUp.amount(), topUp.currency()))
                .with("net", Amounts.plain(topUp.amount(), topUp.currency()))
                .with("tax", Amounts.plain(topUp.tax(), topUp.currency()))
                .with("total", Amounts.plain(topUp.total(), topUp.currency()))
                .with("currency", topUp.currency())
                .with(
                        "invoice",
                        documents.of(topUp.id()).stream()
                                .findFirst()
                                .map(TopUpDocument::number)
                                .orElse(null))
                .with("known", known)
                .with("grant", topUp.grant())
                .with("stripe_id", topUp.intent())
                .with("decline_code", topUp.declineCode())
                .with("message", topUp.message())
                .with("balance", balance);
        return Answer.of(shown, text(topUp, known, balance), topUp.status() == TopUp.Status.SUCCEEDED);
    }

    private String balance(String account, String currency) {
        return Amounts.exact(ledger.balance(account, clock.today()), currency);
    }

    private static String text(TopUp topUp, boolean known, String balance) {
        var amount = Amounts.text(topUp.total(), topUp.currency())
                + (topUp.tax().signum() == 0
                        ? ""
                        : " (of which tax " + Amounts.plain(topUp.tax(), topUp.currency()) + ")");
        var reference = topUp.reference();
        return switch (topUp.status()) {
            case SUCCEEDED ->
                (known ? "The top-up " + reference + " was charged before, once: " : "Charged ") + amount
                        + (known ? " of credit for " : " to the card of ") + topUp.account() + ", whose credit is "
                        + topUp.currency() + " " + balance + " now"
                        + (known ? "" : " (reference " + reference + ")");
            case DECLINED, NEEDS_CUSTOMER ->
                "Nothing was charged to the card of " + topUp.account() + ": " + topUp.reason() + " The top-up "
                        + reference + " is over; another try is another reference";
            case NOT_EXECUTED ->
                "The card of " + topUp.account() + " was never tried, and nothing was charged. The top-up " + reference
                        + " is over; another try is another reference";
            case CLAIMED, UNKNOWN ->
                "It is not known whether " + amount + " was charged (" + topUp.message()
                        + "): run the command again with --reference '" + reference
                        + "' to find out, or leave it to the next nightly or monthly run. It is charged once at most";
        };
    }

    @Sandboxed
    @Command(name = "refund", description = "Gives a top-up back to its card: at most what is left of its credit.")
    Answer refund(
            @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "REFERENCE", description = "The top-up's.") String reference,
            @Parameters(
                            paramLabel = "AMOUNT",
                            arity = "0..1",
                            description =
                                    "Of money, with the tax on its credit, such as 25.00. Default: all that is left of it.")
                    @Nullable
                    BigDecimal amount,
            @Option(
                            names = "--reason",
                            defaultValue = "Refunded at your request",
                            description = "Printed in the mail. Default: ${DEFAULT-VALUE}.")
                    String reason) {
        return switch (giveBack.refundTopUp(actor, id, reference, amount, reason)) {
            case Outcome.Waits(var approval) -> ApprovalText.waits(approval);
            case Outcome.Done(var refund) -> refunded(id, reference, refund);
        };
    }

    private Answer refunded(String id, String reference, Refund refund) {
        var currency = accounts.get(id).currency();
        var given = Amounts.text(refund.amount(), currency);
        var balance = balance(id, currency);
        var shown = RefundText.json(new Json().with("account", id).with("reference", reference), refund, currency)
                .with("balance", balance);
        var left = ". The credit of " + id + " is " + currency + " " + balance + " now";
        var text = switch (refund.status()) {
            case SUCCEEDED ->
                "Gave " + given + " back for the top-up " + reference + " (" + refund.stripeId() + ")" + left;
            case PENDING ->
                "Stripe has taken the refund of " + given + " (" + refund.stripeId()
                        + ") and has not made it yet; its credit is set aside" + left;
            case FAILED -> "The refund of " + given + " failed: its credit is there again" + left;
            case REFUSED -> RefundText.refused(refund) + left;
            case CLAIMED, UNKNOWN -> RefundText.unknown(refund, given);
        };
        return Answer.of(shown, text, RefundText.isWell(refund));
    }

    @Command(name = "list", description = "Lists an account's grants and what is left of them.")
    Answer list(@Parameters(paramLabel = "ID") String id) {
        var account = accounts.get(id);
        var grants = ledger.grants(id);
        return Answer.of(
                GRANTS.json(grants),
                GRANTS.table(grants).orElse("No credit was ever granted to " + id) + "\nBalance: "
                        + Amounts.text(ledger.balance(id, clock.today()), account.currency()));
    }
}
