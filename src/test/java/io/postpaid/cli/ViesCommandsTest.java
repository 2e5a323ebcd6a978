package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.sandbox.ViesStandIn;
import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A month whose reverse charge depends on what VIES says, from silence to the invoices. */
class ViesCommandsTest {
    private static final String TAXES = """
            rates:
              - {country: SE, percent: "25", name: Moms, effective_from: 2020-01-01}
              - {country: FI, percent: "25.5", name: VAT, effective_from: 2024-09-01}
            reverse_charge: {regions: [EU], seller: SE556677889901, note: "Reverse charge: the customer accounts for the VAT."}
            """;
    /** More than a step may hold for one reason of their own. */
    private static final int FRENCH = 24;

    @TempDir
    private Path folder;

    private CommandLine postpaid;
    private ViesStandIn vies;
    private JdbcClient jdbc;

    @BeforeEach
    void open() throws IOException {
        vies = ViesStandIn.start(() -> Instant.parse("2026-11-01T09:00:00Z"));
        postpaid = new CommandLine(folder.resolve("home"))
                .at("2026-11-01T09:00:00Z")
                .with("POSTPAID_VIES_URL", vies.base());
        var database = new PGSimpleDataSource();
        database.setUrl(postpaid.database());
        database.setUser("postgres");
        jdbc = JdbcClient.create(database);
        postpaid.must(
                "accounts",
                "import",
                file(
                        "accounts.csv",
                        """
                id,name,email,country,tax_id,business,currency,free_credit,monthly_limit
                finn,Finn,finn@a.example,FI,,no,EUR,0,1000
                oy,Oy,oy@a.example,FI,FI20774740,,EUR,0,1000
                gmbh,Gmbh,gmbh@a.example,DE,129273398,yes,EUR,0,1000
                hellas,Hellas,hellas@a.example,GR,EL094259216,yes,EUR,0,1000
                roma,Roma,roma@a.example,IT,IT00743110157,yes,EUR,0,1000
                home,Home,home@a.example,SE,SE556677889901,yes,EUR,0,1000
                idle,Idle,idle@a.example,DE,DE136695976,yes,EUR,0,1000
                """
                                + IntStream.range(0, FRENCH)
                                        .mapToObj(i -> "fr%d,Fr,fr%d@a.example,FR,FR40303265045,yes,EUR,0,1000%n"
                                                .formatted(i, i))
                                        .collect(Collectors.joining())));
        postpaid.must("prices", "import", file("prices.yaml", """
                currency: EUR
                products: {text: {unit: word}}
                prices: [{product: text, effective_from: 2026-01-01, amount: "0.01"}]
                """));
        postpaid.must("taxes", "import", file("taxes.yaml", TAXES));
        postpaid.must("rates", "import", file("rates.csv", "Date,SEK\n2026-10-30,10.9540\n"));
        var used = IntStream.range(0, FRENCH).mapToObj(i -> used("fr" + i)).collect(Collectors.joining());
        for (var account : new String[] {"finn", "oy", "gmbh", "hellas", "roma", "home"}) used += used(account);
        postpaid.must("usage", "ingest", file("october.ndjson", used));
    }

    @AfterEach
    void close() {
        vies.close();
    }

