package io.postpaid.web;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.support.Http;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Which key may make which call, for every call there is. */
@NullUnmarked
class RightsTest {
    private static final String EXPECTED = """
            GET /metrics: VIEWER OPERATOR APPROVER
            GET /v1/access: ACCOUNT VIEWER SERVICE OPERATOR APPROVER
            GET /v1/events: VIEWER SERVICE OPERATOR APPROVER
            GET /v1/invoices: ACCOUNT VIEWER SERVICE OPERATOR APPROVER
            GET /v1/invoices/{number}: ACCOUNT VIEWER SERVICE OPERATOR APPROVER
            GET /v1/invoices/{number}/pdf: ACCOUNT VIEWER SERVICE OPERATOR APPROVER
            GET /v1/invoices/{number}/usage.csv: ACCOUNT VIEWER SERVICE OPERATOR APPROVER
            GET /v1/invoices/{number}/xml: ACCOUNT VIEWER SERVICE OPERATOR APPROVER
            GET /v1/usage: ACCOUNT VIEWER SERVICE OPERATOR APPROVER
            GET /v1/usage.csv: ACCOUNT VIEWER SERVICE OPERATOR APPROVER
            GET /v1/usage/quarantine: ACCOUNT VIEWER SERVICE OPERATOR APPROVER
            POST /v1/accounts/{id}/keys: SERVICE OPERATOR APPROVER
            POST /v1/authorizations: GATE SERVICE OPERATOR APPROVER
            POST /v1/authorizations/{id}/release: SERVICE OPERATOR APPROVER
            POST /v1/authorizations/{id}/settle: SERVICE OPERATOR APPROVER
            POST /v1/credits/projections/usage-summary: ACCOUNT VIEWER SERVICE OPERATOR APPROVER
            POST /v1/credits/top-ups: ACCOUNT OPERATOR APPROVER
            POST /v1/limit-increase-requests: ACCOUNT SERVICE OPERATOR APPROVER
            POST /v1/portal-sessions: SERVICE OPERATOR APPROVER
            POST /v1/usage: USAGE SERVICE OPERATOR APPROVER
            PUT /v1/accounts/{id}: SERVICE OPERATOR APPROVER
            """;

    @Test
    void theTableSaysThis() {
        var table = new TreeMap<String, String>();
        Rights.OF_CALL.forEach((call, roles) -> table.put(
                call,
                String.join(
                        " ",
                        Stream.of(Role.values())
                                .filter(roles::contains)
                                .map(Role::name)
                                .toList())));
        var told = new StringBuilder();
        table.forEach(
                (call, roles) -> told.append(call).append(": ").append(roles).append('\n'));
        assertThat(told.toString()).isEqualTo(EXPECTED);
    }

    @Test
    void everyCallThereIsAllowsThoseAndRefusesAllOthers(@TempDir Path home) throws IOException {
        try (var application = TestApplication.serving(home, Instant.parse("2026-11-01T10:00:00Z"), Map.of())) {
            application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                    id,name,email
                    acme,Acme,acme@acme.test
                    """));
            var callers = new EnumMap<Role, Http>(Role.class);
            var keys = application.get(ApiKeys.class);
            for (var role : Role.values()) {
                callers.put(
                        role,
                        application.http(
                                (role.isOfAccount() ? keys.ofAccount("acme", "", role) : keys.ofOperator("", role))
                                        .secret()));
            }
            var calls = new TreeSet<String>();
            application
                    .get(RequestMappingHandlerMapping.class)
                    .getHandlerMethods()
                    .forEach((mapping, method) -> {
                        if (Authentication.isOpen(method)) return;
                        for (var verb : mapping.getMethodsCondition().getMethods()) {
                            for (var pattern : mapping.getPatternValues()) calls.add(verb + " " + pattern);
                        }
                    });
            assertThat(calls).isEqualTo(new TreeSet<>(Rights.OF_CALL.keySet()));
            for (var call : calls) {
                var allowed = callers.keySet().stream()
                        .filter(role -> reaches(callers.get(role), call))
                        .collect(toSet());
                var expected = Rights.OF_CALL.get(call);
                // A key with a right beside has what every account's key has.
                assertThat(allowed).as(call).isEqualTo(withEveryAccounts(expected));
            }
        }
    }

    private static Set<Role> withEveryAccounts(Set<Role> roles) {
        return roles.contains(Role.ACCOUNT)
                ? Stream.of(Role.values())
                        .filter(role -> role.isOfAccount() || roles.contains(role))
                        .collect(toSet())
                : roles;
    }

    private static boolean reaches(Http caller, String call) {
        var verb = call.substring(0, call.indexOf(' '));
        var path = call.substring(call.indexOf(' ') + 1)
                .replace("{number}", "2026-000001")
                .replace("{id}", "01900000-0000-7000-8000-000000000000");
        var answer = verb.equals("GET")
                ? caller.get(path)
                : caller.send(
                        verb, path, "{}".getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", "application/json"));
        assertThat(answer.status()).as(call).isNotIn(401, 429).isLessThan(500);
        if (answer.status() == 403) answer.is(403, "FORBIDDEN");
        return answer.status() != 403;
    }
}
