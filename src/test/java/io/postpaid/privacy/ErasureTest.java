package io.postpaid.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.StripeClient;
import io.postpaid.account.Accounts;
import io.postpaid.account.LimitRequests;
import io.postpaid.account.RefusedAccountException;
import io.postpaid.account.Spending;
import io.postpaid.billing.document.Documents;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.books.report.Verification;
import io.postpaid.credit.CreditLedger;
import io.postpaid.gate.access.Access;
import io.postpaid.gate.access.AccessDecision;
import io.postpaid.mail.Outbox;
import io.postpaid.payments.charging.World;
import io.postpaid.platform.batch.RunFailedException;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.CommandLine;
import io.postpaid.support.Killed;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import io.postpaid.web.portal.PortalLinks;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A customer with months of history is told all that is kept, and is erased; the books and everybody else stay as they are. */
class ErasureTest {
    private static final String PRICES = """
            currency: USD
            products: {calls: {unit: call}}
            prices: [{product: calls, effective_from: 2026-01-01, amount: "0.10"}]
            """;
    /** Whatever tells who ada is; bob has the same address for his mails. */
    private static final List<String> PERSON = List.of(
            "lovelace", "shared@mill.example", "second@mill.example", "new@mill.example", "Mill Lane", "PO-7788");

    private static final LocalDate LATER = LocalDate.of(2026, 12, 4);

    @TempDir
    private Path folder;

    private World world;
    private JdbcClient jdbc;
    private int files;

    @BeforeEach
    void start() throws IOException {
        world = new World(folder.resolve("home"), Map.of());
        jdbc = world.jdbc;
        world.application.moveTo(Instant.parse("2026-10-01T08:00:00Z"));
        get(PriceBooks.class).importFile(Files.writeString(folder.resolve("prices.yaml"), PRICES));
        importAccounts("ada,Ada Lovelace,shared@mill.example,second@mill.example,12 Mill Lane,PO-7788,pm_card_visa");
        importAccounts("bob,Bob Ltd,shared@mill.example,,Bob Street 1,,pm_card_visa");
    }

    @AfterEach
    void proveAndStop() {
        world.application.crashes.revive();
        try {
            assertThat(get(Verification.class).run())
                    .filteredOn(check -> !check.holds())
                    .isEmpty();
        } finally {
            world.close();
        }
    }

    @Test
    void aCustomerIsToldAllAndErasedWithTheBooksUnchanged() throws Exception {
        history();
        var told = export("ada");
        assertThat(told.keySet()).contains("account.jsonl", "audit_told.jsonl", "documents/2026-000001.pdf");
        assertThat(told.get("account.jsonl")).contains("Ada Lovelace", "12 Mill Lane", "\"monthly_limit\": \"100.00\"");
        assertThat(told.get("audit_told.jsonl")).contains("second@mill.example", "laptop of Lovelace");
        assertThat(told.get("account_alias.jsonl")).contains("gateway", "ada.lovelace");
        assertThat(told.get("limit_request.jsonl")).contains("Lovelace needs more");
        assertThat(told.get("usage_record.jsonl")).contains("\"quantity\": \"30\"");
        assertThat(told.get("usage_quarantine.jsonl")).contains("asked by lovelace");
        assertThat(told.get("notice.jsonl")).contains("second@mill.example");
        assertThat(told.get("invoice_line.jsonl")).contains("\"amount\": \"3.00\"");
        assertThat(told.get("api_key.jsonl")).contains("laptop of Lovelace");
        told.keySet().removeIf(name -> name.endsWith(".pdf"));
        assertThat(String.join("\n", told.values()))
                .doesNotContain("secret_hash", "token_hash", "Bob", "\"bob\"")
                .doesNotContainPattern("\"(amount|quantity|total)\": [0-9]");
        var of = tellers("ada");
        assertThat(of)
                .contains(
                        "account",
                        "account_alias",
                        "account_event",
                        "audit_personal",
                        "notice",
                        "usage_quarantine",
                        "limit_request");

        var books = books();
        var bobs = export("bob");
        var customer = jdbc.sql("select stripe_customer from account where id = 'ada'")
                .query(String.class)
                .single();
        assertThat(erase("ada")).isEqualTo(new Erasure.Result(false, java.util.Optional.empty()));

        assertThat(tellers("ada")).containsExactly("invoice");
        assertThat(books()).isEqualTo(books);
        var invoice = get(Invoices.class).find("2026-000001").orElseThrow();
        Files.delete(Path.of(get(Documents.class).pdf(invoice).place()));
        assertThat(get(Documents.class).pdf(invoice).place())
                .as("the same bytes again")
                .satisfies(file -> assertThat(Path.of(file)).exists());
        assertThat(export("bob")).isEqualTo(bobs);
        assertThat(stripe().v1().customers().retrieve(customer).getDeleted()).isTrue();
        assertThat(get(Access.class).standing("ada").access()).isEqualTo(AccessDecision.ACCOUNT_SUSPENDED);
        assertThat(count("spring_session where principal_name = 'ada'")).isZero();
        assertThat(count("api_key where account = 'ada' and revoked_at is null"))
                .isZero();
        assertThat(count("portal_link where account = 'ada'")).isZero();

        assertThat(erase("ada")).isEqualTo(new Erasure.Result(true, java.util.Optional.empty()));
        assertThat(books()).isEqualTo(books);
        closedForGood();
        goesOnForOthers();
    }

