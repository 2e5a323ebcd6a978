package io.postpaid.cli;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.account.BillingHolds;
import io.postpaid.account.LimitRequest;
import io.postpaid.account.LimitRequests;
import io.postpaid.credit.CreditLedger;
import io.postpaid.gate.access.Access;
import io.postpaid.gate.access.AccessDecision;
import io.postpaid.mail.Outbox;
import io.postpaid.payments.charging.Cards;
import io.postpaid.payments.charging.Payments;
import io.postpaid.payments.settlement.AccountTransfers;
import io.postpaid.payments.topup.AutomaticSettings;
import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "accounts",
        description = "The customers that are billed.",
        subcommands = {HoldCommand.class, ReleaseCommand.class, ExportCommand.class, EraseCommand.class})
final class AccountCommands {
    private static final Fields<Account> ACCOUNTS = new Fields<Account>()
            .both("id", "ID", Account::id)
            .both("name", "NAME", Account::name)
            .both("email", "E-MAIL", Account::email)
            .both("status", "STATUS", Account::status)
            .field("currency", Account::currency)
            .field("monthly_limit", AccountText::limitAmount)
            .column("LIMIT", AccountText::limit)
            .field("card", AccountText::cardLabel)
            .column("CARD", AccountText::cardOf)
            .field("created_on", Account::createdOn);

    @Autowired
    private Accounts accounts;

    @Autowired
    private LimitRequests limits;

    @Autowired
    private CreditLedger ledger;

    @Autowired
    private ObjectProvider<Access> access;

    @Autowired
    private ObjectProvider<Payments> payments;

    @Autowired
    private ObjectProvider<Outbox> outbox;

    @Autowired
    private ObjectProvider<AccountTransfers> transfers;

    @Autowired
    private BillingHolds holds;

    @Autowired
    private ObjectProvider<HeldItems> held;

    @Autowired
    private ObjectProvider<AutomaticSettings> automatics;

    @Command(name = "import", description = "Adds and updates accounts from a CSV file: all of it or nothing.")
    Answer importFile(@Parameters(paramLabel = "FILE", description = "CSV with a header.") Path file) {
        var counts = accounts.importFile(file);
        ledger.grantAllowances();
        return Answer.of(
                new Json()
                        .with("file", file.toString())
                        .with("added", counts.added())
                        .with("updated", counts.updated())
                        .with("unchanged", counts.unchanged()),
                file + ": " + counts.added() + " added, " + counts.updated() + " updated, " + counts.unchanged()
                        + " unchanged");
    }

    @Command(name = "list", description = "Lists all accounts.")
    Answer list() {
        return ACCOUNTS.listing(accounts::each, "There are no accounts: ./postpaid accounts import FILE adds some");
    }

