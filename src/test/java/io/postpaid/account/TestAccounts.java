package io.postpaid.account;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.template.CurrencySettings;
import io.postpaid.platform.template.Seller;
import io.postpaid.platform.template.TemplateFiles;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Accounts on a test's database, for the tests of other packages. */
public final class TestAccounts {
    private TestAccounts() {}

    /** A seller in Austria who charges this tax. */
    static Seller seller(Seller.Tax tax) {
        return new Seller(
                "Seller",
                List.of("Wien"),
                "AT",
                "",
                "s@s.test",
                "",
                "https://s.test/{number}",
                List.of(),
                List.of(tax));
    }

    public static Accounts on(DataSource database) {
        var jdbc = JdbcClient.create(database);
        var currencies = CurrencySettings.load(TemplateFiles.builtIn());
        var lines = new AccountLines(jdbc, currencies, Seller.load(TemplateFiles.builtIn()));
        return new Accounts(
                new AccountImport(jdbc, lines, new AliasImport(jdbc), currencies),
                jdbc,
                new JdbcTransactionManager(database),
                new BillingClock(Instant.parse("2026-11-01T08:00:00Z")));
    }
}
