package io.postpaid.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.platform.template.CurrencySettings;
import io.postpaid.platform.template.Seller;
import io.postpaid.platform.template.TemplateFiles;
import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

class AccountsTest {
    private static final BillingClock CLOCK = new BillingClock(Instant.parse("2026-11-01T08:00:00Z"));

    @TempDir
    private Path folder;

    private DataSource database;
    private JdbcClient jdbc;
    private Accounts accounts;
    private LimitRequests limits;
    private CardsOnFile cards;

    @BeforeEach
    void open() {
        database = TestDatabase.createDataSource();
        jdbc = JdbcClient.create(database);
        accounts = new Accounts(
                importing(Seller.load(TemplateFiles.builtIn())), jdbc, new JdbcTransactionManager(database), CLOCK);
        limits = new LimitRequests(accounts, jdbc, CLOCK);
        cards = new CardsOnFile(accounts, jdbc, new JdbcTransactionManager(database));
    }

    private AccountImport importing(Seller seller) {
        var currencies = CurrencySettings.load(TemplateFiles.builtIn());
        return new AccountImport(jdbc, new AccountLines(jdbc, currencies, seller), new AliasImport(jdbc), currencies);
    }

    private Path file(String text) {
        try {
            return Files.writeString(folder.resolve("accounts.csv"), text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void columnsAreTakenByNameAndTheRestHasDefaults() {
        assertThat(accounts.importFile(file("\uFEFFemail,id,name\na@acme.test,acme,\"Acme, Inc.\"\n")))
                .isEqualTo(new AccountsImported(1, 0, 0));

        assertThat(accounts.get("acme"))
                .isEqualTo(new Account(
                        "acme",
                        "Acme, Inc.",
                        "a@acme.test",
                        new Address("", "", "", "", "", ""),
                        "",
                        "USD",
                        new BigDecimal("100.00"),
                        new BigDecimal("20.00"),
                        AccountStatus.ACTIVE,
                        null,
                        null,
                        null,
                        LocalDate.parse("2026-11-01"),
                        "",
                        new Buyer("", "", "", ""),
                        List.of(),
                        null));
    }

    @Test
    void everyColumnIsKept() {
        accounts.importFile(file("""
                id,name,email,line1,line2,city,state,postal_code,country,tax_id,currency,monthly_limit,free_credit,payment_method,created_on,business,buyer_reference,peppol_id,language
                b,Böhm,b@b.test,Weg 1,Hof,Wien,W,1010,Austria,ATU1,EUR,250.50,0,pm_card_visa,2026-01-31,yes,04011000-1,9914:ATU1,de-AT
                """));

        assertThat(accounts.get("b"))
                .isEqualTo(new Account(
                        "b",
                        "Böhm",
                        "b@b.test",
                        new Address("Weg 1", "Hof", "Wien", "W", "1010", "AT"),
                        "ATU1",
                        "EUR",
                        new BigDecimal("250.50"),
                        new BigDecimal("0"),
                        AccountStatus.ACTIVE,
                        "pm_card_visa",
                        null,
                        null,
                        LocalDate.parse("2026-01-31"),
                        "",
                        new Buyer("yes", "04011000-1", "9914:ATU1", "de-AT"),
                        List.of(),
                        null));
        assertThat(accounts.list())
                .filteredOn(account -> account.paymentMethodWanted() != null)
                .extracting(Account::id)
                .containsExactly("b");
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            id             | a b        | 'a b' is not an id: 1 to 100 characters without spaces or slashes
            id             | a/b        | 'a/b' is not an id: 1 to 100 characters without spaces or slashes
            id             | ``         | is empty
            name           | ``         | is empty
            email          | nobody     | 'nobody' is not an e-mail address such as pay@example.com
            email          | a..b@x.com | 'a..b@x.com' is not an e-mail address: before the @ stand ASCII letters, digits and signs, and single dots between them
            email          | é@x.com    | 'é@x.com' is not an e-mail address: before the @ stand ASCII letters, digits and signs, and single dots between them
            email          | x@exa_m.io | 'x@exa_m.io' is not an e-mail address: behind the @ stands no domain name
            email          | x@-a.com   | 'x@-a.com' is not an e-mail address: behind the @ stands no domain name
            email          | a@b@c.com  | 'a@b@c.com' is not an e-mail address: before the @ stand ASCII letters, digits and signs, and single dots between them
            email          | x@localhost | 'x@localhost' is not an e-mail address: behind the @ stands no full domain name such as example.com
            email          | x@a..com   | 'x@a..com' is not an e-mail address: behind the @ stands no domain name
            email          | x@1.2.3.4  | 'x@1.2.3.4' is not an e-mail address: behind the @ stands no full domain name such as example.com
            country        | Germny     | 'Germny' is not a country code such as DE
            currency       | BGN        | 'BGN' cannot be billed: it is no longer in use: EUR replaced it
            currency       | CLF        | 'CLF' cannot be billed: it is a unit of account, not money that can be paid
            country        | Atlantis   | 'Atlantis' is not a country code such as US
            currency       | usd        | 'usd' is not a currency such as USD
            currency       | XXX        | 'XXX' cannot be billed: it stands for no currency
            monthly_limit  | -1         | '-1' is not an amount such as 100.00
            monthly_limit  | 1e3        | '1e3' is not an amount such as 100.00
            monthly_limit  | 1.005      | '1.005' is not an amount such as 100.00
            free_credit    | free       | 'free' is not an amount such as 20.00
            payment_method | pm card    | 'pm card' is not a payment method such as pm_card_visa
            business       | maybe      | 'maybe' is neither yes nor no
            peppol_id      | 88:1       | '88:1' is not a Peppol id such as 0088:7300010000001
            language       | German     | 'German' is not a language such as de or pt-BR
            created_on     | 2026-02-30 | '2026-02-30' is not a day such as 2026-10-31
            created_on     | +999999999-12-31 | '+999999999-12-31' is not a day such as 2026-10-31
            """)
    void aBadValueIsToldWithItsPlace(String column, String value, String problem) {
        var values = new LinkedHashMap<>(Map.of("id", "acme", "name", "Acme", "email", "a@a.test"));
        values.put(column, value);
        var csv = file(String.join(",", values.keySet()) + "\n" + String.join(",", values.values()) + "\n");

        assertThatThrownBy(() -> accounts.importFile(csv))
                .hasMessage("Nothing was imported from " + csv + ": one problem\n  " + csv + ", line 2, column "
                        + column + ": " + problem);
        assertThat(accounts.list()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            KWD | 12.345  | 0.005 |
            KWD | 12.3456 | 0     | '12.3456' is not an amount such as 100.000
            JPY | 12000   | 500   |
            JPY | 12000   | 0.5   | '0.5' is not an amount such as 20
            USD | 12.3400 | 0     |
            """)
    void anAmountHasTheDecimalsOfItsCurrency(
            String currency, BigDecimal limit, BigDecimal credit, @Nullable String problem) {
        var csv = file("id,name,email,currency,monthly_limit,free_credit\nacme,Acme,a@a.test,%s,%s,%s\n"
                .formatted(currency, limit, credit));
        if (problem != null) {
            assertThatThrownBy(() -> accounts.importFile(csv)).hasMessageEndingWith(problem);
            return;
        }
        accounts.importFile(csv);
        assertThat(accounts.get("acme").monthlyLimit()).isEqualByComparingTo(limit);
        assertThat(accounts.get("acme").freeCredit()).isEqualByComparingTo(credit);
        assertThat(limits.setLimit("acme", limit, "the same")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "XK,XK",
        "Kosovo,XK",
        "UK,GB",
        "England,GB",
        "Turkey,TR",
        "Türkiye,TR",
        "The Netherlands,NL",
        "Holland,NL",
        "usa,US",
        "United States of America,US",
        "DEU,DE",
        "Deutschland,DE",
        "Czech Republic,CZ",
        "EL,GR",
        "South Korea,KR",
        "Republic of Korea,KR",
        "Vatican City,VA",
        "Russian Federation,RU",
        "Cote d'Ivoire,CI",
        "Hong Kong,HK",
        "Viet Nam,VN"
    })
    void aCountryIsUnderstoodAsItIsWritten(String text, String code) {
        accounts.importFile(file("id,name,email,country\nacme,Acme,a@a.test,\"" + text + "\"\n"));
        assertThat(accounts.get("acme").address().country()).isEqualTo(code);
    }

    @Test
    void anAddressInOtherLettersBehindTheAtIsTaken() {
        accounts.importFile(file("id,name,email\nacme,Acme,rechnung@müller.example\n"));
        assertThat(accounts.get("acme").email()).isEqualTo("rechnung@müller.example");
    }

    @Test
    void aCurrencyWithoutDefaultsNeedsItsOwnValues() {
        var csv = file("id,name,email,currency,monthly_limit\nwon,Won,w@w.test,KRW,100000\nyen,Yen,y@y.test,JPY,\n");

        assertThat(catchThrowableOfType(RefusedFileException.class, () -> accounts.importFile(csv))
                        .problems())
                .containsExactly(
                        csv + ", line 2, column free_credit: is empty, and KRW has no default: write an amount, or set"
                                + " free_credit for it in templates/currencies.yaml",
                        csv
                                + ", line 3, column monthly_limit: is empty, and JPY has no default: write an amount, or set"
                                + " monthly_limit for it in templates/currencies.yaml",
                        csv + ", line 3, column free_credit: is empty, and JPY has no default: write an amount, or set"
                                + " free_credit for it in templates/currencies.yaml");
    }

    @Test
    void whatIsKnownOfTheBuyerStaysWithoutItsColumns() {
        accounts.importFile(file("""
                id,name,email,business,buyer_reference,peppol_id,language
                acme,Acme,pay@acme.test,yes,04011000-1,9914:ATU1,de
                """));
        accounts.importFile(file("id,name,email\nacme,Acme Ltd,pay@acme.test\n"));
        assertThat(accounts.get("acme").buyer()).isEqualTo(new Buyer("yes", "04011000-1", "9914:ATU1", "de"));

        accounts.importFile(file("id,name,email,business,peppol_id,language\nacme,Acme Ltd,pay@acme.test,,,fr\n"));
        assertThat(accounts.get("acme").buyer()).isEqualTo(new Buyer("", "04011000-1", "", "fr"));
        assertThat(jdbc.sql("select detail from account_event where event = 'DETAILS_CHANGED' order by id desc limit 1")
                        .query(String.class)
                        .single())
                .isEqualTo(
                        "business \"yes\" to \"\", peppol_id \"9914:ATU1\" to \"\", language \"de\" to \"fr\" by import");
    }

    @Test
    void thePurchaseOrderAndFurtherAddressesAreColumnsToo() {
        accounts.importFile(file("""
                id,name,email,purchase_order,billing_emails
                acme,Acme,pay@acme.test,PO-7,books@acme.test cfo@acme.test
                """));
        assertThat(accounts.get("acme").purchaseOrder()).isEqualTo("PO-7");
        assertThat(accounts.get("acme").billingEmails()).containsExactly("books@acme.test", "cfo@acme.test");

        // Without the columns both stay; who becomes the first address gets each mail once.
        assertThat(accounts.importFile(file("id,name,email\nacme,Acme,Books@acme.test\n")))
                .isEqualTo(new AccountsImported(0, 1, 0));
        assertThat(accounts.get("acme").purchaseOrder()).isEqualTo("PO-7");
        assertThat(accounts.get("acme").billingEmails()).containsExactly("cfo@acme.test");

        assertThat(accounts.put(Map.of(
                        "id",
                        "acme",
                        "name",
                        "Acme",
                        "email",
                        "Books@acme.test",
                        "purchase_order",
                        "",
                        "billing_emails",
                        "")))
                .isEqualTo(new AccountsImported(0, 1, 0));
        assertThat(accounts.get("acme").purchaseOrder()).isEmpty();
        assertThat(accounts.get("acme").billingEmails()).isEmpty();
        assertThat(jdbc.sql("select detail from account_event where event = 'DETAILS_CHANGED' order by id")
                        .query(String.class)
                        .list())
                .containsExactly(
                        "email \"pay@acme.test\" to \"Books@acme.test\", mails also to cfo@acme.test by import",
                        "purchase_order \"PO-7\" to \"\", mails also to nobody by API");
    }

    @Test
    void aTaxIdThatFreesOfTheTaxHasTheFormOfItsCountry() {
        var german =
                importing(TestAccounts.seller(new Seller.Tax("DE", "USt", new BigDecimal("19"), "Reverse charge")));
        var importing = new Accounts(german, jdbc, new JdbcTransactionManager(database), CLOCK);
        var csv = file(
                "id,name,email,country,tax_id\na,A,a@a.test,DE,n/a\nb,B,b@b.test,DE,DE 123 456 789\nc,C,c@c.test,US,n/a\n");

        assertThatThrownBy(() -> importing.importFile(csv))
                .hasMessage("Nothing was imported from " + csv + ": one problem\n  " + csv
                        + ", line 2, column tax_id: 'n/a' is"
                        + " not a tax id of DE: correct it, or leave it empty where the customer has none");
    }

    @ParameterizedTest
    @CsvSource({
        "DE,DE123456789,true", "DE,123456789,true", "DE,de 123.456.789,true", "DE,n/a,false", "DE,DE12345678,false",
        "DE,ATU12345678,false", "GR,EL123456789,true", "GR,123456789,true", "IE,IE6388047V,true", "IE,IE3628739UH,true",
        "NL,NL123456789B01,true", "SE,SE556677889901,true", "FR,none,false", "GB,GB123456789,true",
                "US,12-3456789,true",
        "CH,CHE-123.456.789 MWST,true", "AU,51 824 753 556,true", "IN,n/a,false", "IN,27AAPFU0939F1ZV,true",
                "US,none,false"
    })
    void aTaxIdHasTheFormOfItsCountry(String country, String id, boolean valid) {
        assertThat(TaxIds.valid(country, id)).isEqualTo(valid);
    }

    @Test
    void allBadLinesAreToldAndNothingIsImported() {
        var csv = file("""
                id,name,email
                good,Good,g@g.test
                bad,Bad
                bad,Bad,nobody
                good,Again,g@g.test
                """);

        assertThat(catchThrowableOfType(RefusedFileException.class, () -> accounts.importFile(csv))
                        .problems())
                .containsExactly(
                        csv + ", line 3: has 2 fields, and the header 3",
                        csv + ", line 4, column email: 'nobody' is not an e-mail address such as pay@example.com",
                        csv + ", line 5, column id: 'good' stands in line 2 already: give each account one line");
        assertThat(accounts.list()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            id,name,email,colour | line 1, column colour: is not a column of accounts
            id,name              | line 1, column email: is missing in the header
            id,name,email,id     | line 1, column id: stands twice in the header
            ''                   | is empty: its first line must name the columns
            """)
    void aHeaderThatCannotBeUsedIsTold(String header, String problem) {
        assertThatThrownBy(() -> accounts.importFile(file(header))).hasMessageContaining(problem);
    }

    @Test
    void aFileThatCannotBeReadIsTold() throws IOException {
        var missing = folder.resolve("missing.csv");
        assertThatThrownBy(() -> accounts.importFile(missing))
                .hasMessage("There is no file " + missing + ": check its name and folder");
        assertThatThrownBy(() -> accounts.importFile(folder)).hasMessage(folder + " is a directory: name a file");
        var latin = Files.write(folder.resolve("latin.csv"), new byte[] {'i', 'd', (byte) 0xE9});
        assertThatThrownBy(() -> accounts.importFile(latin))
                .hasMessage(latin + " is not UTF-8 text: convert it to UTF-8");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            id,name,email,line2,monthly_limit,free_credit,payment_method;acme,Acme,a@a.test,,,,                        | 0/0/1 | Acme 100.00 20.00 pm_card_visa
            id,name,email;acme,Acme,a@a.test                                                                           | 0/0/1 | Acme 100.00 20.00 pm_card_visa
            id,name,email;acme,Acme Ltd,a@a.test                                                                       | 0/1/0 | Acme Ltd 100.00 20.00 pm_card_visa
            id,name,email,monthly_limit;acme,Acme,a@a.test,500                                                         | 0/1/0 | Acme 500 20.00 pm_card_visa
            id,name,email,monthly_limit;acme,Acme,a@a.test,100                                                         | 0/0/1 | Acme 100.00 20.00 pm_card_visa
            id,name,email,free_credit;acme,Acme,a@a.test,99                                                            | 0/0/1 | Acme 100.00 20.00 pm_card_visa
            id,name,email,payment_method;acme,Acme,a@a.test,pm_card_visa                                               | 0/0/1 | Acme 100.00 20.00 pm_card_visa
            id,name,email,payment_method;acme,Acme,a@a.test,pm_card_amex                                               | 0/1/0 | Acme 100.00 20.00 pm_card_amex
            id,name,email;acme,Acme,a@a.test;beta,Beta,b@b.test                                                        | 1/0/1 | Acme 100.00 20.00 pm_card_visa
            """)
    void importingAgainChangesWhatTheFileSays(String csv, String counts, String account) {
        accounts.importFile(file("id,name,email,payment_method\nacme,Acme,a@a.test,pm_card_visa\n"));

        var imported = accounts.importFile(file(csv.replace(';', '\n')));

        assertThat(imported.added() + "/" + imported.updated() + "/" + imported.unchanged())
                .isEqualTo(counts);
        var acme = accounts.get("acme");
        assertThat(acme.name() + " " + acme.monthlyLimit() + " " + acme.freeCredit() + " " + acme.paymentMethodWanted())
                .isEqualTo(account);
    }

    @Test
    void anAttachedCardIsNotAskedForAgainByTheSameFile() {
        var csv = file("id,name,email,payment_method\nacme,Acme,a@a.test,pm_card_visa\n");
        accounts.importFile(csv);
        cards.customerCreated(accounts.get("acme"), "cus_1");
        cards.attached("acme", new Card("pm_1", "visa", "4242", LocalDate.parse("2030-12-31"), "US"));

        assertThat(accounts.importFile(csv)).isEqualTo(new AccountsImported(0, 0, 1));
        assertThat(accounts.list()).allMatch(account -> account.paymentMethodWanted() == null);
        assertThat(accounts.get("acme").card())
                .isNotNull()
                .extracting(Card::label)
                .isEqualTo("Visa ending 4242");
    }

    @Test
    void theCurrencyNeverChanges() {
        accounts.importFile(file("id,name,email\nacme,Acme,a@a.test\n"));
        var csv = file("id,name,email,currency\nbeta,Beta,b@b.test,USD\nacme,Other,a@a.test,EUR\n");

        assertThatThrownBy(() -> accounts.importFile(csv))
                .hasMessage("Nothing was imported from " + csv + ": one problem\n  " + csv
                        + ", line 3, column currency: 'EUR' cannot be, account 'acme' is billed in USD, and the"
                        + " currency of an account never changes");
        assertThat(accounts.list()).extracting(Account::name).containsExactly("Acme");
    }

    /** What the file alone shows and what only the accounts show are one list. */
    @Test
    void allProblemsAreListedTogether() {
        accounts.importFile(file("id,name,email\nacme,Acme,a@a.test\n"));
        var csv = file("""
                id,name,email,currency,monthly_limit,free_credit
                acme,Other,a@a.test,EUR,,
                beta,Beta,nobody,USD,,
                yen,Yen,y@y.test,JPY,,0
                beta,Beta,b@b.test,USD,,
                big,Big,b@b.test,USD,1000000000000,
                """);

        assertThat(catchThrowableOfType(RefusedFileException.class, () -> accounts.importFile(csv))
                        .problems())
                .extracting(problem -> problem.replace(csv + ", ", "").replaceFirst(": .*", ""))
                .containsExactly(
                        "line 2, column currency",
                        "line 3, column email",
                        "line 4, column monthly_limit",
                        "line 5, column id",
                        "line 6, column monthly_limit");
        assertThat(accounts.list()).extracting(Account::name).containsExactly("Acme");
    }

    /** More lines than are read at a time, each of them once. */
    @Test
    void aLongFileIsReadSomeLinesAtATime() {
        var lines = new StringBuilder("id,name,email\n");
        for (int n = 0; n < 10_001; n++) lines.append("a%1$d,A%1$d,a%1$d@a.test\n".formatted(n));
        assertThat(accounts.importFile(file(lines.toString())).added()).isEqualTo(10_001);
        lines.append("a0,Again,a@a.test\n");
        assertThatThrownBy(() -> accounts.importFile(file(lines.toString())))
                .hasMessageContaining("line 10003, column id: 'a0' stands in line 2 already");
    }

    @Test
    void whatHappensToAnAccountStandsInItsHistory() {
        accounts.importFile(file("id,name,email\nacme,Acme,a@a.test\n"));
        jdbc.sql("insert into limit_request (account, amount, asked_at) values ('acme', 400, now())")
                .update();

        assertThat(accounts.suspend("acme", "unpaid")).isTrue();
        assertThat(accounts.suspend("acme", "unpaid")).isFalse();
        assertThat(accounts.get("acme").suspended()).isTrue();
        assertThat(accounts.reactivate("acme", "paid")).isTrue();
        assertThat(accounts.reactivate("acme", "paid")).isFalse();
        assertThat(limits.setLimit("acme", new BigDecimal("400"), "growing")).isPresent();
        assertThat(limits.setLimit("acme", new BigDecimal("300"), "again")).isEmpty();
        cards.want("acme", "pm_card_visa");

        assertThat(jdbc.sql(
                                "select event || ': ' || detail from account_event where at = '2026-11-01T08:00Z' order by id")
                        .query(String.class)
                        .list())
                .isEqualTo(List.of(
                        "SUSPENDED: unpaid",
                        "REACTIVATED: paid",
                        "LIMIT_SET: 400 USD: growing",
                        "LIMIT_SET: 300 USD: again",
                        "CARD_WANTED: pm_card_visa"));
        assertThat(jdbc.sql("select status from limit_request")
                        .query(String.class)
                        .list())
                .containsExactly("APPROVED");
        assertThatThrownBy(() -> limits.setLimit("acme", new BigDecimal("1.001"), ""))
                .hasMessage(
                        "The monthly limit of account 'acme' cannot be set: 1.001 USD has more than 2 decimals: give an amount such as 25.00");
        assertThatThrownBy(() -> accounts.suspend("nobody", ""))
                .hasMessage("There is no account 'nobody': ./postpaid accounts list shows them");
    }

    @Test
    void aLargeFileIsOneTransaction() {
        var csv = file(IntStream.range(0, 10_001)
                .mapToObj(i -> "a" + i + ",Name " + i + ",a" + i + "@a.test")
                .collect(Collectors.joining("\n", "id,name,email\n", "\n")));

        assertThat(accounts.importFile(csv)).isEqualTo(new AccountsImported(10_001, 0, 0));
        assertThat(accounts.importFile(csv)).isEqualTo(new AccountsImported(0, 0, 10_001));
        assertThat(accounts.findAll(List.of("a7", "a10000", "none"))).hasSize(2);
    }
}
