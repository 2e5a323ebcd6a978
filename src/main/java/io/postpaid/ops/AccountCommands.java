package io.postpaid.ops;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.account.Card;
import io.postpaid.calendar.BillingClock;
import io.postpaid.calendar.BillingPeriod;
import io.postpaid.money.Amounts;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "accounts", description = "The customers that are billed.")
final class AccountCommands {
    @Autowired
    private Accounts accounts;

    @Autowired
    private BillingClock clock;

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
            String status,
            @Nullable Access access,
            @Nullable String creditBalance,
            Month month,
            String currency) {}

    private record Access(boolean allowed, @Nullable String code) {}

    private record Month(
            String period,
            @Nullable String cost,
            @Nullable String credits,
            @Nullable String accrued,
            String limit) {}

    @Command(name = "import", description = "Adds and updates accounts from a CSV file: all of it or nothing.")
    Answer importFile(@Parameters(paramLabel = "FILE", description = "CSV with a header.") Path file) {
        var counts = accounts.importFile(file);
        return Answer.of(
                new Imported(file.toString(), counts.added(), counts.updated(), counts.unchanged()),
                file + ": " + counts.added() + " added, " + counts.updated() + " updated, " + counts.unchanged()
                        + " unchanged");
    }

    @Command(name = "list", description = "Lists all accounts.")
    Answer list() {
        var all = accounts.list();
        var table = new Table("ID", "NAME", "E-MAIL", "STATUS", "LIMIT", "CARD");
        all.forEach(account -> table.row(
                account.id(), account.name(), account.email(), account.status(), limit(account), cardOf(account)));
        return Answer.of(
                all.stream().map(AccountCommands::listed).toList(),
                table.orElse("There are no accounts: ./postpaid accounts import FILE adds some"));
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
        var account = accounts.get(id);
        var period = BillingPeriod.of(clock.today());
        var text = new Table("ACCOUNT", account.id())
                .row("name", account.name())
                .row("e-mail", account.email())
                .row("status", account.status())
                .row("card", cardOf(account))
                .row("monthly limit", limit(account))
                .row("period", period);
        return Answer.of(
                new Shown(
                        account.id(),
                        account.status().name(),
                        null,
                        null,
                        new Month(
                                period.toString(),
                                null,
                                null,
                                null,
                                Amounts.exact(account.monthlyLimit(), account.currency())),
                        account.currency()),
                text.toString());
    }

    private record Wanted(String id, String paymentMethodWanted) {}

    @Command(name = "card", description = "Attaches a Stripe payment method and makes it the default.")
    Answer card(
            @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "PAYMENT_METHOD", description = "Such as pm_card_visa.") String paymentMethod) {
        accounts.wantCard(id, paymentMethod);
        return Answer.of(
                new Wanted(id, paymentMethod),
                "Account " + id + " will have " + paymentMethod + " attached by the next nightly or monthly run");
    }

    private record Limit(String id, String monthlyLimit, String currency, boolean requestApproved) {}

    @Command(name = "limit", description = "Sets the monthly limit, which approves an open request.")
    Answer limit(
            @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "AMOUNT", description = "Such as 250.00.") BigDecimal amount,
            @Option(names = "--reason", defaultValue = "set by an operator", description = "Kept in the history.")
                    String reason) {
        boolean approved = accounts.setLimit(id, amount, reason);
        var account = accounts.get(id);
        return Answer.of(
                new Limit(id, Amounts.exact(account.monthlyLimit(), account.currency()), account.currency(), approved),
                "The monthly limit of " + id + " is " + limit(account) + (approved ? "; its request is approved" : ""));
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