    private void closedForGood() {
        assertThatThrownBy(() -> importAccounts("ada,Ada Again,a@a.example,,,,"))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("'ada' was erased on 2026-12-04, and is not filled again");
        assertThatThrownBy(
                        () -> get(Accounts.class).put(Map.of("id", "ada", "name", "Ada Again", "email", "a@a.example")))
                .isInstanceOf(RefusedAccountException.class);
        assertThatThrownBy(() -> get(Accounts.class).pause("ada", "")).hasMessageContaining("is erased");
        assertThatThrownBy(() -> get(PortalLinks.class).make("ada", Duration.ofHours(1), null))
                .hasMessageContaining("is erased");
        assertThat(get(Outbox.class).notSent(100)).isEmpty();
        assertThatThrownBy(() -> get(Outbox.class)
                        .resend(get(Outbox.class)
                                .list(null, "ada", 1)
                                .getFirst()
                                .id()))
                .hasMessageContaining("is erased");
        assertThatThrownBy(() -> get(ApiKeys.class).ofAccount("ada", "")).hasMessageContaining("is erased");
        assertThatThrownBy(() -> jdbc.sql("update account set erased_at = null where id = 'ada'")
                        .update())
                .isInstanceOf(DataAccessException.class);
        assertThatThrownBy(() -> jdbc.sql("update account set name = 'Ada' where id = 'ada'")
                        .update())
                .hasMessageContaining("account_erased");
        assertThatThrownBy(() -> jdbc.sql("insert into account_alias (source, name, account) values ('', 'x', 'ada')")
                        .update())
                .hasMessageContaining("account ada is erased, and has no aliases");
    }

    private void goesOnForOthers() throws IOException {
        usage("ada", "5", "2026-12-05T10:00:00Z", "");
        usage("bob", "7", "2026-12-05T10:00:00Z", "");
        bill("2026-12");
        assertThat(count("invoice where account = 'bob'")).isEqualTo(3);
        assertThat(count("invoice where account = 'ada'")).isEqualTo(2);
        assertThat(count("usage_quarantine where account = 'ada' and reason = 'UNKNOWN_ACCOUNT'"))
                .isOne();
        assertThat(tellers("ada")).containsExactly("invoice");
    }

