package io.postpaid.pricing.tax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.postpaid.account.TestAccounts;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.platform.template.Seller;
import io.postpaid.platform.template.TemplateFiles;
import io.postpaid.pricing.vies.TestVies;
import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

class TaxesTest {
    private static final String FILE = """
            rates:
              - {country: FI, category: standard, percent: "25.5", name: VAT, effective_from: 2024-09-01}
              - {country: CA, region: AB, percent: "5", name: GST, effective_from: 2026-01-01}
              - {country: DE, percent: 19, name: USt, effective_from: 2021-01-01, registration: OSS}
              - {country: EL, customer: consumer, percent: "24", name: FPA, effective_from: 2021-01-01}
            reverse_charge: {regions: [EU], seller: SE556677889901, note: "Reverse charge: the customer accounts for the VAT."}
            exempt: [{account: acme, reason: "Exemption certificate on file", until: 2027-12-31}]
            """;

    @TempDir
    private Path folder;

    private Path file;
    private JdbcClient jdbc;
    private Taxes taxes;

    @BeforeEach
    void open() {
        var database = TestDatabase.createDataSource();
        file = folder.resolve("taxes.yaml");
        jdbc = JdbcClient.create(database);
        taxes = new Taxes(
                new TaxStore(jdbc),
                TestAccounts.on(database),
                Seller.load(TemplateFiles.in(Path.of("templates"))),
                TestVies.off(database),
                new JdbcTransactionManager(database));
    }

    private Taxes.Imported imported(String yaml) {
        try {
            return taxes.importFile(Files.writeString(file, yaml));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> problems(String yaml) {
        return catchThrowableOfType(RefusedFileException.class, () -> imported(yaml)).problems().stream()
                .map(problem -> problem.replace(file + ", ", ""))
                .toList();
    }

    @Test
    void theExampleOfTheManualIsTaken() {
        assertThat(taxes.rules()).isInstanceOf(SellerTaxes.class);
        assertThat(imported(FILE)).isEqualTo(new Taxes.Imported(6, 0, 0));
        assertThat(taxes.rules()).isEqualTo(taxes.table());

        var table = taxes.table();
        assertThat(table.rates())
                .extracting(rate -> rate.key() + ": " + rate.percent() + " " + rate.name() + rate.registration())
                .containsExactly(
                        "the rate of CA AB for standard from 2026-01-01: 5 GST",
                        "the rate of DE for standard from 2021-01-01: 19 UStOSS",
                        "the rate of FI for standard from 2024-09-01: 25.5 VAT",
                        "the rate of GR for standard to a consumer from 2021-01-01: 24 FPA");
        assertThat(table.home()).isEqualTo("SE");
        assertThat(table.exemptions())
                .containsExactly(new Exemption("acme", "Exemption certificate on file", LocalDate.parse("2027-12-31")));

        assertThat(imported(FILE)).isEqualTo(new Taxes.Imported(0, 0, 6));
        assertThat(imported(FILE.replace("25.5", "24").replace("2027-12-31", "2026-12-31")))
                .isEqualTo(new Taxes.Imported(0, 2, 4));
    }

    @Test
    void everyProblemIsToldWithItsPlace() {
        assertThat(problems("""
                rates:
                  - {country: XX, percent: 101, name: "", effective_from: 2026-02-30, customer: all, state: AB}
                  - {country: FI, percent: "-1", name: VAT, effective_from: 2026-01-01}
                  - {country: DE, percent: 19, name: VAT, effective_from: 2026-01-01}
                  - {country: DE, percent: 20, name: VAT, effective_from: 2026-01-01}
                reverse_charge: {regions: [US], seller: SE1, note: ""}
                exempt: [{account: acme, reason: x, until: never}, {account: acme, reason: y}]
                """))
                .containsExactly(
                        "rates[0].state: is not a known key, which are [category, country, customer, effective_from, name,"
                                + " percent, region, registration]",
                        "rates[0].country: is 'XX': must be a country code such as FI",
                        "rates[0].customer: is 'all': must be business, consumer or any",
                        "rates[0].percent: is '101': must be a percentage such as \"25.5\"",
                        "rates[0].name: is '': must be a name such as VAT",
                        "rates[0].effective_from: is '2026-02-30': must be a day such as 2026-01-01",
                        "rates[1].percent: is '-1': must be a percentage such as \"25.5\"",
                        "rates[3]: the rate of DE for standard from 2026-01-01 stands in rates[2] already",
                        "exempt[0].until: is 'never': must be a day such as 2026-01-01",
                        "exempt[1]: acme stands there already",
                        "reverse_charge.regions: must be [EU], the one region that is known",
                        "reverse_charge.seller: is 'SE1': must be the seller's own tax id such as SE556677889901",
                        "reverse_charge.note: is '': must be the sentence that invoices print");
        assertThat(problems("")).containsExactly(file + ": must have the keys rates, reverse_charge and exempt");
        assertThat(problems("rates: [a")).singleElement().asString().contains("line ");
        assertThat(problems("exempt: [{account: acme, reason: x}]"))
                .singleElement()
                .asString()
                .contains("has no rates");
        assertThat(taxes.table().rates()).isEmpty();
        assertThat(taxes.table().exemptions()).isEmpty();
    }

    @Test
    void aRateThatAnInvoiceUsedStays() {
        imported(FILE);
        jdbc.sql("""
                insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                values ('acme', 'A', 'a@a.test', 'USD', 100, 20, '2026-01-01');
                insert into product (id, unit, listed_unit) values ('text', 'word', 'word');
                insert into price (product, currency, effective_from, model, per) values ('text', 'USD', '2026-01-01', 'per_unit', 1);
                insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due)
                values ('acme', '2026-10-01', 'USD', '{"name":"A","email":"a@a.test"}', '2026-11-01', '2026-11-08', 10, 0, 2.55, 12.55, 12.55);
                insert into invoice_tax (invoice, position, category, rate, name, percent, base, tax)
                select 1, 1, 'S', id, name, percent, 10, 2.55 from tax_rate where country = 'FI';
                insert into invoice_line (invoice, position, product, usage_period, price, tier, quantity, unit, unit_price, listed_unit, amount)
                values (1, 1, 'text', '2026-10-01', 1, 1, 10, 'word', 1, 'word', 10)""").update();
        // A draft is drawn up again.
        assertThat(imported(FILE.replace("25.5", "25.6"))).isEqualTo(new Taxes.Imported(0, 1, 5));
        assertThat(imported(FILE)).isEqualTo(new Taxes.Imported(0, 1, 5));
        jdbc.sql("update invoice set status = 'OPEN', number = '2026-000001', year = 2026")
                .update();

        var used = " would change what invoice 2026-000001 for 2026-10 charged: add it with a later effective_from";
        assertThat(problems(FILE.replace("25.5", "26")))
                .containsExactly("rates[0]: the rate of FI for standard from 2024-09-01" + used);
        var next = "rates: [{country: FI, percent: 26, name: VAT, effective_from: %s}]";
        assertThat(problems(next.formatted("2026-10-31")))
                .containsExactly("rates[0]: the rate of FI for standard from 2026-10-31" + used);
        assertThat(imported(next.formatted("2026-11-01"))).isEqualTo(new Taxes.Imported(1, 0, 0));
    }
}
