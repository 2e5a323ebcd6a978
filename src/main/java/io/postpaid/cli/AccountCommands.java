package io.postpaid.cli;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.account.Card;
import io.postpaid.account.LimitRequest;
import io.postpaid.credit.CreditLedger;
import io.postpaid.gate.access.Access;
import io.postpaid.gate.access.AccessDecision;
import io.postpaid.mail.Outbox;
import io.postpaid.payments.CardOutcome;
import io.postpaid.payments.Payments;
import io.postpaid.payments.Transfers;
import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.batch.HeldItems.HeldItem;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "accounts", description = "The customers that are billed.")
final class AccountCommands {
    @Spec
    private @Nullable CommandSpec spec;

    @Autowired
    private Accounts accounts;

    @Autowired
    private CreditLedger ledger;

    @Autowired
    private Access access;

    @Autowired
    private Payments payments;

    @Autowired
    private Outbox outbox;

    @Autowired
    private Transfers transfers;

    @Autowired
    private HeldItems held;

    private record Imported(String file, int added, int updated, int unchanged) {}

    private record Listed(
            String id,
            String name,
            String email,
            String status,
            String currency,
            String monthlyLimit,
            @Nullable String card,
            LocalDate createdOn) {}

    private record Shown(
            String id,
            String name,
            String status,
            AccessAnswer access,
            String creditBalance,
            String accountBalance,
            String owed,
            Month month,
            String currency,
            @Nullable String card,
            String email,
            @Nullable String emailRefused,
            List<HeldItem> held) {}

    private record AccessAnswer(boolean allowed, @Nullable String code) {}

    private record Month(String period, String cost, String credits, String accrued, String limit) {}

    @Command(name = "import", description = "Adds and updates accounts from a CSV file: all of it or nothing.")
    Answer importFile(@Parameters(paramLabel = "FILE", description = "CSV with a header.") Path file) {
        var counts = accounts.importFile(file);
        ledger.grantAllowances();
        return Answer.of(
                new Imported(file.toString(), counts.added(), counts.updated(), counts.unchanged()),
                file + ": " + counts.added() + " added, " + counts.updated() + " updated, " + counts.unchanged()
                        + " unchanged");
    }

    @Command(name = "list", description = "Lists all accounts.")
    Answer list() {
        return Answer.of(new Listing<>(
                accounts::each,
                AccountCommands::listed,
                List.of("ID", "NAME", "E-MAIL", "STATUS", "LIMIT", "CARD"),
                account -> List.of(
                        account.id(),
                        account.name(),
                        account.email(),
                        account.status(),
                        limit(account),
                        cardOf(account)),
                "There are no accounts: ./postpaid accounts import FILE adds some"));
    }

    private static Listed listed(Account account) {
        var card = account.card();
        return new Listed(
                account.id(),
                account.name(),
                account.email(),
                account.status().name(),
                account.currency(),
                Amounts.exact(account.monthlyLimit(), account.currency()),
                card == null ? null : card.label(),
                account.createdOn());
    }

    @Command(name = "show", description = "Shows an account: its access, credit, and month to date.")
    Answer show(@Parameters(paramLabel = "ID") String id) {
        var standing = access.standing(id);
        var account = standing.account();
        var month = standing.month();
        var money = transfers.standing(id);
        boolean allowed = standing.access() == AccessDecision.ALLOWED;
        var shown = new Shown(
                id,
                account.name(),
                account.status().name(),
                new AccessAnswer(allowed, allowed ? null : standing.access().name()),
                Amounts.exact(standing.credit(), account.currency()),
                Amounts.exact(money.balance(), account.currency()),
                Amounts.exact(money.owed(), account.currency()),
                new Month(
                        month.period().toString(),
                        Amounts.exact(month.cost(), account.currency()),
                        Amounts.exact(month.credits(), account.currency()),
                        Amounts.exact(month.accrued(), account.currency()),
                        Amounts.exact(account.monthlyLimit(), account.currency())),
                account.currency(),
                account.card() == null ? null : account.card().label(),
                account.email(),
                outbox.refusal(id, account.email()).orElse(null),
                held.ofAccount(id));
        var refused = shown.emailRefused();
        var text = new Table("ACCOUNT", id)
                .row("name", account.name())
                .row("e-mail", account.email() + (refused == null ? "" : " (REFUSED: " + refused + ")"))
                .row("status", shown.status())
                .row("access", standing.access())
                .row("card", cardOf(account))
                .row("credit left", shown.creditBalance() + " " + shown.currency())
                .row("account balance", shown.accountBalance() + " " + shown.currency())
                .row("owed for credit taken back", shown.owed() + " " + shown.currency())
                .row("month " + month.period(), shown.month().cost() + " " + shown.currency())
                .row("  covered by credit", shown.month().credits() + " " + shown.currency())
                .row("  to be charged", shown.month().accrued() + " " + shown.currency())
                .row("  limit", shown.month().limit() + " " + shown.currency());
        shown.held()
                .forEach(item -> text.row(
                        "held", item.step() + ", " + item.item() + ": " + item.reason() + ", " + item.detail()));
        return Answer.of(shown, text.toString());
    }