    @Test
    void whatIsOpenComesFirst() throws IOException {
        usage("ada", "30", "2026-10-10T10:00:00Z", "");
        assertThatThrownBy(() -> erase("ada")).hasMessageContaining("a card waits to be attached");
        night("2026-10-11");
        assertThatThrownBy(() -> erase("ada"))
                .isInstanceOf(StillOpenException.class)
                .hasMessageContaining("its usage of 2026-10 is not billed");
        world.gateway.loseAnswerOf = "confirm";
        world.gateway.loseCall = "get";
        night("2026-11-01");
        assertThatThrownBy(() -> get(Runs.class).monthly(BillingPeriod.parse("2026-10")))
                .isInstanceOf(RunFailedException.class);
        assertThatThrownBy(() -> erase("ada"))
                .hasMessageContaining("invoice 2026-000001 is not paid")
                .hasMessageContaining("it is not known what became of a charge for invoice 2026-000001");
        world.gateway.loseAnswerOf = null;
        world.gateway.loseCall = null;
        get(Runs.class).monthly(BillingPeriod.parse("2026-10"));
        get(io.postpaid.payments.settlement.AccountTransfers.class).record("ada", new BigDecimal("5"), "bank-1", null);
        assertThatThrownBy(() -> erase("ada")).hasMessageContaining("its balance is 5 USD: send it back");
        assertThat(count("erasure")).isZero();
        assertThat(get(Accounts.class).get("ada").name()).isEqualTo("Ada Lovelace");
        assertThatThrownBy(() -> get(Erasure.class).erase("nobody", "asked")).hasMessageContaining("no account");
    }

    @Test
    void aCustomerThatStripeDoesNotDeleteIsDeletedByNight() throws Exception {
        night("2026-10-02");
        world.gateway.loseCall = "deleteCustomer";
        assertThat(erase("ada").waitsFor()).isPresent();
        assertThat(tellers("ada")).isEmpty();
        var customer = jdbc.sql("select stripe_customer from erasure")
                .query(String.class)
                .single();
        assertThat(stripe().v1().customers().retrieve(customer).getDeleted()).isNull();
        night("2026-10-03");
        assertThat(count("held where reason = 'CUSTOMER_STILL_AT_STRIPE' and resolved_at is null"))
                .isOne();
        world.gateway.loseCall = null;
        world.gateway.loseAnswerOf = "deleteCustomer";
        night("2026-10-04");
        world.gateway.loseAnswerOf = null;
        night("2026-10-05");
        assertThat(stripe().v1().customers().retrieve(customer).getDeleted()).isTrue();
        assertThat(count("held where resolved_at is null")).isZero();
        assertThat(count("erasure where done_at is not null and stripe_customer is null"))
                .isOne();
    }

    @Test
    void everyPointOfTheWayMayBeTheLast() throws Exception {
        long points = 1;
        for (long point = 0; point < points; point++) {
            var id = "ada" + point;
            importAccounts(id + ",Ada Lovelace,shared@mill.example,,12 Mill Lane,PO-7788,pm_card_visa");
            world.attach(id);
            var customer = get(Accounts.class).get(id).stripeCustomer();
            world.application.crashes.killAfter(point);
            boolean died = false;
            try {
                erase(id);
            } catch (Killed dead) {
                died = true;
            }
            world.application.crashes.revive();
            var half = count("account where id = '" + id + "' and erased_at is not null");
            assertThat(count("erasure where account = '" + id + "'"))
                    .as("point %d", point)
                    .isEqualTo(half);
            assertThat(erase(id).waitsFor()).isEmpty();
            assertThat(count("erasure where done_at is not null and account = '" + id + "'"))
                    .isOne();
            assertThat(count("account_event where event = 'ERASED' and account = '" + id + "'"))
                    .isOne();
            assertThat(stripe().v1().customers().retrieve(customer).getDeleted())
                    .isTrue();
            if (died) points = point + 2;
        }
        assertThat(points).isGreaterThan(20);
    }

