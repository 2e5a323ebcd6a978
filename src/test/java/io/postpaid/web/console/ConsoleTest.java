package io.postpaid.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import io.postpaid.web.portal.Browser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Who gets into the console, and how far. */
@NullUnmarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleTest {
    private static final Set<String> OPEN =
            Set.of("GET /console/sign-in", "GET /console/style.css", "GET /console/htmx.js");

    private TestApplication application;

    @BeforeAll
    void serve(@TempDir Path home) throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-11-01T10:00:00Z"), Map.of());
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,aliases
                acme,Acme,acme@acme.test,cus_1 aws:<7>
                """));
    }

    @AfterAll
    void close() {
        application.close();
    }

    /** A browser that shows this key. */
    static Browser signedIn(TestApplication application, String secret) {
        var browser = new Browser(application.http(null).port());
        browser.get("/console/sign-in");
        var answer = browser.submit("/console/sign-in", Map.of("key", secret));
        assertThat(answer.location()).endsWith("/console");
        return browser;
    }

    private Browser as(Role role) {
        return signedIn(
                application, application.get(ApiKeys.class).ofOperator("", role).secret());
    }

    /** Every page and form there is, for every role: what the console shows to whom is decided in one place, and holds for all. */
    @Test
    void everyRouteAllowsItsRolesAndNoOther() {
        var browsers = new EnumMap<Role, Browser>(Role.class);
        for (var role : List.of(Role.VIEWER, Role.OPERATOR, Role.APPROVER)) {
            browsers.put(role, as(role));
            browsers.get(role).get("/console/no-such-page");
        }
        var stranger = new Browser(application.http(null).port());
        var customer = Browser.signedIn(application, "acme");
        var routes = routes();
        assertThat(routes).hasSizeGreaterThan(9);
        for (var route : routes) {
            if (OPEN.contains(route)) continue;
            var allowed = browsers.entrySet().stream()
                    .filter(each -> status(each.getValue(), route) != 403)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            var expected = route.startsWith("GET ")
                    ? Set.of(Role.VIEWER, Role.OPERATOR, Role.APPROVER)
                    : route.startsWith("POST /console/approvals/") || route.endsWith("/reopen")
                            ? Set.of(Role.APPROVER)
                            : Set.of(Role.OPERATOR, Role.APPROVER);
            assertThat(allowed).as(route).isEqualTo(expected);
            for (var outside : List.of(stranger, customer)) {
                var answer = answer(outside, route);
                assertThat(answer.status()).as(route).isIn(302, 403);
                if (answer.status() == 302) assertThat(answer.location()).contains("/console/sign-in");
            }
        }
    }

    private TreeSet<String> routes() {
        var routes = new TreeSet<String>();
        application
                .get(RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(mapping -> mapping.getPatternValues().stream()
                        .filter(path -> path.startsWith("/console"))
                        .forEach(path -> mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(verb -> routes.add(verb + " " + path))));
        return routes;
    }

    private static int status(Browser browser, String route) {
        var status = answer(browser, route).status();
        assertThat(status).as(route).isLessThan(500).isNotEqualTo(401);
        return status;
    }

    private static Browser.Page answer(Browser browser, String route) {
        var path = route.substring(route.indexOf(' ') + 1)
                .replace("{*path}", "nothing")
                .replace("{id}", "1")
                .replaceAll("\\{\\w+}", "nothing");
        return route.startsWith("GET ") ? browser.get(path) : browser.postWithToken(path, Map.of());
    }

    @Test
    void keysThatAreNoOperatorsOpenNothing() {
        var keys = application.get(ApiKeys.class);
        var wrong = Stream.of(
                "",
                "pp_op_000000000000_" + "0".repeat(64),
                keys.ofAccount("acme", "").secret(),
                keys.ofOperator("", Role.SERVICE).secret());
        wrong.forEach(key -> {
            var browser = new Browser(application.http(null).port());
            browser.get("/console/sign-in");
            assertThat(browser.submit("/console/sign-in", Map.of("key", key)).location())
                    .endsWith("/console/sign-in?refused");
            assertThat(browser.get("/console").status()).isEqualTo(302);
        });
    }

    @Test
    void aRevokedKeyEndsItsSessions() {
        var keys = application.get(ApiKeys.class);
        var made = keys.ofOperator("", Role.OPERATOR);
        var browser = signedIn(application, made.secret());
        var page = browser.get("/console");
        assertThat(page.status()).as(page.text()).isEqualTo(200);

        keys.revoke(made.key().id());

        assertThat(browser.get("/console").location()).endsWith("/console/sign-in?refused");
        assertThat(browser.get("/console/runs").location()).contains("/console/sign-in");
    }

    @Test
    void whatWasAskedForIsShownAfterSigningIn() {
        var secret = application.get(ApiKeys.class).ofOperator("", Role.VIEWER).secret();
        var browser = new Browser(application.http(null).port());
        var asked = browser.get("/console/runs");
        assertThat(asked.location()).endsWith("/console/sign-in?to=%2Fconsole%2Fruns");
        browser.get("/console/sign-in?to=%2Fconsole%2Fruns");
        assertThat(browser.submit("/console/sign-in", Map.of("key", secret)).location())
                .endsWith("/console/runs");
        browser.get("/console/sign-in?to=https%3A%2F%2Fevil.test%2F");
        assertThat(browser.submit("/console/sign-in", Map.of("key", secret)).location())
                .endsWith("/console");
    }

    /** Two presses, or an answer that is loaded again. */
    @Test
    void aFormThatIsSentTwiceIsDoneOnce() {
        var browser = as(Role.OPERATOR);
        assertThat(browser.get("/console/accounts/acme").text()).contains("Aliases: cus_1, aws:&lt;7&gt;");
        var typed = Map.of("amount", "7.00", "reason", "an outage");
        assertThat(browser.submit("/console/accounts/acme/credit", typed).text())
                .contains("Granted USD 7.00");
        browser.get("/console/accounts/acme");
        var first = browser.submit("/console/accounts/acme/credit", typed);
        var again = browser.again();
        assertThat(first.text()).contains("Granted USD 7.00");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.text()).contains("Nothing was done now.");
        assertThat(application
                        .jdbc()
                        .sql("select count(*) from credit_grant where kind = 'GOODWILL' and amount = 7")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
    }

    @Test
    void aFormThatWasRefusedMayBeSentAgain() {
        var browser = as(Role.OPERATOR);
        browser.get("/console/accounts/acme");
        assertThat(browser.submit("/console/accounts/acme/credit", Map.of("amount", "much", "reason", "x"))
                        .status())
                .isEqualTo(400);
        assertThat(browser.again().text()).contains("is no amount: write one such as 250.00");
    }

    @Test
    void whatIsNoSessionIsNone() throws Exception {
        for (var odd : List.of("AAAA", "", "%00", "x".repeat(3000), "Li4vLi4=")) {
            for (var path : List.of("/console", "/console/sign-in", "/billing", "/health")) {
                var answer = HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                                + application.http(null).port() + path))
                                        .header("Cookie", "SESSION=" + odd)
                                        .build(),
                                HttpResponse.BodyHandlers.discarding());
                assertThat(answer.statusCode()).as(odd + path).isIn(200, 302);
            }
        }
    }
}