    @Command(name = "show", description = "Shows an account: its access, credit, and month to date.")
    Answer show(@Parameters(paramLabel = "ID") String id) {
        var standing = access.getObject().standing(id);
        var account = standing.account();
        var month = standing.month();
        var money = transfers.getObject().standing(id);
        boolean allowed = standing.access() == AccessDecision.ALLOWED;
        var currency = account.currency();
        var credit = Amounts.exact(standing.credit(), currency);
        var balance = Amounts.exact(money.amount(), currency);
        var owed = Amounts.exact(money.owed(), currency);
        var cost = Amounts.exact(month.cost(), currency);
        var covered = Amounts.exact(month.credits(), currency);
        var accrued = Amounts.exact(month.accrued(), currency);
        var refused = outbox.getObject().refusal(id, account.email()).orElse(null);
        var left = held.getObject().ofAccount(id);
        var onHold = holds.of(Set.of(id)).get(id);
        var paused = accounts.paused(id);
        var cap = account.spendingCap();
        var aliases = accounts.aliases(id);
        var automatic = automatics.getObject().find(id).orElse(null);
        var json = new Json()
                .with("id", id)
                .with("name", account.name())
                .with("status", account.status())
                .with(
                        "access",
                        new Json()
                                .with("allowed", allowed)
                                .with("code", allowed ? null : standing.access().name()))
                .with("credit_balance", credit)
                .with("account_balance", balance)
                .with("owed", owed)
                .with(
                        "month",
                        new Json()
                                .with("period", month.period().toString())
                                .with("cost", cost)
                                .with("credits", covered)
                                .with("accrued", accrued)
                                .with("limit", AccountText.limitAmount(account)))
                .with("currency", currency)
                .with("card", AccountText.cardLabel(account))
                .with("email", account.email())
                .with("email_refused", refused)
                .with("billing_emails", account.billingEmails())
                .with("purchase_order", account.purchaseOrder())
                .with("business", account.buyer().business())
                .with("buyer_reference", account.buyer().reference())
                .with("peppol_id", account.buyer().peppolId())
                .with("language", account.buyer().language())
                .with("aliases", aliases)
                .with("spending_cap", cap == null ? null : Amounts.exact(cap, currency))
                .with("automatic_top_up", automatic == null ? null : AccountText.automaticJson(automatic, currency))
                .with("paused", paused.isEmpty() ? null : paused)
                .with("billing_held", onHold)
                .with("held", left);
        var text = new Table("ACCOUNT", id)
                .row("name", account.name())
                .row("e-mail", account.email() + (refused == null ? "" : " (REFUSED: " + refused + ")"))
                .row("mails also to", String.join(", ", account.billingEmails()))
                .row("purchase order", account.purchaseOrder())
                .row("business", account.buyer().business())
                .row("buyer reference", account.buyer().reference())
                .row("Peppol id", account.buyer().peppolId())
                .row("language", account.buyer().language())
                .row("aliases", String.join(" ", aliases))
                .row("status", account.status())
                .row("access", standing.access() + (paused.isEmpty() ? "" : " (paused by hand: " + paused + ")"))
                .row("billing", onHold == null ? "" : "held by hand: " + onHold)
                .row("card", AccountText.cardOf(account))
                .row("credit left", credit + " " + currency)
                .row("account balance", balance + " " + currency)
                .row("owed for credit taken back", owed + " " + currency)
                .row("month " + month.period(), cost + " " + currency)
                .row("  covered by credit", covered + " " + currency)
                .row("  to be charged", accrued + " " + currency)
                .row("  limit", AccountText.limit(account))
                .row("  customer's own cap", cap == null ? "none" : Amounts.text(cap, currency))
                .row("automatic top-up", automatic == null ? "off" : AccountText.automaticText(automatic, currency));
        left.forEach(item ->
                text.row("held", item.step() + ", " + item.item() + ": " + item.reason() + ", " + item.detail()));
        return Answer.of(json, text.toString());
    }

    @Command(
            name = "suspend",
            description = "Pauses an account's access by hand, whatever it has paid, until it is reactivated.")
    Answer suspend(
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--reason", required = true, description = "Kept in the account's history.")
                    String reason) {
        if (reason.isBlank()) throw new WrongUse("--reason says why, and cannot be empty");
        accounts.pause(id, reason.strip());
        return Answer.of(
                new Json().with("id", id).with("paused", reason.strip()),
                "The access of " + id + " is paused: ./postpaid accounts reactivate " + id + " ends that");
    }

    @Command(
            name = "reactivate",
            description = "Ends a pause by hand. What is suspended for unpaid invoices stays so until they are paid.")
    Answer reactivate(@Parameters(paramLabel = "ID") String id) {
        accounts.pause(id, "");
        var now = access.getObject().standing(id).access();
        return Answer.of(
                new Json().with("id", id).with("paused", null).with("access", now.name()),
                id + " is paused by nobody; its access is " + now);
    }

