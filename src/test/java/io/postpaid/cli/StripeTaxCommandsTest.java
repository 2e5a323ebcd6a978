package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** A month whose taxes Stripe Tax calculates. */
class StripeTaxCommandsTest {
    private static final String ACCOUNTS = """
            id,name,email,line1,city,state,postal_code,country,tax_id,business,currency,free_credit,monthly_limit
            seattle,Sea,sea@a.example,1 Pike St,Seattle,WA,98101,US,,,USD,0,1000
            newyork,Ny,ny@a.example,1 Wall St,New York,NY,10005,US,,,USD,2.50,1000
            austin,Au,au@a.example,1 Congress,Austin,TX,78701,US,,,USD,0,1000
            fresno,Fr,fr@a.example,1 Main,Fresno,CA,93650,US,,,USD,0,1000
            salem,Sa,sa@a.example,1 Main,Salem,OR,97301,US,,,USD,0,1000
            nowhere,No,no@a.example,1 Main,Nowhere,WA,lost,US,,,USD,0,1000
            quebec,Qu,qu@a.example,1 Rue,Quebec,QC,G1A 0A2,CA,,,USD,0,1000
            gmbh,Gm,gm@a.example,Weg 1,Berlin,,10115,DE,DE129273398,yes,USD,0,1000
            finn,Fi,fi@a.example,Tie 1,Turku,,20100,FI,,no,USD,0,1000
            urs,Ur,ur@a.example,Gasse 1,Bern,,3000,CH,,,USD,0,1000
            covered,Co,co@a.example,1 Pike St,Seattle,WA,98101,US,,,USD,100,1000
            """;

    @TempDir
    private Path folder;

    private CommandLine postpaid;
    private JdbcClient jdbc;

    @BeforeEach
    void open() throws IOException {
        postpaid = new CommandLine(folder.resolve("home"))
                .at("2026-11-01T09:00:00Z")
                .with("POSTPAID_TAX", "stripe")
                .with("POSTPAID_TAX_CURRENCY", "none")
                .with("POSTPAID_STRIPE_TAX_CODES", "standard=txcd_10000000 books=txcd_35010000");
        var database = new PGSimpleDataSource();
        database.setUrl(postpaid.database());
        database.setUser("postgres");
        jdbc = JdbcClient.create(database);
        postpaid.must("accounts", "import", file("accounts.csv", ACCOUNTS));
        postpaid.must("prices", "import", file("prices.yaml", """
                currency: USD
                products: {text: {unit: word}, novel: {unit: word, tax_category: books}, odd: {unit: word, tax_category: odd}}
                prices:
                  - {product: text, effective_from: 2026-01-01, amount: "0.01"}
                  - {product: novel, effective_from: 2026-01-01, amount: "0.01"}
                  - {product: odd, effective_from: 2026-01-01, amount: "0.01"}
                """));
        var used = Stream.of(ACCOUNTS.split("\n"))
                .skip(1)
                .map(line -> line.split(",")[0])
                .map(account -> used(account, "text", 1003))
                .collect(Collectors.joining());
        used += used("fresno", "novel", 2001) + used("finn", "novel", 2001) + used("newyork", "novel", 2001);
        postpaid.must("usage", "ingest", file("october.ndjson", used));
        postpaid.must("run", "nightly", "--date", "2026-11-01");
    }

    @Test
    void ofOtherCountriesTheTaxFileDecides() throws IOException {
        postpaid.with("POSTPAID_STRIPE_TAX_COUNTRIES", "US");
        postpaid.must("taxes", "import", file("taxes.yaml", """
                rates: [{country: FI, percent: "25.5", name: ALV, effective_from: 2026-01-01}]
                """));
        postpaid.must("run", "monthly", "--period", "2026-10");
        assertThat(taxes("seattle")).isEqualTo("S Sales tax 10.35 on 10.03 = 1.04");
        // It knows no category of its own for books, and no seller outside of Finland.
        assertThat(postpaid.must("held").out()).contains("finn", "no tax rate of FI fits books for a consumer");
        assertThat(taxes("quebec")).isEqualTo("G  0 on 10.03 = 0.00");
        postpaid.must("verify");
    }

