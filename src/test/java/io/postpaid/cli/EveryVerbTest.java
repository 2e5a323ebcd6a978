package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Every command there is: it changes nothing, or the audit log says who did it, and with which words. */
class EveryVerbTest {
    /** What reads, writes files only, or has a database of its own. */
    private static final Set<String> READS = Set.of(
            "accounts export",
            "accounts limit-requests",
            "accounts list",
            "accounts show",
            "approvals",
            "audit",
            "backup",
            "bank list",
            "bench",
            "credits list",
            "demo",
            "doctor",
            "events deliver",
            "events list",
            "events show",
            "events status",
            "explain",
            "held",
            "invoices list",
            "invoices pdf",
            "invoices show",
            "invoices xml",
            "journal export",
            "journal list",
            "keys list",
            "mail list",
            "payments list",
            "prices list",
            "rates list",
            "reconcile",
            "rehearse",
            "report",
            "runs",
            "runs show",
            "serve",
            "taxes list",
            "usage mappings",
            "usage try",
            "verify",
            "worker");

    private static final String PRICES = """
            currency: USD
            products: {calls: {unit: call}}
            prices: [{product: calls, effective_from: 2026-01-01, amount: "0.10"}]
            """;

    private static final String ACCOUNTS = """
            id,name,email,country,monthly_limit,free_credit,payment_method
            acme,Acme,billing@acme.test,US,1000,0,pm_card_visa
            beta,Beta,billing@beta.test,US,1000,0,
            """;

    private final Set<String> tried = new TreeSet<>();
    private CommandLine postpaid;
    private JdbcClient books;

    @BeforeEach
    void open(@TempDir Path home) {
        postpaid = new CommandLine(home).with("POSTPAID_APPROVE_ABOVE", "60");
        books = JdbcClient.create(new DriverManagerDataSource(postpaid.database(), "postgres", ""));
    }

    @Test
    void whatAPersonChangesIsWrittenDown(@TempDir Path files) throws IOException {
        postpaid.at("2026-10-01T10:00:00Z");
        changes("prices import", file(files, "prices.yaml", PRICES));
        changes("accounts import", file(files, "accounts.csv", ACCOUNTS));
        changes("taxes import", file(files, "taxes.yaml", """
                rates: [{country: FI, percent: "25.5", name: VAT, effective_from: 2024-09-01}]
                """));
        changes("rates import", file(files, "rates.csv", "Date,USD\n2026-09-30,1.17\n"));
        changes(
                "accounts import",
                file(files, "aliases.csv", "id,name,email,aliases\nacme,Acme,billing@acme.test,cus_1\n"));
        changes("accounts card", "acme", "pm_card_mastercard");
        changes("accounts limit", "acme", "900", "--reason", "asked");
        changes("accounts suspend", "acme", "--reason", "abuse");
        changes("accounts reactivate", "acme");
        changes("accounts hold", "acme", "--reason", "a question about its usage");
        changes("accounts release", "acme");
        changes("keys create", "acme");
        changes(
                "keys revoke",
                books.sql("select id from api_key").query(String.class).single());
        changes("portal", "acme");
        changes("credits grant", "acme", "5", "--kind", "GOODWILL");
        changes("credits top-up", "acme", "20", "--reference", "T1");
        changes("credits refund", "acme", "T1", "10");

        postpaid.at("2026-10-02T10:00:00Z");
        changes(
                "usage ingest",
                file(
                        files,
                        "usage.ndjson",
                        usage("u1", "acme", 500) + usage("u2", "beta", 600) + usage("u3", "nobody", 1)));
        changes("run nightly", "--date", "2026-10-02");
        postpaid.must(
                "accounts", "import", file(files, "more.csv", ACCOUNTS + "nobody,Nobody,n@nobody.test,US,100,0,\n"));
        changes(
                "usage quarantine",
                "--release",
                books.sql("select id from usage_quarantine").query(String.class).single());

        postpaid.at("2026-11-01T10:00:00Z");
        postpaid.must("run", "nightly", "--date", "2026-11-01");
        changes("run monthly", "--period", "2026-10");
        books.sql("update batch_job_execution set status = 'FAILED', exit_code = 'FAILED' where job_execution_id = 3")
                .update();
        changes("rerun", "3");
        changes("run close", "--period", "2026-10");
        changes("payments record", number("beta"), "10", "--reference", "SEPA-1");
        changes("bank import", file(files, "bank.sta", """
                :20:A
                :25:FI2112345600000785
                :60F:C261101USD0,00
                :61:261101C7,00NTRFX
                :62F:C261101USD7,00
                -
                """));
        changes("bank match", "1", "--ignore", "--reason", "a gift");
        changes("invoices credit", number("beta"), "5", "--reason", "an outage");
        changes("payments refund", number("acme"), "5", "--reason", "an outage");
        changes("payments write-off", number("beta"), "--reason", "gone");
        postpaid.with("postpaid.person", "somebody").must("credits", "grant", "acme", "80", "--kind", "PROMO");
        postpaid.with("postpaid.person", "another");
        changes("approve", waiting());
        postpaid.with("postpaid.person", "somebody").must("credits", "grant", "acme", "90", "--kind", "PROMO");
        postpaid.with("postpaid.person", "another");
        changes("reject", waiting());
        postpaid.must("payments", "record", "acme", "30", "--reference", "SEPA-2");
        changes("payments send-back", "acme", "10", "--reference", "BACK-1", "--reason", "asked for it");
        changes(
                "mail resend",
                books.sql("select max(id) from notice where status = 'SENT'")
                        .query(String.class)
                        .single());
        books.sql("""
                        insert into held (step, item, reason, detail, first_at, last_at, runs)
                        values ('sweep-events', 'event evt_odd charge.refunded 1790000000 ch_odd', 'ODD', 'odd', now(), now(), '{1}')""").update();
        changes("payments dismiss-event", "evt_odd", "--reason", "not ours");
        events();

        postpaid.at("2027-03-01T10:00:00Z");
        changes("usage archive", "--before", "2026-11");

        erases(file(files, "gone.csv", "id,name,email\ngone,Gone,g@gone.test\n"));
        restores(files);
        assertThat(tried).isEqualTo(changing());
    }