    @Sandboxed
    @Command(
            name = "card",
            description = "Attaches a Stripe payment method, makes it the default, and charges what is open.")
    Answer card(
            @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "PAYMENT_METHOD", description = "Such as pm_card_visa.") String paymentMethod) {
        var result = payments.getObject().newCard(id, paymentMethod);
        return switch (result.card()) {
            case Cards.Outcome.Attached(var card) -> {
                var text = new StringBuilder(id + " now pays with " + card.label());
                var charges = new ArrayList<Json>();
                for (var charged : result.charges()) {
                    var outcome = charged.outcome().getClass().getSimpleName();
                    charges.add(new Json().with("invoice", charged.invoice()).with("outcome", outcome));
                    text.append("\nInvoice ")
                            .append(charged.invoice())
                            .append(": ")
                            .append(outcome);
                }
                yield Answer.of(
                        new Json().with("id", id).with("card", card.label()).with("charges", charges), text.toString());
            }
            case Cards.Outcome.Refused(var code, var message) ->
                throw new IllegalArgumentException("Stripe refuses " + paymentMethod + " (" + code + "): " + message);
            case Cards.Outcome.Unknown(var why, var silent) ->
                throw new IllegalArgumentException("It is not known whether " + paymentMethod + " was attached (" + why
                        + "): run the command again, or leave it to the next nightly run");
            case Cards.Outcome.NothingWanted() ->
                throw new IllegalStateException("account " + id + " wants no card after it was given " + paymentMethod);
        };
    }

    @Command(name = "limit", description = "Sets the monthly limit, which approves an open request; or rejects that.")
    Answer limit(
            @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "AMOUNT", arity = "0..1", description = "Such as 250.00.") @Nullable
                    BigDecimal amount,
            @Option(names = "--reject", description = "Rejects the open request; the limit stays as it is.")
                    boolean reject,
            @Option(
                            names = "--reason",
                            paramLabel = "TEXT",
                            description = "Kept in the history; with --reject the account reads it in its mail.")
                    @Nullable
                    String reason) {
        if (reject == (amount != null)) {
            throw new WrongUse("Give an AMOUNT to set the limit, or --reject to reject the open request");
        }
        if (amount == null) {
            var why = Objects.requireNonNullElse(reason, "it does not fit the use of your account so far.");
            access.getObject().rejectLimit(id, why);
            var account = accounts.get(id);
            return Answer.of(
                    limited(account).with("reason", why),
                    "The request of " + id + " is rejected; its monthly limit stays at " + AccountText.limit(account));
        }
        boolean approved =
                access.getObject().setLimit(id, amount, Objects.requireNonNullElse(reason, "set by an operator"));
        var account = accounts.get(id);
        return Answer.of(
                limited(account).with("request_approved", approved),
                "The monthly limit of " + id + " is " + AccountText.limit(account)
                        + (approved ? "; its request is approved" : ""));
    }

    private static Json limited(Account account) {
        return new Json()
                .with("id", account.id())
                .with("monthly_limit", AccountText.limitAmount(account))
                .with("currency", account.currency());
    }

    @Command(name = "limit-requests", description = "Lists the open requests for a higher monthly limit.")
    Answer limitRequests() {
        return new Fields<LimitRequest>()
                .field("id", LimitRequest::id)
                .both("account", "ACCOUNT", LimitRequest::account)
                .both("amount", "ASKS FOR", open -> Amounts.exact(open.amount(), of(open).currency()))
                .column("HAS", open -> AccountText.limitAmount(of(open)))
                .both("currency", "", open -> of(open).currency())
                .field("monthly_limit", open -> AccountText.limitAmount(of(open)))
                .column("SINCE", LimitRequest::askedAt)
                .both("reason", "REASON", LimitRequest::reason)
                .field("asked_at", LimitRequest::askedAt)
                .listing(limits::eachOpen, "Nobody waits for a decision on a higher limit");
    }

    private Account of(LimitRequest open) {
        return accounts.get(open.account());
    }
}