    @Test
    void eachInvoiceBearsWhatStripeCalculated() throws IOException {
        postpaid.must("run", "monthly", "--period", "2026-10");
        // 6.5 % and 3.85 %, each rounded by its jurisdiction: 0.65 + 0.39.
        assertThat(taxes("seattle")).isEqualTo("S Sales tax 10.35 on 10.03 = 1.04");
        // Credit of 2.50 is taken off before: three jurisdictions on two amounts, which are one tax.
        assertThat(taxes("newyork")).matches("S Sales tax 8\\.8\\d* on 27.54 = 2.4\\d");
        assertThat(taxes("austin")).isEqualTo("S Sales tax 6.6 on 10.03 = 0.66");
        assertThat(taxes("fresno")).isEqualTo("S Sales tax 7.25 on 20.01 = 1.45; E  0 on 10.03 = 0.00");
        assertThat(taxes("salem")).isEqualTo("G  0 on 10.03 = 0.00");
        assertThat(taxes("quebec")).isEqualTo("S GST + QST 14.975 on 10.03 = 1.50");
        assertThat(taxes("gmbh")).isEqualTo("AE  0 on 10.03 = 0.00");
        assertThat(taxes("finn")).isEqualTo("S VAT 14 on 20.01 = 2.80; S VAT 25.5 on 10.03 = 2.56");
        assertThat(taxes("urs")).isEqualTo("G  0 on 10.03 = 0.00");
        // Nothing is left to be taxed, and nobody is asked.
        assertThat(taxes("covered")).isEqualTo("O  0 on 0.00 = 0.00");
        assertThat(calculations()).isEqualTo(9);
        assertThat(postpaid.must("invoices", "show", number("gmbh")).out())
                .contains("Reverse charge: the customer accounts for the VAT.", "taxcalc_");
        assertThat(postpaid.must("invoices", "show", number("fresno")).out())
                .contains("The product is exempt from tax");
        assertThat(postpaid.must("explain", number("seattle")).out())
                .contains("Sales tax 10.35 % on 10.03", "taxcalc_", "Every sum is as printed");
        assertThat(postpaid.must("held").out())
                .contains(
                        "TAX_NOT_CALCULATED",
                        "customer_tax_location_invalid",
                        "The customer's location isn't recognized");
        assertThat(postpaid.must("verify").out()).contains("All ", "11 by Stripe Tax");
        assertThat(jdbc.sql("select answer::text from stripe_tax_calculation where answer is not null")
                        .query(String.class)
                        .list())
                .noneMatch(answer -> answer.contains("address"));

        assertThat(recorded()).isEqualTo(9);

        // Its part of what was charged.
        postpaid.must("invoices", "credit", number("seattle"), "11.07", "--reason", "an outage");
        postpaid.must("verify");

        postpaid.at("2026-11-02T09:00:00Z");
        postpaid.must("accounts", "import", file("moved.csv", """
                id,name,email,line1,city,state,postal_code,country,currency
                nowhere,No,no@a.example,1 Main,Olympia,WA,98501,US,USD
                """));
        postpaid.must("run", "nightly", "--date", "2026-11-02");
        assertThat(taxes("nowhere")).isEqualTo("S Sales tax 6.5 on 10.03 = 0.65");
        postpaid.must("verify");
        assertThat(postpaid.must("rehearse", "--period", "2026-10").out()).contains("Rehearsed 2026-10: 0 of ");
        // Also by whoever has turned it off since.
        assertThat(postpaid.with("POSTPAID_TAX", "table")
                        .must("rehearse", "--period", "2026-10")
                        .out())
                .contains("Rehearsed 2026-10: 0 of ");
        // Its invoice, and the credit note.
        assertThat(recorded()).isEqualTo(11);
        assertThat(atStripe()).hasSize(11).contains("CN-2026-000001 -1107", number("nowhere") + " 1003");
    }

    @Test
    void whatWasCalculatedIsNotAskedForAgain() {
        jdbc.sql("""
                create function disk_is_full() returns trigger language plpgsql as $$
                begin
                    raise disk_full;
                end $$;
                create trigger disk_is_full before insert on invoice for each statement execute function disk_is_full()""").update();
        assertThat(postpaid.run("run", "monthly", "--period", "2026-10").exitCode())
                .isOne();
        assertThat(calculations()).isEqualTo(9);
        jdbc.sql("drop trigger disk_is_full on invoice").update();
        postpaid.must("rerun", "--failed");
        assertThat(calculations()).isEqualTo(9);
        assertThat(taxes("seattle")).isEqualTo("S Sales tax 10.35 on 10.03 = 1.04");
    }

    /** It dies behind the call, before it has written what came of it: within a day the key gives the same answer. */
    @Test
    void anInvoiceIsRecordedOnce() {
        jdbc.sql("""
                create function disk_is_full() returns trigger language plpgsql as $$
                begin
                    raise disk_full;
                end $$;
                create trigger disk_is_full before update on stripe_tax_transaction
                    for each statement execute function disk_is_full()""").update();
        assertThat(postpaid.run("run", "monthly", "--period", "2026-10").exitCode())
                .isOne();
        int claimed = jdbc.sql("select count(*) from stripe_tax_transaction")
                .query(Integer.class)
                .single();
        assertThat(claimed).isBetween(1, 9);
        assertThat(recorded()).isZero();
        jdbc.sql("drop trigger disk_is_full on stripe_tax_transaction").update();
        postpaid.must("rerun", "--failed");
        assertThat(recorded()).isEqualTo(9);
        assertThat(atStripe()).hasSize(9).doesNotHaveDuplicates();
    }

