package io.postpaid.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.Http;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gate as a program that calls it over HTTP meets it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GateApiTest {
    private TestApplication application;
    private Http operator;
    private Http acme;
    private Http bolt;
    private Http cargo;

    @BeforeAll
    void serve(@TempDir Path home) throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-11-01T10:00:00Z"), Map.of());
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,free_credit
                acme,Acme,acme@acme.test,
                bolt,Bolt,bolt@bolt.test,2
                cargo,Cargo,cargo@cargo.test,
                """));
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products:
                  audio: {unit: second, listed_per: 60, listed_unit: minute}
                  image: {unit: image}
                prices:
                  - {product: audio, effective_from: 2026-01-01, amount: "0.0639", per: 60}
                  - {product: image, effective_from: 2026-01-01, amount: "0.5"}
                """));
        operator = application.http(
                application.get(ApiKeys.class).ofOperator("", Role.SERVICE).secret());
        acme = operator.actingFor("acme");
        bolt = operator.actingFor("bolt");
        cargo = operator.actingFor("cargo");
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

    @Test
    void aCallIsAuthorizedSettledAndTold() {
        var held = authorize(acme, "a1", "{\"product\":\"audio\",\"quantity\":\"61.5\"}");
        var id = held.json().get("id").asString();
        held.is(201, json("""
                {"id":"%s","price":"0.0654975","currency":"USD","expires_at":"2026-11-01T10:15:00Z"}""".formatted(id)));
        authorize(acme, "a1", "{\"product\":\"audio\",\"quantity\":61.50}").is(201, held.json());

        var settled = json("""
                {"id":"%s","status":"SETTLED","charged":"0.0639","currency":"USD"}""".formatted(id));
        acme.post("/v1/authorizations/" + id + "/settle", "{\"quantity\":\"60\"}")
                .is(200, settled);
        acme.post("/v1/authorizations/" + id + "/settle", "{\"quantity\":60}").is(200, settled);
        authorize(acme, "a1", "{\"product\":\"audio\",\"quantity\":\"61.5\"}").is(201, held.json());
        assertThat(acme.post("/v1/authorizations/" + id + "/settle", "{\"quantity\":\"59\"}")
                        .is(409, "AUTHORIZATION_SETTLED")
                        .json()
                        .at("/error/details"))
                .isEqualTo(json("{\"charged\":\"0.0639\",\"currency\":\"USD\"}"));
        acme.post("/v1/authorizations/" + id + "/release", "{}").is(409, "AUTHORIZATION_SETTLED");

        acme.post("/v1/credits/projections/usage-summary", "{}").is(200, json("""
                {"account":"acme","currency":"USD","from":"2026-10-03","to":"2026-11-01","calls":1,"cost":"0.0639",
                 "products":[{"product":"audio","unit":"second","quantity":"60","calls":1,"cost":"0.0639"}],
                 "daily":[{"day":"2026-10-26","calls":0,"cost":"0.00"},{"day":"2026-10-27","calls":0,"cost":"0.00"},
                          {"day":"2026-10-28","calls":0,"cost":"0.00"},{"day":"2026-10-29","calls":0,"cost":"0.00"},
                          {"day":"2026-10-30","calls":0,"cost":"0.00"},{"day":"2026-10-31","calls":0,"cost":"0.00"},
                          {"day":"2026-11-01","calls":1,"cost":"0.0639"}]}"""));
    }

    @Test
    void aCallThatCannotBePaidDoesNotRun() {
        var open = authorize(bolt, "b1", "{\"product\":\"image\",\"quantity\":3}");
        var id = open.json().get("id").asString();
        assertThat(authorize(bolt, "b2", "{\"product\":\"image\",\"quantity\":2}")
                        .is(402, "PAYMENT_REQUIRED")
                        .json())
                .isEqualTo(
                        json("""
                        {"error":{"code":"PAYMENT_REQUIRED",
                          "message":"The call costs up to USD 1.00, and USD 0.50 is left. %1$s",
                          "details":{"price":"1.00","remaining":"0.50","currency":"USD","what_to_do":"%1$s"}}}""".formatted("Ask for less in one call, settle or release open calls, or buy credit")));
        var released = json("""
                {"id":"%s","status":"RELEASED","charged":"0.00","currency":"USD"}""".formatted(id));
        bolt.send("POST", "/v1/authorizations/" + id + "/release", null, Map.of())
                .is(200, released);
        bolt.post("/v1/authorizations/" + id + "/release", "{}").is(200, released);
        bolt.post("/v1/authorizations/" + id + "/settle", "{\"quantity\":3}").is(409, "AUTHORIZATION_RELEASED");

        var all = authorize(bolt, "b3", "{\"product\":\"image\",\"quantity\":4}")
                .json()
                .get("id")
                .asString();
        bolt.post("/v1/authorizations/" + all + "/settle", "{\"quantity\":4}");
        authorize(bolt, "b4", "{\"product\":\"image\",\"quantity\":2}").is(402, "PAYMENT_METHOD_REQUIRED");
        // Told at once, and not from the night on that rates it.
        bolt.get("/v1/access").is(200, json("""
                {"account":"bolt","allowed":false,"code":"PAYMENT_METHOD_REQUIRED"}"""));
    }

    @Test
    void whatBelongsToAnotherDoesNotExist() {
        var id = authorize(acme, "x1", "{\"product\":\"image\",\"quantity\":1}")
                .json()
                .get("id")
                .asString();
        for (var unknown : new String[] {id, UUID.randomUUID().toString(), "nothing"}) {
            bolt.post("/v1/authorizations/" + unknown + "/settle", "{\"quantity\":1}")
                    .is(404, "NOT_FOUND");
            bolt.post("/v1/authorizations/" + unknown + "/release", "{}").is(404, "NOT_FOUND");
        }
        acme.post("/v1/authorizations/" + id + "/release", "{}");
    }

    @Test
    void nobodyReportsTheUsageOfACallBeforeIt() {
        var id = authorize(cargo, "r1", "{\"product\":\"image\",\"quantity\":1}")
                .json()
                .get("id")
                .asString();
        operator.post("/v1/usage", """
                {"source":"gate","id":"%s","account":"cargo","product":"image","quantity":0,
                 "occurred_at":"2026-11-01T10:00:00Z"}""".formatted(id)).is(200, json("""
                {"accepted":0,"duplicates":0,"quarantined":1}"""));
        cargo.post("/v1/authorizations/" + id + "/settle", "{\"quantity\":0}").is(200, json("""
                {"id":"%s","status":"SETTLED","charged":"0.00","currency":"USD"}""".formatted(id)));
    }

    @Test
    void anExpiredCallIsGone() {
        var id = authorize(acme, "e1", "{\"product\":\"image\",\"quantity\":1}")
                .json()
                .get("id")
                .asString();
        application.moveTo(Instant.parse("2026-11-01T10:15:00Z"));
        acme.post("/v1/authorizations/" + id + "/settle", "{\"quantity\":1}").is(410, "AUTHORIZATION_EXPIRED");
        assertThat(acme.post("/v1/authorizations/" + id + "/release", "{}")
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("EXPIRED");
        application.moveTo(Instant.parse("2026-11-01T10:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a key of its own | {"product":"image","quantity":1} | quantity | 201
            twice            | {"product":"image"} | quantity | 400
            twice            | {"quantity":1} | product | 400
            twice            | {"product":"video","quantity":1} | product | 400
            twice            | {"product":"image","quantity":0} | quantity | 400
            twice            | {"product":"image","quantity":-1} | quantity | 400
            twice            | {"product":"image","quantity":"1e900000000"} | quantity | 400
            twice            | {"product":"image","quantity":"0.0000000001"} | quantity | 400
            twice            | {"product":"image","quantity":"one"} | quantity | 400
            twice            | {"product":"image","quantity":1,"price":0} | price | 400
            """)
    void whatCannotBeUsedIsNamed(String key, String json, String field, int status) {
        var answer = authorize(acme, key, json);
        assertThat(answer.status()).isEqualTo(status);
        if (status != 201)
            assertThat(answer.json().at("/error/details/field").asString()).isEqualTo(field);
    }

    @Test
    void aKeyIsNeededAndStandsForOneCall() {
        var body = "{\"product\":\"image\",\"quantity\":1}";
        acme.post("/v1/authorizations", body).is(400, "INVALID_REQUEST");
        authorize(acme, " ", body).is(400, "INVALID_REQUEST");
        authorize(acme, "k".repeat(256), body).is(400, "INVALID_REQUEST");
        var id = authorize(acme, "k1", body).json().get("id");
        assertThat(authorize(acme, "k1", "{\"product\":\"image\",\"quantity\":2}")
                        .is(409, "IDEMPOTENCY_CONFLICT")
                        .json()
                        .at("/error/details/id"))
                .isEqualTo(id);
    }
}
