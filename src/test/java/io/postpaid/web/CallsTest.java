package io.postpaid.web;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.github.luben.zstd.Zstd;
import io.postpaid.account.Accounts;
import io.postpaid.account.LimitRequests;
import io.postpaid.billing.einvoice.EInvoiceValidators;
import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.gate.access.Access;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.sandbox.Faults;
import io.postpaid.support.Http;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** The calls, on a month that came in over HTTP and was billed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallsTest {
    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");

    private TestApplication application;
    private Http acme;
    private Http bolt;
    private Http operator;

    record Taken(long accepted, long duplicates, long quarantined) {}

    @BeforeAll
    void bill(@TempDir Path home) throws IOException {
        application = TestApplication.serving(home, NOW, Map.of());
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products:
                  audio: {unit: second, listed_per: 60, listed_unit: minute}
                prices:
                  - {product: audio, effective_from: 2026-01-01, amount: "0.06", per: 60}
                """));
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,country,free_credit,payment_method
                acme,Acme,acme@acme.test,US,0,pm_card_visa
                bolt,Bolt,bolt@bolt.test,,0,pm_card_visa
                """));
        var keys = application.get(ApiKeys.class);
        acme = application.http(keys.ofAccount("acme", "", Role.USAGE).secret());
        bolt = application.http(keys.ofAccount("bolt", "").secret());
        operator = application.http(keys.ofOperator("", Role.OPERATOR).secret());
        acme.post("/v1/usage", record("a1", "acme", "\"10000\"", "2026-10-03T12:00:00Z"))
                .is(200, new Taken(1, 0, 0));
        operator.post("/v1/usage", "[" + record("b1", "bolt", "20000.5", "2026-10-03T12:00:00Z") + "]")
                .is(200, new Taken(1, 0, 0));
        application.nightly(LocalDate.parse("2026-11-01"));
        application.monthly(BillingPeriod.parse("2026-10"));
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private static String record(String id, String account, String quantity, String at) {
        return """
                {"id": "%s", "account": "%s",
                 "product": "audio", "quantity": %s, "occurred_at": "%s"}""".formatted(id, account, quantity, at);
    }

    private static String today(String id, String account) {
        return record(id, account, "1", "2026-11-01T09:00:00Z");
    }

    private long count(String table) {
        return application
                .jdbc()
                .sql("select count(*) from " + table)
                .query(Long.class)
                .single();
    }

    @Test
    void anAccountReadsItsOwnInvoices() {
        var page = acme.get("/v1/invoices").json();
        assertThat(page.at("/next").isNull()).isTrue();
        assertThat(page.at("/invoices")).hasSize(1);
        var listed = page.at("/invoices/0");
        var number = listed.at("/number").asString();
        var shown = acme.get("/v1/invoices/" + number).json();
        assertThat(shown.propertyNames()).containsAll(listed.propertyNames()).contains("lines", "open_amount");
        assertThat(shown.at("/account").asString()).isEqualTo("acme");
        assertThat(shown.at("/total").asString()).isEqualTo("10.00");
        assertThat(shown.at("/open_amount").asString()).isEqualTo("0.00");
        assertThat(shown.at("/lines/0/quantity").asString()).isEqualTo("10000");
        assertThat(operator.get("/v1/invoices/" + number + "?account=acme").json())
                .isEqualTo(shown);

        var pdf = acme.get("/v1/invoices/" + number + "/pdf");
        assertThat(pdf.status()).isEqualTo(200);
        assertThat(pdf.header("Content-Type")).isEqualTo("application/pdf");
        assertThat(pdf.header("Content-Disposition")).isEqualTo("inline; filename=\"" + number + ".pdf\"");
        assertThat(pdf.response().body()).startsWith("%PDF-".getBytes(StandardCharsets.US_ASCII));

        var xml = acme.get("/v1/invoices/" + number + "/xml");
        assertThat(xml.status()).isEqualTo(200);
        assertThat(xml.header("Content-Type")).isEqualTo("application/xml");
        assertThat(xml.header("Content-Disposition")).isEqualTo("attachment; filename=\"" + number + ".xml\"");
        assertThat(EInvoiceValidators.cii(xml.response().body())).isEmpty();
        assertThat(acme.get("/v1/invoices/" + number + "/xml?format=peppol")
                        .is(400, "INVALID_REQUEST")
                        .text())
                .contains("the customer's peppol_id");
        acme.get("/v1/invoices/" + number + "/xml?format=pdf").is(400, "INVALID_REQUEST");
    }

    @Test
    void anAccountReadsItsOwnCreditNotes() {
        var invoices = application.get(Invoices.class);
        var billed = invoices.ofAccount("acme").getFirst();
        var note = application.get(CreditNotes.class).issue(billed.id(), new BigDecimal("1.00"), "An outage");
        assertThat(acme.get("/v1/invoices/" + note.number() + "/pdf").status()).isEqualTo(200);
        var xml = acme.get("/v1/invoices/" + note.number() + "/xml");
        assertThat(xml.status()).isEqualTo(200);
        assertThat(EInvoiceValidators.cii(xml.response().body())).isEmpty();
        for (var file : List.of("pdf", "xml")) {
            bolt.get("/v1/invoices/" + note.number() + "/" + file).is(404, "NOT_FOUND");
        }
    }

    /** Without the customer's country it is on paper only. */
    @Test
    void anInvoiceThatIsNoEInvoiceSaysWhatIsMissing() {
        var number = bolt.get("/v1/invoices").json().at("/invoices/0/number").asString();
        assertThat(bolt.get("/v1/invoices/" + number + "/pdf").status()).isEqualTo(200);
        assertThat(bolt.get("/v1/invoices/" + number + "/xml")
                        .is(400, "INVALID_REQUEST")
                        .text())
                .contains("the customer's country");
    }

    @Test
    void whatBelongsToOthersLooksAsIfItWereNotThere() {
        var theirs =
                application.get(Invoices.class).ofAccount("bolt").getFirst().issuedNumber();
        for (var call : List.of("/v1/invoices/%s", "/v1/invoices/%s/pdf", "/v1/invoices/%s/xml")) {
            var other = acme.get(call.formatted(theirs)).is(404, "NOT_FOUND");
            var none = acme.get(call.formatted("2026-999999")).is(404, "NOT_FOUND");
            assertThat(other.text()).isEqualTo(none.text());
        }
        // A cursor is a parameter: one that is none is the caller's mistake, and that of others looks the same.
        var theirCursor = acme.get("/v1/invoices?before=" + theirs).is(400, "INVALID_REQUEST");
        var noCursor = acme.get("/v1/invoices?before=zz").is(400, "INVALID_REQUEST");
        assertThat(theirCursor.text()).isEqualTo(noCursor.text()).contains("\"field\":\"before\"");
        acme.get("/v1/invoices/..%2F..%2Fetc%2Fpasswd/pdf").is(400, "INVALID_REQUEST");
        acme.get("/v1/invoices?account=bolt").is(403, "FORBIDDEN");
        acme.get("/v1/invoices?limit=0").is(400, "INVALID_REQUEST");
        acme.get("/v1/invoices?limit=many").is(400, "INVALID_REQUEST");
    }

    @Test
    void pagesGoOnBehindTheLastInvoice() {
        application.jdbc().sql("""
                insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                values ('pages', 'Pages', 'p@pages.test', 'USD', 100, 0, date '2026-01-01')""").update();
        for (int month = 1; month <= 5; month++) {
            application.jdbc().sql("""
                    insert into invoice (account, period, currency, status, year, number, customer, issued_on, due_on,
                                         subtotal, credits, tax, total, amount_due)
                    select 'pages', make_date(2025, :month, 1), currency, 'OPEN', 2025, 'P-' || :month, customer, issued_on,
                           due_on, 1, 0, 0, 1, 1
                      from invoice where account = 'acme'""").param("month", month).update();
        }
        var seen = Stream.iterate(
                        operator.get("/v1/invoices?account=pages&limit=2").json(),
                        page -> page != null,
                        page -> page.at("/next").isNull()
                                ? null
                                : operator.get("/v1/invoices?account=pages&limit=2&before="
                                                + page.at("/next").asString())
                                        .json())
                .map(page -> StreamSupport.stream(page.at("/invoices").spliterator(), false)
                        .map(invoice -> invoice.at("/number").asString())
                        .collect(joining(" ")))
                .toList();
        assertThat(seen).containsExactly("P-5 P-4", "P-3 P-2", "P-1");
    }

    @Test
    void usageIsTakenOnceHoweverItIsSent() {
        acme.post("/v1/usage", today("u1", "acme")).is(200, new Taken(1, 0, 0));
        acme.post("/v1/usage", today("u1", "acme")).is(200, new Taken(0, 1, 0));
        acme.post("/v1/usage", "[" + today("u1", "acme") + "," + today("u2", "acme") + "]")
                .is(200, new Taken(1, 1, 0));
        acme.post("/v1/usage", today("u2", "acme") + "\n" + today("u3", "acme")).is(200, new Taken(1, 1, 0));
        var lines = today("u3", "acme").replace("\n", "") + "\n{\"broken\n"
                + today("u4", "acme").replace("\n", "");
        acme.post("/v1/usage", lines, Map.of("Content-Type", "application/x-ndjson"))
                .is(200, new Taken(1, 1, 1));
        acme.post("/v1/usage", """
                {"specversion": "1.0", "id": "e1", "source": "gateway", "type": "call", "subject": "acme",
                 "time": "2026-11-01T09:00:00Z", "data": {"product": "audio", "quantity": "0.000000001"}}""", Map.of("Content-Type", "application/cloudevents+json"))
                .is(200, new Taken(1, 0, 0));
        // Another quantity under a known id, an unknown product, the future.
        acme.post(
                        "/v1/usage",
                        "[" + record("u1", "acme", "2", "2026-11-01T09:00:00Z") + ","
                                + today("u5", "acme").replace("audio", "radio") + ","
                                + record("u6", "acme", "1", "2026-12-01T00:00:00Z") + "]")
                .is(200, new Taken(0, 0, 3));
        assertThat(application
                        .jdbc()
                        .sql("select quantity from usage_record where id = 'e1'")
                        .query(String.class)
                        .single())
                .isEqualTo("0.000000001");
    }

    @Test
    void gatewaysPushTheirLogsThroughAMapping() {
        var log = """
                {"job":"w1","tenant":"acme","at":1793520000.5,"task":"transcribe","duration":8.470000267028809}
                {"job":"w2","tenant":"acme","at":1793520001,"task":"dance","duration":3}
                """;
        record Mapped(long accepted, long duplicates, long quarantined, long left_out, long records) {}
        var lines = Map.of("Content-Type", "application/x-ndjson");
        acme.post("/v1/usage?mapping=whisper-verbose", log, lines).is(200, new Mapped(1, 0, 1, 0, 1));
        acme.post("/v1/usage?mapping=whisper-verbose", log, Map.of("Content-Type", "text/plain"))
                .is(200, new Mapped(0, 1, 1, 0, 0));
        assertThat(application
                        .jdbc()
                        .sql("select source || ' ' || account || ' ' || quantity from usage_record where id = 'w1'")
                        .query(String.class)
                        .single())
                .isEqualTo("account:acme/whisper-verbose acme 8.470000267");
        acme.post("/v1/usage?mapping=whisper-verbose", log.replace("acme", "bolt"), lines)
                .is(403, "FORBIDDEN");
        operator.post("/v1/usage?mapping=kong-http-log", "[{\"request\":{}}, {}]")
                .is(200, new Mapped(0, 0, 0, 2, 0));
        operator.post("/v1/usage?mapping=kong-http-log", "[{\"request\":{}}, {").is(400, "INVALID_REQUEST");
        operator.post("/v1/usage?mapping=../secrets", log, lines).is(400, "INVALID_REQUEST");
        operator.post("/v1/usage", log, Map.of("Content-Type", "text/csv")).is(400, "INVALID_REQUEST");
    }

    @Test
    void aForeignRecordRefusesTheRequestBeforeAnythingIsStored() {
        long files = count("usage_file");
        long keys = count("usage_key");

        var refused = acme.post("/v1/usage", "[" + today("f1", "acme") + "," + today("f2", "bolt") + "]")
                .is(403, "FORBIDDEN");
        acme.post("/v1/usage", today("f3", "nobody")).is(403, "FORBIDDEN");

        assertThat(refused.json().at("/error/details/record").asInt()).isEqualTo(2);
        assertThat(count("usage_file")).isEqualTo(files);
        assertThat(count("usage_key")).isEqualTo(keys);
    }

    @ParameterizedTest(name = "{0}: {2} {3}")
    @CsvSource(delimiter = '|', textBlock = """
            application/json                  | {"id":      | 400 | INVALID_REQUEST
            application/json                  | ''          | 400 | INVALID_REQUEST
            application/json                  | [{}         | 400 | INVALID_REQUEST
            application/x-www-form-urlencoded | a=b         | 415 | UNSUPPORTED_MEDIA_TYPE
            """)
    void whatIsNotUsageIsRefused(String type, String body, int status, String code) {
        acme.post("/v1/usage", body, Map.of("Content-Type", type)).is(status, code);
    }

    /** A few bytes of it can be as many gigabytes as its sender likes. */
    @Test
    void packedBodiesAreNotRead() {
        byte[] line = today("p1", "acme").replace("\n", "").getBytes(StandardCharsets.UTF_8);
        for (var path : List.of("/v1/usage", "/v1/usage?mapping=whisper-verbose")) {
            var answer = acme.send("POST", path, Zstd.compress(line), Map.of("Content-Type", "application/x-ndjson"));
            assertThat(answer.is(400, "INVALID_REQUEST").text()).contains("A packed body cannot be read here");
        }
    }

    @Test
    void bodiesAreLimited() {
        var many = IntStream.rangeClosed(0, 10_000).mapToObj(i -> "{}").collect(joining("\n"));
        acme.post("/v1/usage", many).is(413, "BODY_TOO_LARGE");
        acme.post("/v1/usage", " ".repeat((4 << 20) + 1)).is(413, "BODY_TOO_LARGE");
        acme.post("/v1/limit-increase-requests", " ".repeat((1 << 20) + 1)).is(413, "BODY_TOO_LARGE");
    }

    @Test
    void aRequestForAHigherLimitIsDecidedOnceAndTold() {
        var asked = bolt.post("/v1/limit-increase-requests", """
                {"amount": 250.5, "reason": "We grow"}""");
        assertThat(asked.status()).as(asked.text()).isEqualTo(201);
        assertThat(asked.json().at("/amount").asString()).isEqualTo("250.50");
        assertThat(asked.json().at("/status").asString()).isEqualTo("OPEN");
        bolt.post("/v1/limit-increase-requests", "{\"amount\": \"300\"}").is(409, "LIMIT_REQUEST_OPEN");

        var access = application.get(Access.class);
        access.rejectLimit("bolt", "you are too new.");
        bolt.post("/v1/limit-increase-requests", "{\"amount\": \"300\"}").is(201);
        access.setLimit("bolt", new java.math.BigDecimal("300"), "all right");

        assertThat(application.jdbc().sql("""
                        select kind || ' ' || (view ->> 'reason') from notice
                         where account = 'bolt' and kind like 'limit-%ed' order by id""").query(String.class).list())
                .containsExactly("limit-rejected you are too new.", "limit-approved all right");
        application.get(LimitRequests.class).eachOpen(open -> fail(open.toString()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"amount": "250", "colour": 1} | colour
            {"reason": "x"}                | amount
            {"amount": null}               | amount
            {"amount": "much"}             | amount
            {"amount": 1e999999999}        | amount
            {"amount": "250.001"}          | amount
            {"amount": "-5"}               | amount
            {"amount": "1"}                | amount
            {"amount": [1]}                | amount
            """)
    void aFieldThatCannotBeUsedIsNamed(String body, String field) {
        var refused = acme.post("/v1/limit-increase-requests", body).is(400, "INVALID_REQUEST");
        assertThat(refused.json().at("/error/details/field").asString()).isEqualTo(field);
    }

    @Test
    void anOperatorSeesWhatIsMeasured() {
        var metrics = operator.get("/metrics");
        assertThat(metrics.status()).isEqualTo(200);
        assertThat(metrics.text())
                .contains("postpaid_outbox_notices{status=\"queued\"}")
                .contains("postpaid_runs_failed 0.0")
                .contains("postpaid_events_waiting ")
                .contains("postpaid_events_off 0.0")
                .contains("postpaid_http_requests_seconds_count{method=\"POST\",path=\"/v1/usage\",status=\"200\"}");
        acme.get("/metrics").is(403, "FORBIDDEN");
        application.http(null).get("/metrics").is(401, "UNAUTHENTICATED");
        application.http(null).get("/health").is(200, Map.of("status", "UP", "database", "UP", "alarms", 0));
    }

    @Test
    void whileItIsHeldAfterARestoreMoneyIsRefusedAndNothingElse() throws IOException {
        application.get(Accounts.class).importFile(Files.writeString(application.home.resolve("held.csv"), """
                id,name,email,free_credit,payment_method
                held,Held,held@held.test,0,pm_card_visa
                """));
        var held = application.http(
                application.get(ApiKeys.class).ofAccount("held", "").secret());
        application
                .jdbc()
                .sql("insert into restored (taken_at, restored_at) values (now(), now())")
                .update();
        var body = "{\"amount\":\"25.00\",\"currency\":\"USD\"}";
        held.post("/v1/credits/top-ups", body, Map.of("Idempotency-Key", "h1")).is(503, "UNAVAILABLE");
        held.get("/v1/access").is(200);
        application.http(null).get("/health").is(200);
        application
                .jdbc()
                .sql("update restored set numbered_at = restored_at, lifted_at = restored_at, accepted = ''")
                .update();
    }

    @Test
    void creditIsBoughtOnceForAKey() throws IOException {
        application.get(Accounts.class).importFile(Files.writeString(application.home.resolve("more.csv"), """
                id,name,email,free_credit,payment_method
                rich,Rich,rich@rich.test,0,pm_card_visa
                poor,Poor,poor@poor.test,0,pm_card_visa_chargeDeclinedInsufficientFunds
                none,None,none@none.test,0,
                """));
        var keys = application.get(ApiKeys.class);
        var rich = application.http(keys.ofAccount("rich", "").secret());
        var body = "{\"amount\":\"25.00\",\"currency\":\"USD\"}";
        var once = Map.of("Idempotency-Key", "t1");
        var bought = Map.of(
                "reference", "t1",
                "status", "SUCCEEDED",
                "amount", "25.00",
                "net", "25.00",
                "tax", "0.00",
                "total", "25.00",
                "currency", "USD",
                "invoice", "TU-2026-000001");

        rich.post("/v1/credits/top-ups", body, once).is(201, bought);
        rich.post("/v1/credits/top-ups", body.replace("\"25.00\"", "25"), once).is(201, bought);
        rich.post("/v1/credits/top-ups", body.replace("25", "26"), once).is(409, "IDEMPOTENCY_CONFLICT");
        rich.post("/v1/credits/top-ups", body).is(400, "INVALID_REQUEST");
        var euro = rich.post("/v1/credits/top-ups", body.replace("USD", "EUR"), once)
                .is(400, "INVALID_REQUEST");
        assertThat(euro.json().at("/error/details/field").asString()).isEqualTo("currency");
        var penny = rich.post("/v1/credits/top-ups", body.replace("25.00", "0.01"), Map.of("Idempotency-Key", "t2"))
                .is(400, "INVALID_REQUEST");
        assertThat(penny.json().at("/error/details/field").asString()).isEqualTo("amount");
        assertThat(count("top_up where account = 'rich'")).isEqualTo(1);
        assertThat(count("credit_grant where account = 'rich'")).isEqualTo(1);

        // The same key of another account is another top-up.
        var poor = application.http(keys.ofAccount("poor", "").secret());
        var declined = poor.post("/v1/credits/top-ups", body, once).is(402, "PAYMENT_REQUIRED");
        assertThat(declined.json().at("/error/message").asString())
                .isEqualTo("Nothing was charged. There was not enough money available on the card.");
        poor.post("/v1/credits/top-ups", body, once).is(402, declined.json());
        operator.post("/v1/credits/top-ups?account=none", body, once).is(402, "PAYMENT_METHOD_REQUIRED");

        // An answer that gets lost is told as that, and found out by the same key.
        application.sandbox().suffer(new Faults(4, 60));
        var waits = rich.post("/v1/credits/top-ups", body, Map.of("Idempotency-Key", "t3"));
        assertThat(waits.status() + " " + waits.json().path("status").asString())
                .isEqualTo("202 UNKNOWN");
        assertThat(waits.json().path("invoice").isNull()).isTrue();
        application.sandbox().suffer(Faults.NONE);
        var found = new HashMap<String, Object>(bought);
        found.put("reference", "t3");
        found.put("invoice", "TU-2026-000002");
        rich.post("/v1/credits/top-ups", body, Map.of("Idempotency-Key", "t3")).is(201, found);
        assertThat(count("credit_grant where account = 'rich'")).isEqualTo(2);
    }

    @Test
    void theDescriptionNamesExactlyTheCallsThereAre() {
        var description = application.http(null).get("/openapi.json").json();
        var described = new TreeSet<String>();
        description
                .at("/paths")
                .propertyStream()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method ->
                                described.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        var mapped = new TreeSet<String>();
        application
                .get(RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(call -> call.getMethodsCondition()
                        .getMethods()
                        .forEach(method -> call.getPatternValues().forEach(path -> mapped.add(method + " " + path))));
        // What people look at is no call.
        mapped.removeIf(call -> call.contains(" /billing") || call.contains(" /console"));
        assertThat(described).isEqualTo(mapped).hasSizeGreaterThan(5);
        assertThat(references(description))
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                description.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    private static List<String> references(JsonNode description) {
        return description.findValuesAsString("$ref");
    }
}