    @Test
    void onlyAnErasedAccountIsForgotten() {
        for (var change : List.of(
                "update account_event set detail = ''",
                "delete from audit_personal",
                "update audit_personal set source = ''",
                "update outgoing_event set data = event_of_nobody(data) || '{\"x\": 1}'")) {
            assertThatThrownBy(() -> jdbc.sql(change).update()).as(change).isInstanceOf(DataAccessException.class);
        }
        jdbc.sql("""
                set session_replication_role = replica;
                update audit_personal set after = after || '{"name": "Somebody"}' where after ->> 'name' = 'Bob Ltd';
                set session_replication_role = origin""").update();
        assertThat(get(Verification.class).run())
                .filteredOn(check -> !check.holds())
                .singleElement()
                .satisfies(check -> assertThat(check.examples().toString()).contains("other values of a person"));
        jdbc.sql("""
                set session_replication_role = replica;
                update audit_personal set after = after || '{"name": "Bob Ltd"}' where after ->> 'name' = 'Somebody';
                set session_replication_role = origin""").update();
    }

    @Test
    void theCommandsSayWhatTheyDid() throws IOException {
        var postpaid = new CommandLine(folder.resolve("commands")).at("2026-10-01T10:00:00Z");
        postpaid.must("accounts", "import", folder.resolve("accounts.csv").toString());
        var zip = folder.resolve("bob-all.zip");
        assertThat(postpaid.must("accounts", "export", "bob", "--out", zip.toString())
                        .out())
                .startsWith("All that is kept of bob is in ");
        try (var file = new ZipFile(zip.toFile())) {
            assertThat(file.getEntry("account.jsonl")).isNotNull();
        }
        assertThat(postpaid.run("accounts", "export", "nobody").exitCode()).isOne();
        assertThat(postpaid.run("accounts", "erase", "bob").exitCode()).isEqualTo(2);
        assertThat(postpaid.run("accounts", "erase", "bob", "--reason", "asked for")
                        .err())
                .contains("cannot be erased yet: a card waits to be attached at Stripe");
        postpaid.must("run", "nightly", "--date", "2026-10-01");
        assertThat(postpaid.must("accounts", "erase", "bob", "--reason", "asked for")
                        .out())
                .isEqualToIgnoringNewLines("bob is erased; nothing of it is left at Stripe");
        assertThat(postpaid.must("accounts", "erase", "bob", "--reason", "asked for", "--json")
                        .json()
                        .get("erased_before"))
                .hasToString("true");
        assertThat(postpaid.must("accounts", "show", "bob").out())
                .contains("erased")
                .doesNotContain("Bob");
        assertThat(postpaid.run("accounts", "reactivate", "bob").err()).contains("'bob' is erased: it stays closed");
        assertThat(postpaid.run("accounts", "card", "bob", "pm_card_visa").err())
                .contains("is erased");
        assertThat(postpaid.must("audit", "--account", "bob").out())
                .doesNotContain("Bob")
                .contains("sha256:");
        postpaid.must("verify");
    }

    private void history() throws Exception {
        importAccounts("ada,Ada Lovelace,shared@mill.example,second@mill.example,12 Mill Lane,PO-7788-b,pm_card_visa");
        get(Accounts.class)
                .put(Map.of(
                        "id",
                        "ada",
                        "name",
                        "Ada Lovelace",
                        "email",
                        "shared@mill.example",
                        "buyer_reference",
                        "Desk of Lovelace",
                        "aliases",
                        "gateway:ada.lovelace"));
        jdbc.sql("insert into tax_exemption (account, reason) values ('ada', 'Certificate of Lovelace')")
                .update();
        get(LimitRequests.class).ask("ada", new BigDecimal("500"), "Lovelace needs more");
        get(Spending.class).alerts("ada", List.of(new Spending.Alert(50, null)));
        get(ApiKeys.class).ofAccount("ada", "laptop of Lovelace", Role.USAGE);
        get(PortalLinks.class).make("ada", Duration.ofHours(1), "https://lovelace.example/back");
        jdbc.sql("""
                insert into portal_address_change (token_hash, account, earlier, wanted, made_at, expires_at)
                values (sha256('x'), 'ada', 'shared@mill.example', 'new@mill.example', now(), now() + interval '1 hour')""").update();
        usage("ada", "30", "2026-10-10T10:00:00Z", "");
        usage("bob", "20", "2026-10-10T10:00:00Z", "");
        usage("ada", "-4", "2026-10-10T10:00:00Z", "asked by lovelace");
        bill("2026-10");
        usage("ada", "40", "2026-11-10T10:00:00Z", "");
        usage("bob", "10", "2026-11-10T10:00:00Z", "");
        bill("2026-11");
        world.application.moveTo(World.morning(LATER));
    }