    @Test
    void whatStripeRefusesToRecordIsListedAndStopsNoOther() {
        postpaid.must("run", "monthly", "--period", "2026-10");
        jdbc.sql("insert into credit_note (invoice, year, number, issued_on, amount, tax, settled, reason)"
                        + " select id, 2026, 'CN-2026-000001', '2026-11-01', 1.10, 0.10, 1.10, 'x'"
                        + " from invoice where account = 'seattle'")
                .update();
        jdbc.sql("insert into credit_note_tax (credit_note, invoice, tax, base, amount)"
                        + " select 1, id, 1, 1.00, 0.10 from invoice where account = 'seattle'")
                .update();
        jdbc.sql("set session_replication_role = replica;"
                        + " update stripe_tax_transaction set transaction = 'tax_other' where invoice ="
                        + " (select id from invoice where account = 'seattle')")
                .update();
        postpaid.at("2026-11-02T09:00:00Z").run("run", "nightly", "--date", "2026-11-02");
        assertThat(postpaid.must("held").out())
                .contains("NOT_RECORDED", "No such tax transaction: 'tax_other'", "credit note CN-2026-000001");
    }

    @Test
    void stripeThatIsDownStopsTheRunAndARerunGoesOn() {
        postpaid.with("STRIPE_API_KEY", "sk_test_other")
                .with("STRIPE_API_BASE", "http://127.0.0.1:1")
                .with("spring.mail.host", "127.0.0.1");
        // Who else calls Stripe stops here too.
        jdbc.sql("update account set customer_stale = false").update();
        var failed = postpaid.run("run", "monthly", "--period", "2026-10");
        assertThat(failed.exitCode()).isOne();
        assertThat(failed.err()).contains("calculate-taxes");
        assertThat(jdbc.sql("select count(*) from invoice").query(Integer.class).single())
                .isZero();
        postpaid.with("STRIPE_API_KEY", "").with("STRIPE_API_BASE", "").with("spring.mail.host", "");
        postpaid.must("rerun", "--failed");
        assertThat(taxes("seattle")).isEqualTo("S Sales tax 10.35 on 10.03 = 1.04");
        postpaid.must("verify");
    }

    @Test
    void aCategoryWithoutACodeHoldsTheAccount() throws IOException {
        postpaid.must("usage", "ingest", file("odd.ndjson", used("salem", "odd", 100)));
        postpaid.must("run", "nightly", "--date", "2026-11-01");
        postpaid.must("run", "monthly", "--period", "2026-10");
        assertThat(postpaid.must("held").out())
                .contains("NO_TAX_RATE", "no code of Stripe's is known for the tax category odd");
        assertThat(postpaid.with("POSTPAID_STRIPE_TAX_CODES", "odd")
                        .run("run", "nightly", "--date", "2026-11-02")
                        .err())
                .contains("POSTPAID_STRIPE_TAX_CODES has odd, which is not a category with a code");
    }

    private int recorded() {
        return jdbc.sql("select count(*) from stripe_tax_transaction where transaction is not null")
                .query(Integer.class)
                .single();
    }

    /** What the sandbox has, with the amount of the first line. */
    private List<String> atStripe() {
        try (var lines = Files.lines(folder.resolve("home/sandbox/stripe.journal"))) {
            return lines.map(line -> JsonMapper.shared().readTree(line))
                    .flatMap(line -> line.path("objects").valueStream())
                    .filter(object -> object.path("object").asString("").equals("tax.transaction"))
                    .map(object -> object.path("reference").asString() + " "
                            + object.at("/line_items/data/0/amount").asLong())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int calculations() {
        return jdbc.sql("select count(*) from stripe_tax_calculation where calculation is not null")
                .query(Integer.class)
                .single();
    }

    private String taxes(String account) {
        return postpaid.must("invoices", "show", number(account), "--json")
                .json()
                .path("taxes")
                .valueStream()
                .map(tax -> "%s %s %s on %s = %s"
                        .formatted(
                                tax.path("category").asString(),
                                tax.path("name").asString(),
                                tax.path("percent").asString(),
                                tax.path("base").asString(),
                                tax.path("tax").asString()))
                .collect(Collectors.joining("; "));
    }

    private String number(String account) {
        return jdbc.sql("select number from invoice where account = ?")
                .param(account)
                .query(String.class)
                .single();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static String used(String account, String product, int words) {
        return """
                {"id":"%1$s-%2$s","account":"%1$s","product":"%2$s","quantity":"%3$d","occurred_at":"2026-10-03T12:00:00Z"}
                """.formatted(account, product, words);
    }
}
