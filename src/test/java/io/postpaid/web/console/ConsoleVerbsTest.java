package io.postpaid.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.postpaid.account.Accounts;
import io.postpaid.account.LimitRequests;
import io.postpaid.events.Events;
import io.postpaid.payments.bank.BankStatements;
import io.postpaid.platform.batch.RunFailedException;
import io.postpaid.platform.batch.Schedules;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.intake.Ingestion;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import io.postpaid.web.portal.Browser;
import io.postpaid.web.portal.SampleMonths;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every form of the console: what it changes is written down, with the key of whoever sent it. */
@NullUnmarked
class ConsoleVerbsTest {
    private final Set<String> tried = new TreeSet<>();
    private HttpServer gateway;
    private SampleMonths months;
    private TestApplication application;
    private Browser operator;
    private Browser approver;
    private String operatorKey;
    private String approverKey;

    @BeforeEach
    void open(@TempDir Path home) throws IOException {
        gateway = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        gateway.createContext("/", call -> {
            call.sendResponseHeaders(204, -1);
            call.close();
        });
        gateway.start();
        months = new SampleMonths(
                home,
                Map.of(
                        "POSTPAID_EVENTS_URL",
                                "http://127.0.0.1:" + gateway.getAddress().getPort() + "/",
                        "POSTPAID_EVENTS_SECRET", "whsec_" + "A".repeat(32)));
        application = months.application();
        var keys = application.get(ApiKeys.class);
        var one = keys.ofOperator("one", Role.OPERATOR);
        var other = keys.ofOperator("other", Role.APPROVER);
        operatorKey = "key " + one.key().id();
        approverKey = "key " + other.key().id();
        operator = ConsoleTest.signedIn(application, one.secret());
        approver = ConsoleTest.signedIn(application, other.secret());
        operator.get("/console/nothing");
        approver.get("/console/nothing");
    }

    @AfterEach
    void close() {
        months.close();
        gateway.stop(0);
    }

    @Test
    void whatAPersonChangesIsWrittenDown() throws IOException {
        var steady = "/console/accounts/" + SampleMonths.STEADY;
        changes("/accounts/{id}/limit", steady + "/limit", Map.of("amount", "950", "reason", "asked"));
        changes("/accounts/{id}/suspend", steady + "/suspend", Map.of("reason", "abuse"));
        changes("/accounts/{id}/reactivate", steady + "/reactivate", Map.of());
        changes("/accounts/{id}/credit", steady + "/credit", Map.of("amount", "5", "reason", "an outage"));
        changes("/accounts/{id}/link", steady + "/link", Map.of());
        changes("/accounts/{id}/card-link", steady + "/card-link", Map.of());
        application.get(LimitRequests.class).ask(SampleMonths.NEAR_LIMIT, new BigDecimal("400"), "");
        changes(
                "/accounts/{id}/limit/reject",
                "/console/accounts/" + SampleMonths.NEAR_LIMIT + "/limit/reject",
                Map.of("reason", "too soon"));

        var open = "/console/invoices/"
                + months.invoices(SampleMonths.OWING).getFirst().issuedNumber();
        var paid = "/console/invoices/"
                + months.invoices(SampleMonths.STEADY).getFirst().issuedNumber();
        changes("/invoices/{number}/credit-note", open + "/credit-note", Map.of("amount", "4", "reason", "an outage"));
        changes("/invoices/{number}/transfer", open + "/transfer", Map.of("amount", "10", "reference", "SEPA-1"));
        changes("/invoices/{number}/refund", paid + "/refund", Map.of("amount", "5", "reason", "an outage"));
        changes("/invoices/{number}/write-off", open + "/write-off", Map.of("reason", "gone"));

        var refund = Map.of("amount", "120", "reason", "an outage");
        operator.postWithToken(paid + "/refund", refund);
        decides("/approvals/{id}/reject", "/console/approvals/" + waiting() + "/reject");
        operator.postWithToken(paid + "/refund", refund);
        decides("/approvals/{id}/approve", "/console/approvals/" + waiting() + "/approve");

        changes(
                "/mails/{id}/resend",
                "/console/mails/" + one("select max(id)::text from notice where status = 'SENT'") + "/resend",
                Map.of());
        application.get(Events.class).deliver();
        application
                .jdbc()
                .sql("update event_receiver set off_since = now(), off_because = 'silent'")
                .update();
        changes("/events/resume", "/console/events/resume", Map.of());
        application.get(Events.class).deliver();
        var event = one("select 'evt_' || replace(id::text, '-', '') from outgoing_event order by n limit 1");
        changes("/events/{id}/send-again", "/console/events/" + event + "/send-again", Map.of());
        changes("/books/check", "/console/books/check", Map.of());
        changes("/prices/import", "/console/prices/import", Map.of("text", """
                currency: USD
                products: {feed: {unit: call}}
                prices: [{product: feed, effective_from: 2027-01-01, amount: "0.10"}]
                """));
        changes("/taxes/import", "/console/taxes/import", Map.of("text", """
                rates: [{country: FI, percent: "25.5", name: ALV, effective_from: 2024-09-01}]
                """));
        var line = quarantined("q1");
        changes("/quarantine/{id}/release", "/console/quarantine/" + line + "/release", Map.of());
        quarantined("q2");
        changes(
                "/quarantine/release",
                "/console/quarantine/release",
                Map.of("reason", "UNKNOWN_ACCOUNT", "file", one("select max(id)::text from usage_file")));
        quarantined("q3");
        changes("/quarantine/release-all", "/console/quarantine/release-all", Map.of());
        bankLine();
        closes();
        runs();

        assertThat(tried).isEqualTo(forms());
    }