    private record NewCard(String id, String card, List<Charged> charges) {}

    private record Charged(String invoice, String outcome) {}

    @Sandboxed
    @Command(
            name = "card",
            description = "Attaches a Stripe payment method, makes it the default, and charges what is open.")
    Answer card(
            @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "PAYMENT_METHOD", description = "Such as pm_card_visa.") String paymentMethod) {
        var result = payments.newCard(id, paymentMethod);
        var charges = result.charges().stream()
                .map(charged -> new Charged(
                        charged.invoice(), charged.outcome().getClass().getSimpleName()))
                .toList();
        return switch (result.card()) {
            case CardOutcome.Attached(var card) -> {
                var text = new StringBuilder(id + " now pays with " + card.label());
                charges.forEach(charged -> text.append("\nInvoice ")
                        .append(charged.invoice())
                        .append(": ")
                        .append(charged.outcome()));
                yield Answer.of(new NewCard(id, card.label(), charges), text.toString());
            }
            case CardOutcome.Refused(var code, var message) ->
                throw new IllegalArgumentException("Stripe refuses " + paymentMethod + " (" + code + "): " + message);
            case CardOutcome.Unknown(var why, var silent) ->
                throw new IllegalArgumentException("It is not known whether " + paymentMethod + " was attached (" + why
                        + "): run the command again, or leave it to the next nightly run");
            case CardOutcome.NothingWanted() ->
                throw new IllegalStateException("account " + id + " wants no card after it was given " + paymentMethod);
        };
    }

    private record Limit(String id, String monthlyLimit, String currency, boolean requestApproved) {}

    private record Rejected(String id, String monthlyLimit, String currency, String reason) {}

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
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "Give an AMOUNT to set the limit, or --reject to reject the open request");
        }
        if (amount == null) {
            var why = Objects.requireNonNullElse(reason, "it does not fit the use of your account so far.");
            access.rejectLimit(id, why);
            var account = accounts.get(id);
            return Answer.of(
                    new Rejected(
                            id, Amounts.exact(account.monthlyLimit(), account.currency()), account.currency(), why),
                    "The request of " + id + " is rejected; its monthly limit stays at " + limit(account));
        }
        boolean approved = access.setLimit(id, amount, Objects.requireNonNullElse(reason, "set by an operator"));
        var account = accounts.get(id);
        return Answer.of(
                new Limit(id, Amounts.exact(account.monthlyLimit(), account.currency()), account.currency(), approved),
                "The monthly limit of " + id + " is " + limit(account) + (approved ? "; its request is approved" : ""));
    }

    private record Request(
            long id,
            String account,
            String amount,
            String currency,
            String monthlyLimit,
            String reason,
            Instant askedAt) {}

    @Command(name = "limit-requests", description = "Lists the open requests for a higher monthly limit.")
    Answer limitRequests() {
        return Answer.of(new Listing<Request>(
                each -> accounts.eachOpenLimitRequest(open -> each.accept(request(open))),
                request -> request,
                List.of("ACCOUNT", "ASKS FOR", "HAS", "", "SINCE", "REASON"),
                request -> List.of(
                        request.account(),
                        request.amount(),
                        request.monthlyLimit(),
                        request.currency(),
                        request.askedAt(),
                        request.reason()),
                "Nobody waits for a decision on a higher limit"));
    }

    private Request request(LimitRequest open) {
        var account = accounts.get(open.account());
        return new Request(
                open.id(),
                account.id(),
                Amounts.exact(open.amount(), account.currency()),
                account.currency(),
                Amounts.exact(account.monthlyLimit(), account.currency()),
                open.reason(),
                open.askedAt());
    }

    private static String limit(Account account) {
        return Amounts.exact(account.monthlyLimit(), account.currency()) + " " + account.currency();
    }

    private static String cardOf(Account account) {
        Card card = account.card();
        var wanted = account.paymentMethodWanted();
        return (card == null ? "none" : card.label()) + (wanted == null ? "" : " (" + wanted + " to be attached)");
    }
}
