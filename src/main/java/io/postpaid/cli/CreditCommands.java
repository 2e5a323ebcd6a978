package io.postpaid.cli;

import io.postpaid.account.Accounts;
import io.postpaid.credit.CreditGrant;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.GrantKind;
import io.postpaid.payments.Refunds;
import io.postpaid.payments.TopUp;
import io.postpaid.payments.TopUps;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "credits", description = "Prepaid and free credit.")
final class CreditCommands {
    @Autowired
    private CreditLedger ledger;

    @Autowired
    private TopUps topUps;

    @Autowired
    private Refunds refunds;

    @Autowired
    private Accounts accounts;

    @Autowired
    private BillingClock clock;

    private record Granted(
            long id,
            String account,
            String kind,
            String amount,
            String remaining,
            String currency,
            Instant grantedAt,
            @Nullable LocalDate expiresOn) {}

    @Command(name = "grant", description = "Grants credit to an account.")
    Answer grant(
            @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "AMOUNT", description = "Such as 50.00.") BigDecimal amount,
            @Option(names = "--kind", required = true, description = "PROMO, GOODWILL or TOP_UP.") GrantKind kind,
            @Option(names = "--expires", paramLabel = "D", description = "The first UTC day it cannot be used on.")
                    @Nullable
                    LocalDate expires) {
        var grant = ledger.grant(id, amount, kind, expires);
        return Answer.of(
                granted(grant), "Granted " + Amounts.text(amount, grant.currency()) + " " + kind + " to " + id);
    }

    private record ToppedUp(
            String account,
            String reference,
            String status,
            String amount,
            String currency,
            boolean known,
            @Nullable Long grant,
            @Nullable String stripeId,
            @Nullable String declineCode,
            @Nullable String message,
            String balance) {}

    @Sandboxed
    @Command(name = "top-up", description = "Charges an account's card, and grants what was charged as credit.")
    Answer topUp(
            @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "AMOUNT", description = "Such as 50.00.") BigDecimal amount,
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
            case TopUps.Answer.Taken(var topUp, var known) -> {
                var shown = toppedUp(topUp, known);
                yield topUp.status() == TopUp.Status.SUCCEEDED
                        ? Answer.of(shown, text(topUp, known, shown))
                        : Answer.failed(shown, text(topUp, known, shown));
            }
        };
    }

    private ToppedUp toppedUp(TopUp topUp, boolean known) {
        return new ToppedUp(
                topUp.account(),
                topUp.reference(),
                topUp.status().name(),
                Amounts.plain(topUp.amount(), topUp.currency()),
                topUp.currency(),
                known,
                topUp.grant(),
                topUp.intent(),
                topUp.declineCode(),
                topUp.message(),
                Amounts.exact(ledger.balance(topUp.account(), clock.today()), topUp.currency()));
    }

    private static String text(TopUp topUp, boolean known, ToppedUp shown) {
        var amount = Amounts.text(topUp.amount(), topUp.currency());
        var reference = topUp.reference();
        return switch (topUp.status()) {
            case SUCCEEDED ->
                (known ? "The top-up " + reference + " was charged before, once: " : "Charged ") + amount
                        + (known ? " of credit for " : " to the card of ") + topUp.account() + ", whose credit is "
                        + topUp.currency() + " " + shown.balance() + " now"
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

    private record Refunded(
            String account,
            String reference,
            String status,
            String amount,
            String currency,
            @Nullable String stripeId,
            @Nullable String message,
            String balance) {}

    @Sandboxed
    @Command(name = "refund", description = "Gives a top-up back to its card: at most what is left of its credit.")
    Answer refund(
            @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "REFERENCE", description = "The top-up's.") String reference,
            @Parameters(
                            paramLabel = "AMOUNT",
                            arity = "0..1",
                            description = "Such as 25.00. Default: all that is left of its credit.")
                    @Nullable
                    BigDecimal amount,
            @Option(
                            names = "--reason",
                            defaultValue = "Refunded at your request",
                            description = "Printed in the mail. Default: ${DEFAULT-VALUE}.")
                    String reason) {
        var refund = refunds.refundTopUp(id, reference, amount, reason);
        var currency = accounts.get(id).currency();
        var given = Amounts.text(refund.amount(), currency);
        var shown = new Refunded(
                id,
                reference,
                refund.status().name(),
                Amounts.plain(refund.amount(), currency),
                currency,
                refund.stripeId(),
                refund.message(),
                Amounts.exact(ledger.balance(id, clock.today()), currency));
        var left = ". The credit of " + id + " is " + currency + " " + shown.balance() + " now";
        return switch (refund.status()) {
            case SUCCEEDED ->
                Answer.of(
                        shown,
                        "Gave " + given + " back for the top-up " + reference + " (" + refund.stripeId() + ")" + left);
            case PENDING ->
                Answer.of(
                        shown,
                        "Stripe has taken the refund of " + given + " (" + refund.stripeId()
                                + ") and has not made it yet; its credit is set aside" + left);
            case FAILED -> Answer.of(shown, "The refund of " + given + " failed: its credit is there again" + left);
            case REFUSED ->
                Answer.failed(
                        shown, "No money was moved, since Stripe refuses the refund (" + refund.message() + ")" + left);
            case CLAIMED, UNKNOWN ->
                Answer.failed(
                        shown,
                        "It is not known whether " + given + " was given back (" + refund.message()
                                + "): run the command again to find out, or leave it to the next nightly run");
        };
    }

    @Command(name = "list", description = "Lists an account's grants and what is left of them.")
    Answer list(@Parameters(paramLabel = "ID") String id) {
        var account = accounts.get(id);
        var grants = ledger.grants(id).stream().map(CreditCommands::granted).toList();
        var table = new Table("ID", "KIND", "AMOUNT", "LEFT", "GRANTED", "EXPIRES");
        grants.forEach(grant -> table.row(
                grant.id(),
                grant.kind(),
                grant.amount(),
                grant.remaining(),
                grant.grantedAt(),
                grant.expiresOn() == null ? "never" : grant.expiresOn()));
        return Answer.of(
                grants,
                table.orElse("No credit was ever granted to " + id) + "\nBalance: "
                        + Amounts.text(ledger.balance(id, clock.today()), account.currency()));
    }

    private static Granted granted(CreditGrant grant) {
        return new Granted(
                grant.id(),
                grant.account(),
                grant.kind().name(),
                Amounts.exact(grant.amount(), grant.currency()),
                Amounts.exact(grant.remaining(), grant.currency()),
                grant.currency(),
                grant.grantedAt(),
                grant.expiresOn());
    }
}