    /** All that was done above, once more elsewhere. */
    private void restores(Path files) {
        var backup = files.resolve("backup").toString();
        postpaid.must("backup", backup);
        var again = new CommandLine(files.resolve("restored")).at("2027-03-02T10:00:00Z");
        again.must("restore", backup);
        var lift = new ArrayList<>(List.of("match", "--lift", "--accept"));
        again.run("match", "--json").json().get("next_numbers").forEach(number -> {
            lift.add("--next-number");
            lift.add(number.stringValue());
        });
        again.must(lift.toArray(String[]::new));
        again.must("verify");
        assertThat(JdbcClient.create(new DriverManagerDataSource(again.database(), "postgres", ""))
                        .sql("select source from audit_told where what = 'restored' order by id")
                        .query(String.class)
                        .list())
                .contains("postpaid restore " + backup, "postpaid " + String.join(" ", lift));
        tried.addAll(Set.of("restore", "match"));
    }

    /** The words of commands go with the account, but for those that erased it. */
    private void erases(String gone) {
        tried.add("accounts erase");
        postpaid.must("accounts", "import", gone);
        postpaid.must("accounts", "erase", "gone", "--reason", "asked for");
        assertThat(books.sql(
                                "select distinct source from audit_told where item = 'gone' and not starts_with(source, 'sha256:')")
                        .query(String.class)
                        .list())
                .containsExactly("postpaid accounts erase gone --reason asked for");
    }

    private void events() throws IOException {
        var gateway = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        gateway.createContext("/", call -> {
            call.sendResponseHeaders(204, -1);
            call.close();
        });
        gateway.start();
        try {
            postpaid.with(
                            "POSTPAID_EVENTS_URL",
                            "http://127.0.0.1:" + gateway.getAddress().getPort() + "/")
                    .with("POSTPAID_EVENTS_SECRET", "whsec_" + "A".repeat(32));
            books.sql("update event_receiver set off_since = now(), off_because = 'it is silent'")
                    .update();
            changes("events resume");
            postpaid.must("events", "deliver");
            changes(
                    "events send-again",
                    books.sql("select 'evt_' || replace(id::text, '-', '') from outgoing_event order by n limit 1")
                            .query(String.class)
                            .single());
        } finally {
            gateway.stop(0);
        }
    }

    private static String file(Path folder, String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static String usage(String id, String account, int calls) {
        return """
                {"id":"%s","account":"%s","product":"calls","quantity":"%d","occurred_at":"2026-10-01T12:00:00Z"}
                """.formatted(id, account, calls);
    }

    private String number(String account) {
        return books.sql("select number from invoice where account = :account")
                .param("account", account)
                .query(String.class)
                .single();
    }

    private String waiting() {
        return books.sql("select id from approval where status = 'WAITING'")
                .query(String.class)
                .single();
    }

    private void changes(String verb, String... arguments) {
        tried.add(verb);
        var typed =
                Stream.concat(Stream.of(verb.split(" ")), Stream.of(arguments)).toArray(String[]::new);
        var seen = books.sql("select coalesce(max(id), 0) from audit_told")
                .query(Long.class)
                .single();
        postpaid.must(typed);
        var source = "postpaid " + String.join(" ", typed);
        assertThat(books.sql(
                                "select count(*) from audit_told where id > :seen and starts_with(source, :source) and who <> 'system'")
                        .param("seen", seen)
                        .param("source", source)
                        .query(Long.class)
                        .single())
                .as(source)
                .isPositive();
        assertThat(books.sql("select count(*) from audit_told where id > :seen and not starts_with(source, :source)")
                        .param("seen", seen)
                        .param("source", source)
                        .query(Long.class)
                        .single())
                .as(source + " by nobody")
                .isZero();
    }

    private static Set<String> changing() {
        var all = new TreeSet<String>();
        leaves(PostpaidCommand.line(""), "", all);
        assertThat(all).containsAll(READS);
        all.removeAll(READS);
        // Needs what only the profile spark builds; it writes files of usage as ingest does, whose insert is written
        // down.
        assertThat(all.remove("usage aggregate")).isTrue();
        return all;
    }

    private static void leaves(picocli.CommandLine command, String path, Set<String> found) {
        var runs = command.getCommandSpec().userObject();
        if (runs instanceof Method || runs instanceof Callable<?>) found.add(path.strip());
        command.getSubcommands().forEach((name, sub) -> leaves(sub, path + " " + name, found));
    }
}