    /** The tables in which something of the person stands, in rows that are not bob's. */
    private TreeSet<String> tellers(String id) {
        var found = new TreeSet<String>();
        for (var table : jdbc.sql("""
                        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                         where n.nspname = 'public' and c.relkind = 'r' order by 1""").query(String.class).list()) {
            for (var word : PERSON) {
                if (count("\"" + table + "\" t where t::text ilike '%" + word + "%' and t::text not ilike '%bob%'")
                        > 0) {
                    found.add(table);
                }
            }
        }
        return found;
    }

    /** The ledger, the invoices and their documents, and all that finance is told. */
    private Map<String, List<String>> books() {
        var books = new HashMap<String, List<String>>();
        var tables = new ArrayList<>(List.of(
                "posting",
                "invoice",
                "invoice_line",
                "settlement",
                "credit_grant",
                "monthly_cost",
                "account_balance",
                "invoice_document",
                "usage_record",
                "usage_journal",
                "payment_attempt"));
        tables.addAll(
                jdbc.sql("select viewname::text from pg_views where schemaname = 'public' and viewname like 'report%'")
                        .query(String.class)
                        .list());
        for (var table : tables) {
            // Reports call an account by its name of today.
            var row = table.startsWith("report") ? "(to_jsonb(t) - 'name')::text" : "t::text";
            books.put(
                    table,
                    jdbc.sql("select " + row + " from " + table + " t order by 1")
                            .query(String.class)
                            .list());
        }
        return books;
    }

    private Map<String, String> export(String id) throws IOException {
        var file = folder.resolve(id + ".zip");
        get(Export.class).write(id, file);
        var found = new TreeMap<String, String>();
        try (var zip = new ZipFile(file.toFile())) {
            for (var entry : zip.stream().toList()) {
                var bytes = zip.getInputStream(entry).readAllBytes();
                found.put(
                        entry.getName(),
                        new String(
                                bytes,
                                entry.getName().endsWith(".pdf")
                                        ? StandardCharsets.ISO_8859_1
                                        : StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    private Erasure.Result erase(String id) {
        return get(Erasure.class).erase(id, "asked for");
    }

    private void importAccounts(String line) throws IOException {
        get(Accounts.class).importFile(Files.writeString(folder.resolve("accounts.csv"), """
                id,name,email,billing_emails,line1,purchase_order,payment_method,country,free_credit
                %s,US,0
                """.formatted(line)));
        get(CreditLedger.class).grantAllowances();
    }

    private void usage(String account, String quantity, String at, String metadata) throws IOException {
        Files.writeString(get(Home.class).inbox().resolve("usage-" + ++files + ".ndjson"), """
                {"id":"r%d","account":"%s","product":"calls","quantity":"%s","occurred_at":"%s","outcome":"succeeded","metadata":{"note":"%s"}}
                """.formatted(
                        files, account, quantity, at, metadata));
    }

    private void night(String date) {
        world.application.moveTo(World.morning(LocalDate.parse(date)));
        get(Runs.class).nightly(LocalDate.parse(date));
    }

    private void bill(String month) {
        var period = BillingPeriod.parse(month);
        night(period.issuedOn().toString());
        get(Runs.class).monthly(period);
    }

    private StripeClient stripe() {
        return StripeClient.builder()
                .setApiKey("sk_test_x")
                .setApiBase(world.application.sandbox().stripeBase())
                .build();
    }

    private long count(String what) {
        return jdbc.sql("select count(*) from " + what).query(Long.class).single();
    }

    private <T> T get(Class<T> type) {
        return world.application.get(type);
    }
}
