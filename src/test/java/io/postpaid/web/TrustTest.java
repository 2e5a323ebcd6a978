package io.postpaid.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.account.Accounts;
import io.postpaid.books.report.Check;
import io.postpaid.books.report.Verification;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.Http;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.intake.Ingestion;
import io.postpaid.usage.intake.Quarantine;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may say what: an account's own key can neither free itself of a charge nor stand in the way of others. */
class TrustTest {
    private TestApplication application;
    private Http reader;
    private Http gate;
    private Http reporter;
    private Http mal;
    private Http operator;

    @BeforeEach
    void serve(@TempDir Path home) throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-11-01T10:00:00Z"), Map.of());
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email
                me,Me,me@me.test
                mal,Mal,mal@mal.test
                """));
        prices("");
        var keys = application.get(ApiKeys.class);
        reader = application.http(keys.ofAccount("me", "").secret());
        gate = application.http(keys.ofAccount("me", "", Role.GATE).secret());
        reporter = application.http(keys.ofAccount("me", "", Role.USAGE).secret());
        mal = application.http(keys.ofAccount("mal", "", Role.USAGE, Role.GATE).secret());
        operator = application.http(keys.ofOperator("", Role.OPERATOR).secret());
    }

    @AfterEach
    void stop() {
        application.close();
    }

    private void prices(String more) throws IOException {
        application
                .get(PriceBooks.class)
                .importFile(Files.writeString(application.home.resolve("prices.yaml"), """
                currency: USD
                products:
                  text: {unit: word}
                %s
                prices:
                  - {product: text, effective_from: 2026-01-01, amount: "0.0001"}
                """.formatted(more)));
    }

    private static String record(String source, String id, String account, String quantity) {
        return """
                {"source":"%s","id":"%s","account":"%s","product":"text","quantity":"%s","occurred_at":"2026-11-01T09:00:00Z"}
                """.formatted(source, id, account, quantity).strip();
    }

    private static String correction(String source, String id, String voids, String account) {
        return """
                {"type":"void","source":"%s","id":"%s","voids":"%s","account":"%s","occurred_at":"2026-11-01T09:30:00Z"}
                """.formatted(source, id, voids, account).strip();
    }

    private String authorize(Http caller, String key) {
        return authorize(caller, key, "123450");
    }

    private String authorize(Http caller, String key, String quantity) {
        return caller.post(
                        "/v1/authorizations",
                        "{\"product\":\"text\",\"quantity\":\"" + quantity + "\"}",
                        Map.of("Idempotency-Key", key))
                .is(201)
                .json()
                .at("/id")
                .asString();
    }

    private void settle(String id) {
        var settled = operator.post("/v1/authorizations/" + id + "/settle?account=me", "{\"quantity\":\"123450\"}")
                .is(200);
        assertThat(settled.json().at("/charged").asString()).isEqualTo("12.345");
    }

    private static void taken(Http.Answer answer, long accepted, long quarantined) {
        answer.is(200, Map.of("accepted", accepted, "duplicates", 0, "quarantined", quarantined));
    }

    private void night() {
        application.moveTo(Instant.parse("2026-11-02T08:00:00Z"));
        assertThat(application.nightly(LocalDate.parse("2026-11-02")).completed())
                .isTrue();
        assertThat(application.get(Verification.class).run())
                .filteredOn(check -> !check.holds())
                .map(Check::examples)
                .isEmpty();
    }

    private void costs(String account, String cost) {
        assertThat(number("select coalesce(sum(cost), 0) from monthly_cost where account = '" + account + "'"))
                .isEqualByComparingTo(cost);
    }

    private BigDecimal number(String sql) {
        return application.jdbc().sql(sql).query(BigDecimal.class).single();
    }

    @Test
    void anAccountTakesNoChargeBack() {
        var id = authorize(gate, "x1");
        settle(id);
        var own = correction("gate", "x1", id, "me");
        for (var caller : List.of(reader, gate, reporter))
            caller.post("/v1/usage", own).is(403, "FORBIDDEN");
        mal.post("/v1/usage", correction("gate", "x2", id, "mal")).is(403, "FORBIDDEN");
        mal.post("/v1/usage", own).is(403, "FORBIDDEN");

        assertThat(number("select count(*) from usage_void")).isZero();
        assertThat(number("select count(*) from usage_quarantine")).isZero();
        night();
        costs("me", "12.345");
        assertThat(number("select sum(amount - used) from credit_grant where account = 'me'"))
                .isEqualByComparingTo("7.655");
    }

    @Test
    void aCallIsSettledWhateverWasSentUnderItsId() {
        var id = authorize(gate, "x1");
        for (var source : List.of("gate", "default", "account:me/default", "account:me/gate")) {
            reporter.post("/v1/usage", correction(source, id, id, "me")).is(403, "FORBIDDEN");
        }
        reporter.post("/v1/usage", record("gate", id, "me", "0")).is(403, "FORBIDDEN");
        // Not even an operator takes back what is not settled yet, or reports it.
        taken(operator.post("/v1/usage", correction("gate", id, id, "me")), 0, 1);
        taken(operator.post("/v1/usage", record("gate", id, "me", "0")), 0, 1);
        taken(operator.post("/v1/usage", correction("gate", "c1", "nothing", "me")), 0, 1);
        assertThat(application
                        .jdbc()
                        .sql("select reason from usage_quarantine order by id")
                        .query(String.class)
                        .list())
                .containsExactly("NOT_SETTLED", "MALFORMED", "NOT_SETTLED");
        settle(id);
        // Nor in the name of another account.
        taken(operator.post("/v1/usage", correction("gate", "c2", id, "mal")), 0, 1);
        night();
        costs("me", "12.345");
    }

    @Test
    void anOperatorTakesASettledCallBackByAnOrdinaryCorrection() {
        var id = authorize(gate, "x1");
        var other = authorize(gate, "x2", "1000");
        operator.post("/v1/authorizations/" + other + "/settle?account=me", "{\"quantity\":\"1000\"}")
                .is(200);
        operator.post("/v1/authorizations/" + id + "/settle?account=me", "{\"quantity\":\"123451\"}")
                .is(200);
        // Its own id is that of another call, and of the excess of this one: neither stands in the way.
        taken(operator.post("/v1/usage", correction("gate", other, id, "me")), 1, 0);
        taken(operator.post("/v1/usage", correction("gate", id + "+", id + "+", "me")), 1, 0);
        taken(operator.post("/v1/usage", correction("gate", "again", id, "me")), 0, 1);
        night();
        costs("me", "0.1");
    }

    @Test
    void whatAnAccountReportsStandsBeforeNobody() {
        for (var caller : List.of(reader, gate)) {
            caller.post("/v1/usage", record("default", "01J9", "me", "0")).is(403, "FORBIDDEN");
        }
        taken(mal.post("/v1/usage", record("default", "01J9", "mal", "0")), 1, 0);
        taken(reporter.post("/v1/usage", record("default", "01J9", "me", "0")), 1, 0);
        taken(operator.post("/v1/usage", record("default", "01J9", "me", "50000")), 1, 0);
        reporter.post("/v1/usage", record("default", "01J9", "me", "0"))
                .is(200, Map.of("accepted", 0, "duplicates", 1, "quarantined", 0));
        assertThat(application
                        .jdbc()
                        .sql(
                                "select source || ' ' || trim_scale(quantity) from usage_record order by source collate \"C\"")
                        .query(String.class)
                        .list())
                .containsExactly("account:mal/default 0", "account:me/default 0", "default 50000");
        // Nor does it stand in the way of a correction of the operator, and the operator can correct it.
        mal.post("/v1/usage", correction("default", "v1", "01J9", "me")).is(403, "FORBIDDEN");
        mal.post("/v1/usage", correction("default", "v1", "01J9", "mal")).is(403, "FORBIDDEN");
        taken(reporter.post("/v1/usage", record("default", "r2", "me", "700")), 1, 0);
        taken(operator.post("/v1/usage", correction("account:me/default", "r3", "r2", "me")), 1, 0);
        taken(reporter.post("/v1/usage", record("default", "r3", "me", "300")), 1, 0);
        night();
        costs("me", "5.03");
        taken(operator.post("/v1/usage", correction("default", "v1", "01J9", "me")), 1, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gate", "account:me/default", "account:", "account:mal/x"})
    void aReservedSourceIsNobodys(String source) throws IOException {
        // All of the request is refused: an account's key never writes there.
        reporter.post(
                        "/v1/usage",
                        "[" + record("default", "s0", "me", "1") + "," + record(source, "s1", "me", "1") + "]")
                .is(403, "FORBIDDEN");
        assertThat(number("select count(*) from usage_file where reporter = 'me'"))
                .isZero();
        taken(operator.post("/v1/usage", record(source, "s1", "me", "1")), 0, 1);
        var file = Files.writeString(
                application.home.resolve("usage.csv"),
                "id,source,account,product,quantity,occurred_at\ns1,%s,me,text,1,2026-11-01T09:00:00Z\n"
                        .formatted(source));
        assertThat(application.get(Ingestion.class).ingest(file, null, _ -> {}).quarantined())
                .isEqualTo(1);
        var mapping = """
                format: csv
                source: %s
                fields: {id: {column: id}, account: {value: me}, product: {value: text}, quantity: {value: 1},
                         occurred_at: {column: at}}
                """.formatted('"' + source + '"');
        assertThatThrownBy(() -> Mapping.parse("mapping.yaml", mapping))
                .isInstanceOf(UnreadableUsage.class)
                .hasMessageContaining("cannot have the source");
    }

    @Test
    void aReleasedLineSpeaksForWhoSentItAlone() throws IOException {
        taken(mal.post("/v1/usage", record("default", "q1", "mal", "5").replace("text", "video")), 0, 1);
        taken(mal.post("/v1/usage", record("default", "q2", "mal", "5").replace("text", "video")), 0, 1);
        taken(mal.post("/v1/usage", record("default", "q3", "mal", "5").replace("text", "video")), 0, 1);
        // As if a line had been let in that speaks for another, or takes something back.
        application
                .jdbc()
                .sql("update usage_quarantine set raw = replace(raw, '\"mal\"', '\"me\"') where id = 2")
                .update();
        application
                .jdbc()
                .sql("update usage_quarantine set raw = :raw where id = 3")
                .param("raw", correction("default", "q3", "01J9", "mal"))
                .update();
        taken(operator.post("/v1/usage", record("default", "01J9", "mal", "5")), 1, 0);
        prices("  video: {unit: second, billable: false}");

        var released = application.get(Quarantine.class).release(List.of());

        assertThat(released).isEqualTo(new Quarantine.Released(1, 0, 2));
        assertThat(application
                        .jdbc()
                        .sql("select source from usage_record where id = 'q1'")
                        .query(String.class)
                        .single())
                .isEqualTo("account:mal/default");
        assertThat(number("select count(*) from usage_void")).isZero();
    }

    @Test
    void onlyTheSellerEndsACall() {
        var id = authorize(gate, "x1");
        for (var caller : List.of(reader, gate, reporter, mal)) {
            caller.post("/v1/authorizations/" + id + "/settle", "{\"quantity\":0}")
                    .is(403, "FORBIDDEN");
            caller.post("/v1/authorizations/" + id + "/release", "{}").is(403, "FORBIDDEN");
        }
        reader.post("/v1/authorizations", "{\"product\":\"text\",\"quantity\":1}", Map.of("Idempotency-Key", "k"))
                .is(403, "FORBIDDEN");
        // For an account that it is not of, it does not exist.
        operator.post("/v1/authorizations/" + id + "/settle?account=mal", "{\"quantity\":0}")
                .is(404, "NOT_FOUND");
        settle(id);
    }

    @Test
    void aStreamCannotBeTakenForAnAccountsOwn() {
        var line = record("default", "f1", "me", "1").getBytes(StandardCharsets.UTF_8);
        application.get(Ingestion.class).ingest(new ByteArrayInputStream(line), "api/0123456789ab", null, _ -> {});
        assertThat(application
                        .jdbc()
                        .sql("select source from usage_record where id = 'f1'")
                        .query(String.class)
                        .single())
                .isEqualTo("default");
    }
}
