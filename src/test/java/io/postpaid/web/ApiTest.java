package io.postpaid.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.credit.CreditLedger;
import io.postpaid.support.Http;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, and how every refusal looks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked
class ApiTest {
    private TestApplication application;
    private ApiKeys keys;
    private Http acme;
    private Http operator;

    @BeforeAll
    void serve(@TempDir Path home) throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-11-01T10:00:00Z"), Map.of());
        var accounts = Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,free_credit
                acme,Acme,acme@acme.test,
                bolt,Bolt,bolt@bolt.test,0
                """);
        application.get(Accounts.class).importFile(accounts);
        application.get(CreditLedger.class).grantAllowances();
        keys = application.get(ApiKeys.class);
        acme = application.http(keys.ofAccount("acme", "").secret());
        operator = application.http(keys.ofOperator("", Role.OPERATOR).secret());
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private record Access(String account, boolean allowed, String code) {}

    @Test
    void anAccountAsksForItselfAndAnOperatorForAnyone() {
        acme.get("/v1/access").is(200, new Access("acme", true, null));
        acme.get("/v1/access?account=acme").is(200, new Access("acme", true, null));
        operator.get("/v1/access?account=bolt").is(200, new Access("bolt", false, "PAYMENT_METHOD_REQUIRED"));

        var missing = operator.get("/v1/access").is(400, "INVALID_REQUEST");
        assertThat(missing.json().at("/error/details/field").asString()).isEqualTo("account");
        operator.get("/v1/access?account=nobody").is(404, "NOT_FOUND");
    }

    @Test
    void anAccountActsForNobodyElseAndLearnsNothingOfOthers() {
        var of = acme.get("/v1/access?account=bolt").is(403, "FORBIDDEN");
        var nobody = acme.get("/v1/access?account=nobody").is(403, "FORBIDDEN");
        assertThat(of.text()).isEqualTo(nobody.text());
    }

    @Test
    void withoutAKeyThatIsValidNothingOpens() {
        var secret = keys.ofAccount("acme", "").secret();
        var none = application.http(null).get("/v1/access").is(401, "UNAUTHENTICATED");
        assertThat(none.header("WWW-Authenticate")).isEqualTo("Bearer");

        var last = secret.charAt(secret.length() - 1) == '0' ? '1' : '0';
        for (var wrong : new String[] {
            "x", "pp_live_", secret + "0", secret.substring(0, secret.length() - 1) + last, "pp_live_" + "0".repeat(77)
        }) {
            var refused = application.http(wrong).get("/v1/access").is(401, "UNAUTHENTICATED");
            assertThat(refused.text()).isEqualTo(none.text());
        }
    }

    @Test
    void aRevokedKeyIsRefusedAtOnceAndLooksLikeAnUnknownOne() {
        var made = keys.ofAccount("acme", "");
        var caller = application.http(made.secret());
        caller.get("/v1/access").is(200, new Access("acme", true, null));

        keys.revoke(made.key().id());

        var refused = caller.get("/v1/access").is(401, "UNAUTHENTICATED");
        assertThat(refused.text())
                .isEqualTo(application.http(null).get("/v1/access").text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/%761/access", "/v1/access;x=y", "//v1/access", "/v1//access", "/v1/./access", "/V1/access"})
    void noWayOfWritingAPathLeadsAroundTheKey(String path) {
        assertThat(application.http(null).get(path).status()).isGreaterThanOrEqualTo(400);
    }

    @ParameterizedTest(name = "{0} {1} is {2} {3}")
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /v1/nothing        | 404 | NOT_FOUND
            GET    | /                  | 404 | NOT_FOUND
            GET    | /error             | 404 | NOT_FOUND
            DELETE | /v1/access         | 405 | METHOD_NOT_ALLOWED
            """)
    void whatIsNotThereIsRefusedInTheSameForm(String method, String path, int status, String code) {
        acme.send(method, path, null, Map.of()).is(status, code);
    }

    @Test
    void aKeyThatCallsTooOftenWaits(@TempDir Path other) {
        try (var slow = TestApplication.serving(
                other, Instant.parse("2026-11-01T10:00:00Z"), Map.of("POSTPAID_KEY_RATE", "1"))) {
            var caller = slow.http(
                    slow.get(ApiKeys.class).ofOperator("", Role.OPERATOR).secret());
            caller.get("/v1/access").is(400, "INVALID_REQUEST");
            Http.Answer answer;
            do {
                answer = caller.get("/v1/access");
            } while (answer.status() == 400);
            assertThat(answer.is(429, "RATE_LIMITED").header("Retry-After")).isEqualTo("1");
        }
    }
}
