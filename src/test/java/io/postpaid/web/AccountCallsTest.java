package io.postpaid.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.books.report.Verification;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.Http;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Accounts and keys by API, and accounts that their first call creates. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountCallsTest {
    private TestApplication application;
    private Http service;

    @BeforeAll
    void serve(@TempDir Path home) throws IOException {
        application = TestApplication.serving(
                home, Instant.parse("2026-10-01T10:00:00Z"), Map.of("POSTPAID_PROVISION", "first-call"));
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products:
                  image: {unit: image}
                prices:
                  - {product: image, effective_from: 2026-01-01, amount: "0.5"}
                """));
        service = application.http(
                application.get(ApiKeys.class).ofOperator("", Role.SERVICE).secret());
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private Http.Answer put(String id, String json) {
        return service.send(
                "PUT",
                "/v1/accounts/" + id,
                json.getBytes(StandardCharsets.UTF_8),
                Map.of("Content-Type", "application/json"));
    }

    private Http.Answer authorize(Http caller, String key, String product, int quantity) {
        return caller.post(
                "/v1/authorizations",
                "{\"product\":\"" + product + "\",\"quantity\":" + quantity + "}",
                Map.of("Idempotency-Key", key));
    }

    private List<String> texts(String sql, String account) {
        return application.jdbc().sql(sql).param(account).query(String.class).list();
    }

    @Test
    void anAccountIsCreatedAndChangedAsALineOfAFileDoes() {
        var body = """
                {"name":"Acme","email":"pay@acme.test","line1":"1 Main St","country":"France","tax_id":"","monthly_limit":"250",
                 "payment_method":"pm_card_visa"}""";
        var made = put("acme", body).is(201).json();
        assertThat(made.at("/country").asString()).isEqualTo("FR");
        assertThat(made.at("/currency").asString()).isEqualTo("USD");
        assertThat(made.at("/monthly_limit").asString()).isEqualTo("250.00");
        assertThat(made.at("/free_credit").asString()).isEqualTo("20.00");
        put("acme", body).is(200, made);
        assertThat(texts("select amount::numeric(9,2)::text from credit_grant where account = ?", "acme"))
                .containsExactly("20.00");

        put("acme", "{\"name\":\"Acme SA\",\"email\":\"pay@acme.test\",\"monthly_limit\":300.5}")
                .is(200);
        var account = application.get(Accounts.class).get("acme");
        assertThat(account.name()).isEqualTo("Acme SA");
        assertThat(account.address().line1()).isEqualTo("1 Main St");
        assertThat(account.monthlyLimit()).isEqualByComparingTo("300.5");
        assertThat(texts("select event || ': ' || detail from account_event where account = ? order by id", "acme"))
                .containsExactly(
                        "CARD_WANTED: pm_card_visa",
                        "DETAILS_CHANGED: name \"Acme\" to \"Acme SA\" by API",
                        "LIMIT_SET: 300.5 by API");
    }

    @Test
    void thePurchaseOrderAndFurtherAddressesAreTheSellersToSetToo() {
        var made = put("order", """
                {"name":"Order","email":"pay@order.test","purchase_order":"PO-7","business":"yes","buyer_reference":"Desk 4","peppol_id":"0088:7300010000001","language":"de","billing_emails":["a@order.test","b@order.test"]}""").is(201).json();
        assertThat(made.at("/purchase_order").asString()).isEqualTo("PO-7");
        assertThat(made.at("/business").asString()).isEqualTo("yes");
        assertThat(made.at("/buyer_reference").asString()).isEqualTo("Desk 4");
        assertThat(made.at("/peppol_id").asString()).isEqualTo("0088:7300010000001");
        assertThat(made.at("/language").asString()).isEqualTo("de");
        assertThat(made.at("/billing_emails").toString()).isEqualTo("[\"a@order.test\",\"b@order.test\"]");
        assertThat(made.at("/spending_cap").isNull()).isTrue();
        put("order", "{\"name\":\"Order\",\"email\":\"pay@order.test\"}").is(200, made);
        var refused = put(
                        "order",
                        "{\"name\":\"Order\",\"email\":\"pay@order.test\",\"billing_emails\":[\"PAY@order.test\"]}")
                .is(400)
                .json();
        assertThat(refused.at("/error/details/field").asString()).isEqualTo("billing_emails");
        // The cap is the customer's own.
        put("order", "{\"name\":\"Order\",\"email\":\"pay@order.test\",\"spending_cap\":\"5\"}")
                .is(400);
    }

    @Test
    void aliasesAreTheSellersToSetToo() {
        var made = put("named", """
                {"name":"Named","email":"pay@named.test","aliases":["cus_named","aws:7"]}""").is(201).json();
        assertThat(made.at("/aliases").toString()).isEqualTo("[\"cus_named\",\"aws:7\"]");
        put("named", "{\"name\":\"Named\",\"email\":\"pay@named.test\"}").is(200, made);
        var taken = put("cus_named", "{\"name\":\"Other\",\"email\":\"pay@other.test\"}")
                .is(400)
                .json();
        assertThat(taken.at("/error/message").asString())
                .isEqualTo(
                        "id: 'cus_named' is an alias of account 'named': remove it there first, or in the same import");
        assertThat(put("named", "{\"name\":\"Named\",\"email\":\"pay@named.test\",\"aliases\":[null]}")
                        .is(400)
                        .json()
                        .at("/error/details/field")
                        .asString())
                .isEqualTo("aliases");
        put("named", "{\"name\":\"Named\",\"email\":\"pay@named.test\",\"aliases\":[]}")
                .is(200);
        assertThat(texts("select detail from account_event where account = ? order by id", "named"))
                .containsExactly("aliases removed: cus_named aws:7 by API");
        put("cus_named", "{\"name\":\"Other\",\"email\":\"pay@other.test\"}").is(201);
        put("named", "{\"name\":\"Named\",\"email\":\"pay@named.test\",\"aliases\":[\"gateway:7\"]}")
                .is(200);
        assertThat(authorize(service.actingFor("7"), "alias", "image", 1)
                        .is(400, "INVALID_REQUEST")
                        .json()
                        .at("/error/message")
                        .asString())
                .isEqualTo("'7' is an alias of account 'named': name it by its id");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                      | name          | name: is empty; email: is empty
            {"name":"A","email":"a..b@a.test"}                      | email         | email: 'a..b@a.test' is not an e-mail address: before the @ stand ASCII letters, digits and signs, and single dots between them
            {"name":"A\\nB","email":"a@a.test"}                     | name          | name: contains a line break or another control character
            {"name":"A","email":"a@a.test\\r\\nBcc: b@b.test"}      | email         | email: contains a line break
            {"name":"A","email":"a@a.test","country":"UKK"}         | country       | country: 'UKK' is not a country code such as
            {"name":"A","email":"a@a.test","currency":"EURO"}       | currency      | currency: 'EURO' is not a currency such as USD
            {"name":"A","email":"a@a.test","currency":"KWD"}        | monthly_limit | monthly_limit: is empty, and KWD has no default
            {"name":"A","email":"a@a.test","monthly_limit":"1.001"} | monthly_limit | monthly_limit: '1.001' is not an amount such as 100.00
            {"name":"A","email":"a@a.test","free_credit":-1}        | free_credit   | The field 'free_credit' must be from 0
            {"name":"A","email":"a@a.test","created_on":"31/1/26"}  | created_on    | created_on: '31/1/26' is not a day such as 2026-10-31
            {"name":"A","email":"a@a.test","payment_method":"a b"}  | payment_method | payment_method: 'a b' is not a payment method such as pm_card_visa
            {"name":"A","email":"a@a.test","status":"ACTIVE"}       | status        | There is no field 'status' in this request
            """)
    void aWrongFieldIsNamedInTheWordsOfAnImport(String body, String field, String message) {
        var refused = put("wrong", body).is(400, "INVALID_REQUEST").json();
        assertThat(refused.at("/error/details/field").asString()).isEqualTo(field);
        assertThat(refused.at("/error/message").asString()).startsWith(message);
        assertThat(application.get(Accounts.class).find("wrong")).isEmpty();
    }

    @Test
    void aCurrencyNeverChanges() {
        put("fixed", "{\"name\":\"F\",\"email\":\"f@f.test\"}").is(201);
        var refused = put("fixed", "{\"name\":\"F\",\"email\":\"f@f.test\",\"currency\":\"EUR\"}")
                .is(400, "INVALID_REQUEST");
        assertThat(refused.json().at("/error/details/field").asString()).isEqualTo("currency");
        assertThat(put("a%20b", "{\"name\":\"F\",\"email\":\"f@f.test\"}")
                        .is(400, "INVALID_REQUEST")
                        .json()
                        .at("/error/details/field")
                        .asString())
                .isEqualTo("id");
    }

    @Test
    void keysAreMadeForAnAccount() {
        put("keyed", "{\"name\":\"K\",\"email\":\"k@k.test\"}").is(201);
        var made = service.post("/v1/accounts/keyed/keys", "{\"name\":\"ci\",\"may\":[\"gate\",\"gate\"]}")
                .is(201)
                .json();
        assertThat(made.at("/may").toString()).isEqualTo("[\"gate\"]");
        var caller = application.http(made.at("/key").asString());
        caller.get("/v1/access").is(200);
        authorize(caller, "k1", "image", 1).is(201);
        caller.post("/v1/usage", "{}").is(403, "FORBIDDEN");
        caller.post("/v1/accounts/keyed/keys", "{}").is(403, "FORBIDDEN");

        service.post("/v1/accounts/keyed/keys", "{\"may\":[\"settle\"]}").is(400, "INVALID_REQUEST");
        service.post("/v1/accounts/keyed/keys", "{\"may\":[\"OPERATOR\"]}").is(400, "INVALID_REQUEST");
        service.post("/v1/accounts/keyed/keys", "{\"may\":[null]}").is(400, "INVALID_REQUEST");
        service.post("/v1/accounts/keyed/keys", "{\"name\":\"a\\nb\"}").is(400, "INVALID_REQUEST");
        service.post("/v1/accounts/nobody/keys", "{}").is(404, "NOT_FOUND");
        assertThat(texts("select id from api_key where account = ?", "keyed")).hasSize(1);
    }

    @Test
    void aFirstCallCreatesTheAccountWithItsAllowanceOnce() throws Exception {
        var calls = new ArrayList<Callable<Http.Answer>>();
        for (int n = 0; n < 24; n++) {
            var key = "c" + n;
            calls.add(() -> authorize(service.actingFor("rush"), key, "image", 4));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(calls).stream()
                    .map(call -> call.resultNow().status())
                    .toList();
            // Of 20.00 there are ten calls of 2.00.
            assertThat(answers).filteredOn(status -> status == 201).hasSize(10);
            assertThat(answers).filteredOn(status -> status == 402).hasSize(14);
        }
        assertThat(texts("select kind || amount::numeric(9,2) from credit_grant where account = ?", "rush"))
                .containsExactly("FREE20.00");
        assertThat(texts("select event from account_event where account = ?", "rush"))
                .containsExactly("CREATED");
    }

    @Test
    void aCallThatCannotBePricedOrNamesNoIdCreatesNothing() {
        authorize(service.actingFor("ghost"), "g1", "nothing", 1).is(400, "INVALID_REQUEST");
        authorize(service.actingFor("ghost"), "g1", "image", 0).is(400, "INVALID_REQUEST");
        authorize(service.actingFor("a%2Fb"), "g1", "image", 1).is(400, "INVALID_REQUEST");
        service.actingFor("ghost").get("/v1/access").is(404, "NOT_FOUND");
        application
                .http(application.get(ApiKeys.class).ofOperator("", Role.VIEWER).secret())
                .actingFor("ghost")
                .post("/v1/authorizations", "{}")
                .is(403, "FORBIDDEN");
        assertThat(application.get(Accounts.class).find("ghost")).isEmpty();
    }

    @Test
    void whatAFirstCallCreatedIsBilledOnceItsNameIsKnown() throws IOException {
        authorize(service.actingFor("fresh"), "f1", "image", 1).is(201);
        Files.writeString(application.get(Home.class).inbox().resolve("fresh.ndjson"), """
                {"id":"f1","account":"fresh","product":"image","quantity":"300","occurred_at":"2026-10-01T09:00:00Z"}
                """);
        application.moveTo(Instant.parse("2026-11-01T10:00:00Z"));
        application.nightly(LocalDate.parse("2026-11-01"));
        application.monthly(BillingPeriod.parse("2026-10"));
        assertThat(application.get(Invoices.class).ofAccount("fresh")).isEmpty();
        assertThat(texts("select reason from held where account = ? and resolved_at is null", "fresh"))
                .containsExactly("NO_CUSTOMER");

        put("fresh", "{\"name\":\"Fresh\",\"email\":\"pay@fresh.test\"}").is(200);
        application.moveTo(Instant.parse("2026-11-02T10:00:00Z"));
        application.nightly(LocalDate.parse("2026-11-02"));
        var invoice = application.get(Invoices.class).ofAccount("fresh").getFirst();
        assertThat(invoice.customer().name()).isEqualTo("Fresh");
        assertThat(invoice.total()).isEqualByComparingTo("130.00");
        assertThat(texts("select reason from held where account = ? and resolved_at is null", "fresh"))
                .isEmpty();
        assertThat(texts("select recipient from notice where account = ?", "fresh"))
                .isNotEmpty()
                .containsOnly("pay@fresh.test");
        assertThat(application.get(Verification.class).run()).allMatch(check -> check.holds());
    }
}
