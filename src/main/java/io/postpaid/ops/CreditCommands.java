package io.postpaid.ops;

import io.postpaid.account.Accounts;
import io.postpaid.calendar.BillingClock;
import io.postpaid.credit.CreditGrant;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.GrantKind;
import io.postpaid.money.Amounts;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
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