    /** A record of an account that is not known when it comes, and is afterwards. */
    private String quarantined(String account) throws IOException {
        application
                .get(Ingestion.class)
                .ingest(
                        Files.writeString(
                                application.home.resolve(account + ".ndjson"), """
                {"id":"%s","account":"%s","product":"translation","quantity":"1","occurred_at":"2026-11-17T12:00:00Z"}
                """.formatted(account, account)),
                        null,
                        lines -> {});
        application.get(Accounts.class).addUnknown(account);
        return one("select max(id)::text from usage_quarantine");
    }

    private void bankLine() throws IOException {
        var statement = Files.writeString(application.home.resolve("statement.sta"), BankPagesTest.STATEMENT);
        application.get(BankStatements.class).importFile(statement, null);
        var line = one("select max(id)::text from bank_line");
        changes(
                "/bank/{id}/match",
                "/console/bank/" + line + "/match",
                Map.of("as", "IGNORE", "to", "no money of ours"));
    }

    private void closes() {
        changes("/close/{period}/close", "/console/close/2026-09/close", Map.of());
        for (var until = System.nanoTime() + 60_000_000_000L;
                one("select count(*)::text from ledger_close").equals("0"); ) {
            assertThat(System.nanoTime()).as("2026-09 was not closed").isLessThan(until);
        }
        application.get(Schedules.class).runDue();
        changes(
                approver,
                approverKey,
                "/close/{period}/reopen",
                "/console/close/2026-09/reopen",
                Map.of("month", "2026-09", "reason", "forgotten"));
    }

    /** A run that waits for a lock is stopped, and goes on when it is run again. */
    private void runs() {
        var jdbc = application.jdbc();
        jdbc.sql("create function wait_here() returns trigger language plpgsql as $$ begin"
                        + " perform pg_advisory_xact_lock(4711); return new; end $$")
                .update();
        jdbc.sql(
                        "create trigger wait_here before insert or update on stripe_sweep for each row execute function wait_here()")
                .update();
        CompletableFuture<Throwable> run;
        try (var lock = new HeldLock(application, 4711)) {
            run = CompletableFuture.supplyAsync(() -> {
                try {
                    application.nightly(LocalDate.of(2026, 11, 18));
                    return new AssertionError("it was not stopped");
                } catch (RunFailedException stopped) {
                    return stopped;
                }
            });
            lock.awaitWaiting();
            changes("/runs/{id}/stop", "/console/runs/" + latestRun() + "/stop", Map.of());
        }
        assertThat(run.join()).isInstanceOf(RunFailedException.class);
        changes("/runs/{id}/rerun", "/console/runs/" + latestRun() + "/rerun", Map.of());
    }

    private String latestRun() {
        return one("select max(job_execution_id)::text from batch_job_execution");
    }

    private String waiting() {
        return one("select id::text from approval where status = 'WAITING'");
    }

    private String one(String sql) {
        return application.jdbc().sql(sql).query(String.class).single();
    }

    private void changes(String form, String path, Map<String, String> typed) {
        changes(operator, operatorKey, form, path, typed);
    }

    private void decides(String form, String path) {
        changes(approver, approverKey, form, path, Map.of());
    }

    private void changes(Browser by, String key, String form, String path, Map<String, String> typed) {
        tried.add("/console" + form);
        var seen = one("select coalesce(max(id), 0)::text from audit_entry");
        var answer = by.postWithToken(path, typed);
        assertThat(answer.status()).as(answer.text()).isIn(200, 303);
        var found = "select count(*)::text from audit_entry where id > " + seen + " and who = '" + key + "'";
        for (var until = System.nanoTime() + 20_000_000_000L; one(found).equals("0"); Thread.onSpinWait()) {
            assertThat(System.nanoTime()).as(path + " left no entry").isLessThan(until);
        }
    }

    private Set<String> forms() {
        return application.get(RequestMappingHandlerMapping.class).getHandlerMethods().keySet().stream()
                .filter(mapping -> mapping.getMethodsCondition().getMethods().stream()
                        .anyMatch(method -> method.name().equals("POST")))
                .flatMap(mapping -> mapping.getPatternValues().stream())
                .filter(path -> path.startsWith("/console") && !path.endsWith("/preview"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