    @Test
    void whoIsNotConfirmedWaitsAndTheOthersAreBilled() throws IOException {
        vies.say("FI20774740", ViesStandIn.INVALID);
        vies.say("IT00743110157", ViesStandIn.INVALID);
        vies.say("FR", "MS_UNAVAILABLE");
        postpaid.must("run", "nightly", "--date", "2026-11-01");
        assertThat(vies.asked()).isEmpty();
        postpaid.must("run", "monthly", "--period", "2026-10");

        // The ones who depend on it and no others; a country that is silent is soon left alone.
        assertThat(vies.asked().stream().filter(id -> !id.startsWith("FR")))
                .containsExactlyInAnyOrder(
                        "FI20774740 by SE556677889901",
                        "DE129273398 by SE556677889901",
                        "EL094259216 by SE556677889901",
                        "IT00743110157 by SE556677889901");
        assertThat(vies.asked().stream().filter(id -> id.startsWith("FR")).count())
                .isBetween(3L, 7L);
        assertThat(tax("gmbh")).matches("AE 0 0.00 WAPI\\d{12}");
        assertThat(tax("hellas")).matches("AE 0 0.00 WAPI\\d{12}");
        assertThat(tax("home")).isEqualTo("S 25 2.50 ");
        assertThat(tax("finn")).isEqualTo("S 25.5 2.55 ");
        assertThat(tax("oy")).matches("S 25.5 2.55 VIES answer \\d+");
        var number = number("gmbh");
        var consultation = tax("gmbh").split(" ")[3];
        assertThat(postpaid.must("invoices", "show", number).out()).contains(consultation);
        assertThat(postpaid.must("explain", number).out())
                .contains("(reverse charge): Reverse charge: the customer accounts for the VAT. " + consultation);
        assertThat(postpaid.must("held").out())
                .contains(
                        "VAT_ID_NOT_CONFIRMED",
                        "its tax id FR40303265045 is not confirmed: VIES did not answer on 2026-11-01 (MS_UNAVAILABLE",
                        "VIES does not know the tax id IT00743110157 (asked on 2026-11-01), and no tax rate of IT fits");
        assertThat(postpaid.must("verify").out()).contains("All ", "3 taxes by an answer of VIES, 0 by Stripe Tax");

        vies.say("FR", "VALID");
        vies.say("IT00743110157", "VALID");
        postpaid.at("2026-11-02T09:00:00Z").must("run", "nightly", "--date", "2026-11-02");
        assertThat(tax("fr7")).matches("AE 0 0.00 WAPI\\d{12}");
        assertThat(tax("roma")).matches("AE 0 0.00 WAPI\\d{12}");
        assertThat(postpaid.must("held").out()).contains("Nothing is held");
        postpaid.must("verify");
        // By what VIES had answered then, however long ago that is.
        postpaid.at("2027-06-02T09:00:00Z");
        assertThat(postpaid.must("rehearse", "--period", "2026-10").out()).contains("Rehearsed 2026-10: 0 of ");
    }

    @Test
    void whatWasAnsweredIsNotAskedAgainByARerun() {
        jdbc.sql("""
                create function disk_is_full() returns trigger language plpgsql as $$
                begin
                    raise disk_full;
                end $$;
                create trigger disk_is_full before insert on invoice for each statement execute function disk_is_full()""").update();
        postpaid.must("run", "nightly", "--date", "2026-11-01");
        assertThat(postpaid.run("run", "monthly", "--period", "2026-10").exitCode())
                .isOne();
        int asked = vies.asked().size();
        assertThat(asked).isBetween(5, 5 + FRENCH);

        vies.close();
        jdbc.sql("drop trigger disk_is_full on invoice").update();
        postpaid.must("rerun", "--failed");
        assertThat(tax("gmbh")).matches("AE 0 0.00 WAPI\\d{12}");
        assertThat(tax("roma")).matches("AE 0 0.00 WAPI\\d{12}");
        assertThat(jdbc.sql("select count(*) from vies_answer")
                        .query(Integer.class)
                        .single())
                .isEqualTo(asked);
    }

    private String tax(String account) {
        var taxes = postpaid.must("invoices", "show", number(account), "--json")
                .json()
                .path("taxes");
        assertThat(taxes).hasSize(1);
        var tax = taxes.path(0);
        return "%s %s %s %s"
                .formatted(
                        tax.path("category").asString(),
                        tax.path("percent").asString(),
                        tax.path("tax").asString(),
                        tax.path("evidence").asString());
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

    private static String used(String account) {
        return """
                {"id":"%1$s","account":"%1$s","product":"text","quantity":"1000","occurred_at":"2026-10-03T12:00:00Z"}
                """.formatted(account);
    }
}
