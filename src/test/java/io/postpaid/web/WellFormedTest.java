package io.postpaid.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.Http;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no text, no number or no sensible request is the caller's fault, and never the server's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WellFormedTest {
    private TestApplication application;
    private String secret = "";
    private Http operator;
    private Http acme;

    @BeforeAll
    void serve(@TempDir Path home) throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-11-01T10:00:00Z"), Map.of());
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email
                acme,Acme,acme@acme.test
                bolt,Bolt,bolt@bolt.test
                """));
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products:
                  text: {unit: word}
                prices:
                  - {product: text, effective_from: 2026-01-01, amount: "0.0001"}
                """));
        var keys = application.get(ApiKeys.class);
        secret = keys.ofOperator("", Role.OPERATOR).secret();
        operator = application.http(secret);
        acme = application.http(keys.ofAccount("acme", "").secret());
    }

    @AfterAll
    void stop() {
        application.close();
    }

    /** Digits of other scripts are no numbers. */
    @ParameterizedTest
    @ValueSource(strings = {"\u0662\u0665\u0660", "\uff12\uff15\uff10", "25\u0966"})
    void aNumberHasDigitsOfAsciiAlone(String number) {
        acme.post("/v1/limit-increase-requests", "{\"amount\":\"" + number + "\"}")
                .is(400, "INVALID_REQUEST");
        operator.post(
                        "/v1/authorizations?account=acme",
                        "{\"product\":\"text\",\"quantity\":\"" + number + "\"}",
                        Map.of("Idempotency-Key", "digits"))
                .is(400, "INVALID_REQUEST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"days\":30}", "[]", "7", "{", "{}}", "\"x\""})
    void aCallThatTakesNoBodyRefusesOne(String body) {
        acme.post("/v1/credits/projections/usage-summary", body).is(400, "INVALID_REQUEST");
        operator.post("/v1/authorizations/00000000-0000-0000-0000-000000000000/release?account=acme", body)
                .is(400, "INVALID_REQUEST");
        assertThat(acme.post("/v1/credits/projections/usage-summary", "{}").status())
                .isEqualTo(200);
        assertThat(acme.post("/v1/credits/projections/usage-summary", "").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/access?account=%00",
                "/v1/access?account=acme%00",
                "/v1/access?account=%0d%0aacme",
                "/v1/access?account=acme&account=bolt",
                "/v1/access?account=acme&account=acme",
                "/v1/access?account=",
                "/v1/access?acount=acme",
                "/v1/access?account=acme&%00=1",
                "/v1/access?account=acme&limit=1",
                "/v1/invoices?account=acme&before=%00",
                "/v1/invoices?account=acme&limit=99999999999999999999",
                "/v1/invoices?account=acme&limit=-1",
                "/v1/invoices?account=acme&limit=1&limit=2",
                "/v1/invoices?account=acme&limit=%00",
                "/v1/invoices?account=acme&limit=",
                "/v1/invoices?account=acme&limit=0",
                "/v1/invoices?account=acme&limit=101",
                "/v1/invoices?account=acme&limit=0x10",
                "/v1/invoices?account=acme&limit=1.5",
                "/v1/invoices?account=acme&limit=ten",
                "/v1/invoices?account=acme&before=",
                "/v1/invoices?account=acme&before=zz",
                "/v1/invoices?account=acme&before=2026-999999",
                "/v1/invoices?account=acme&period=2026-10",
                "/v1/invoices?account=acme&from=2026-10-01",
                "/v1/invoices/%00?account=acme",
                "/v1/invoices/2026-000001%00?account=acme",
                "/v1/invoices/%00/pdf?account=acme",
                "/v1/invoices/%01?account=acme",
                "/metrics?account=acme",
                "/v1/access;a=b?account=acme",
                "/v1/access;account=acme",
                "/v1;a/access?account=acme",
                "/v1/invoices;?account=acme"
            })
    void aParameterIsTextGivenOnceToACallThatKnowsIt(String path) {
        operator.get(path).is(400, "INVALID_REQUEST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/access?account=%ff", "/v1/access?account=%ed%a0%80", "/v1/access?account=nobody"})
    void whatIsTextAndNamesNobodyIsNotFound(String path) {
        assertThat(operator.get(path).status()).isIn(400, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/access?account=", "/v1/invoices?before=", "/v1/invoices/", "/v1/invoices/x/"})
    void whatIsTooLongIsRefused(String path) {
        assertThat(acme.get(path + "a".repeat(5_000)).status()).isIn(400, 404);
        assertThat(acme.get(path + "a".repeat(100_000)).status()).isIn(400, 414);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /v1/authorizations           | {"product":"a\\u0000","quantity":1}
            /v1/authorizations           | {"product":"\\ud800","quantity":1}
            /v1/authorizations           | {"product":"text","quantity":1,"quantity":2}
            /v1/authorizations           | {"product":"text","quantity":1e2147483647}
            /v1/authorizations           | {"product":"text","quantity":"1e-2147483647"}
            /v1/authorizations           | {"product":"text","quantity":99999999999999999999}
            /v1/authorizations           | {"product":"text","quantity":1}{}
            /v1/authorizations           | {"product":["text"],"quantity":1}
            /v1/authorizations           | []
            /v1/authorizations           | null
            /v1/authorizations           | "text"
            /v1/limit-increase-requests  | {"amount":"500","reason":"a\\u0000b"}
            /v1/limit-increase-requests  | {"amount":"500","reason":"\\udfff"}
            /v1/limit-increase-requests  | {"amount":"9999999999999999999999","reason":"x"}
            /v1/limit-increase-requests  | {"amount":"NaN"}
            /v1/credits/top-ups          | {"amount":"5","currency":"US\\u0000"}
            /v1/credits/top-ups          | {"amount":"5","currency":"USD","currency":"USD"}
            /v1/credits/top-ups          | {"amount":"1e18","currency":"USD"}
            """)
    void aBodyIsTextAndSaysEachThingOnce(String path, String json) {
        operator.actingFor("acme")
                .post(path, json, Map.of("Idempotency-Key", "k"))
                .is(400, "INVALID_REQUEST");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 100_000})
    void deepAndLongBodiesAreRefused(int size) {
        var caller = operator.actingFor("acme");
        var key = Map.of("Idempotency-Key", "k");
        caller.post("/v1/authorizations", "[".repeat(size), key).is(400, "INVALID_REQUEST");
        caller.post("/v1/authorizations", "{\"product\":\"" + "a".repeat(size) + "\",\"quantity\":1}", key)
                .is(400, "INVALID_REQUEST");
        caller.post("/v1/authorizations", "{\"product\":\"text\",\"quantity\":\"" + "9".repeat(size) + "\"}", key)
                .is(400, "INVALID_REQUEST");
        caller.post("/v1/authorizations", "{\"product\":\"text\",\"quantity\":" + "9".repeat(size) + "}", key)
                .is(400, "INVALID_REQUEST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"u\\u0000\",\"account\":\"acme\",\"product\":\"text\",\"quantity\":1,\"occurred_at\":\"2026-11-01T09:00:00Z\"}",
                "{\"id\":\" \",\"account\":\"acme\",\"product\":\"text\",\"quantity\":1,\"occurred_at\":\"2026-11-01T09:00:00Z\"}",
                "{\"id\":\"a\\n\",\"account\":\"acme\",\"product\":\"text\",\"quantity\":1,\"occurred_at\":\"2026-11-01T09:00:00Z\"}",
                "{\"id\":\"a\u007f\",\"account\":\"acme\",\"product\":\"text\",\"quantity\":1,\"occurred_at\":\"2026-11-01T09:00:00Z\"}",
                "{\"id\":\"u\",\"source\":\"\\t\",\"account\":\"acme\",\"product\":\"text\",\"quantity\":1,\"occurred_at\":\"2026-11-01T09:00:00Z\"}",
                "{\"id\":\"\\ud800\",\"account\":\"acme\",\"product\":\"text\",\"quantity\":1,\"occurred_at\":\"2026-11-01T09:00:00Z\"}",
                "{\"id\":\"u\",\"account\":\"a\\u0000\",\"product\":\"text\",\"quantity\":1,\"occurred_at\":\"2026-11-01T09:00:00Z\"}",
                "{\"id\":\"u\",\"account\":\"acme\",\"product\":\"text\",\"quantity\":1e99999999,\"occurred_at\":\"2026-11-01T09:00:00Z\"}",
                "{\"id\":\"u\",\"account\":\"acme\",\"product\":\"text\",\"quantity\":1,\"occurred_at\":\"+999999999-01-01T00:00:00Z\"}",
                "{\"id\":\"u\",\"account\":\"acme\",\"product\":\"text\",\"quantity\":1,\"occurred_at\":\"2026-11-01T09:00:00Z\",\"metadata\":{\"a\\u0000\":\"\\u0000\"}}",
                "{\"type\":\"void\",\"id\":\"v\",\"voids\":\"\\u0000\",\"account\":\"acme\",\"occurred_at\":\"2026-11-01T09:00:00Z\"}",
                "{\"type\":\"void\",\"source\":\"gate\",\"id\":\"v\",\"voids\":\"x+y\",\"account\":\"acme\",\"occurred_at\":\"2026-11-01T09:00:00Z\"}"
            })
    void aRecordThatCannotBeKeptIsQuarantinedOrKeptWhole(String record) {
        var answer = operator.post("/v1/usage", record).is(200).json();
        // A NUL within metadata is kept as the escape that it was written as.
        assertThat(answer.at("/quarantined").asInt() + answer.at("/accepted").asInt())
                .isEqualTo(1);
        assertThat(answer.at("/accepted").asInt()).isEqualTo(record.contains("a\\u0000\":") ? 1 : 0);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            Content-Encoding | gzip    | 415
            Content-Encoding | br      | 415
            Content-Type     | image/x | 415
            Content-Type     | /       | 415
            Accept           | image/x | 400
            """)
    void aPackedOrStrangeBodyIsRefused(String header, String value, int status) {
        assertThat(operator.actingFor("acme")
                        .post("/v1/limit-increase-requests", "{}", Map.of(header, value))
                        .status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/access?account=%zz", "/v1/access?account=%", "/v1/invoices/%zz?account=acme"})
    void anEscapeThatIsNoneIsRefused(String target) throws IOException {
        assertThat(raw("GET " + target + " HTTP/1.1", "")).startsWith("HTTP/1.1 400 ");
    }

    private String raw(String call, String headersAndBody) throws IOException {
        try (var socket = new Socket("127.0.0.1", operator.port())) {
            socket.getOutputStream()
                    .write((call + "\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " + secret + "\r\n"
                                    + headersAndBody + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Idempotency-Key: a\r\nIdempotency-Key: b",
                "Idempotency-Key: a\u0001b",
                "Idempotency-Key: a\u0000b",
                "Idempotency-Key: \u007f",
                "Idempotency-Key: a\r\nContent-Type: application/json"
            })
    void aHeaderIsTextGivenOnce(String headers) throws IOException {
        var body = "{\"product\":\"text\",\"quantity\":1}";
        var answer = raw(
                "POST /v1/authorizations?account=acme HTTP/1.1",
                "Content-Type: application/json\r\n" + headers + "\r\nContent-Length: " + body.length() + "\r\n\r\n"
                        + body);
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("INVALID_REQUEST");
    }
}
