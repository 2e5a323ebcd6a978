package io.postpaid.web;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.Http;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A call that is priced from several items, as a program that calls over HTTP meets it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GateItemsApiTest {
    private TestApplication application;
    private Http operator;
    private Http acme;

    @BeforeAll
    void serve(@TempDir Path home) throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-11-01T10:00:00Z"), Map.of());
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,free_credit
                acme,Acme,acme@acme.test,
                i1,I1,i1@items.test,
                i2,I2,i2@items.test,
                i3,I3,i3@items.test,
                i4,I4,i4@items.test,
                poor,Poor,poor@items.test,0.1
                """));
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products:
                  audio: {unit: second, listed_per: 60, listed_unit: minute}
                  image: {unit: image}
                  words: {unit: word}
                  pack: {unit: call}
                  feed: {unit: call, billable: false}
                prices:
                  - {product: audio, effective_from: 2026-01-01, amount: "0.0639", per: 60}
                  - {product: image, effective_from: 2026-01-01, amount: "0.5"}
                  - {product: pack, effective_from: 2026-01-01, model: package, per: 25, amount: "0.90"}
                  - product: words
                    effective_from: 2026-01-01
                    model: graduated
                    tiers: [{up_to: 100, amount: "0.02"}, {amount: "0.01"}]
                """));
        operator = application.http(
                application.get(ApiKeys.class).ofOperator("", Role.SERVICE).secret());
        acme = operator.actingFor("acme");
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private static Http.Answer authorize(Http caller, String key, String json) {
        return caller.post("/v1/authorizations", json, Map.of("Idempotency-Key", key));
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            image 1, video 1  | items[1].product
            image 1, image 2  | items[1].product
            image 1, audio 0  | items[1].quantity
            image 1, audio 60 | PAYMENT_REQUIRED
            """)
    void whatCannotRunIsNamed(String asked, String why) {
        var answer = authorize(operator.actingFor("poor"), asked, items(asked));
        assertThat(answer.json().at("/error").toString()).contains("\"" + why + "\"");
        assertThat(application
                        .jdbc()
                        .sql("select count(*) from gate_authorization where account = 'poor'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    private static String items(String items) {
        return Stream.of(items.split(", "))
                .map(item -> item.split(" "))
                .map(item -> "{\"product\":\"" + item[0] + "\",\"quantity\":" + item[1] + "}")
                .collect(joining(",", "{\"items\":[", "]}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            i1 | image 2, audio 60          | 1.0639    | audio 30, image 2           | 1.03195
            i1 | image 1                    | 0.50      | image 1                     | 0.50
            i1 | audio 61.5, image 1        | 0.5654975 | image 5, audio 100          | 0.5654975
            i2 | audio 60, feed 5           | 0.0639    | feed 7, audio 0             | 0.00
            i3 | words 150, image 1         | 3.00      | image 1, words 120          | 2.70
            i3 | words 100, image 1, feed 1 | 1.50      | feed 1, image 0, words 10   | 0.10
            i4 | pack 30, words 10          | 2.00      | pack 20, words 10           | 1.10
            """)
    void severalItemsHaveOnePrice(String account, String asked, String price, String used, String charged) {
        var caller = operator.actingFor(account);
        var held = authorize(caller, asked, items(asked));
        var id = held.json().get("id").asString();
        held.is(201, json("""
                {"id":"%s","price":"%s","currency":"USD","expires_at":"2026-11-01T10:15:00Z"}""".formatted(id, price)));
        caller.post("/v1/authorizations/" + id + "/settle", items(used)).is(200, json("""
                {"id":"%s","status":"SETTLED","charged":"%s","currency":"USD"}""".formatted(id, charged)));
        assertThat(application
                        .jdbc()
                        .sql("select held from gate_balance where account = :account")
                        .param("account", account)
                        .query(BigDecimal.class)
                        .single())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"items":[]} | items
            {"items":[null]} | items[0].product
            {"items":[{"product":"image"}]} | items[0].quantity
            {"items":[{"product":"image","quantity":1,"price":0}]} | items[0].price
            {"items":[{"product":"image","quantity":-1}]} | items[0].quantity
            {"items":{"product":"image","quantity":1}} | items
            {"product":"image","items":[{"product":"image","quantity":1}]} | items
            """)
    void itemsThatCannotBeUsedAreNamed(String body, String field) {
        for (var answer : List.of(
                authorize(acme, "twice", body),
                acme.post("/v1/authorizations/" + UUID.randomUUID() + "/settle", body))) {
            answer.is(400, "INVALID_REQUEST");
        }
        assertThat(authorize(acme, "twice", body)
                        .json()
                        .at("/error/details/field")
                        .asString())
                .isEqualTo(field);
        authorize(acme, "many", items(String.join(", ", Collections.nCopies(21, "image 1"))))
                .is(400, "INVALID_REQUEST");
    }

    @Test
    void aCallIsSettledWithTheItemsThatItHas() {
        var id = authorize(acme, "s1", items("image 1, audio 60"))
                .json()
                .get("id")
                .asString();
        for (var other : List.of("{\"quantity\":1}", items("image 1"), items("image 1, feed 1"))) {
            assertThat(acme.post("/v1/authorizations/" + id + "/settle", other)
                            .is(400, "INVALID_REQUEST")
                            .json()
                            .at("/error/details/field")
                            .asString())
                    .isEqualTo("items");
        }
        authorize(acme, "s1", items("audio 60, image 1")).is(201);
        assertThat(authorize(acme, "s1", items("audio 60"))
                        .is(409, "IDEMPOTENCY_CONFLICT")
                        .text())
                .contains("another call, of 1 image, 60 audio:");
        acme.post("/v1/authorizations/" + id + "/release", "{}").is(200);
    }
}
