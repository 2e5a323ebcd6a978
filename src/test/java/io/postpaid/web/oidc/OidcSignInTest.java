package io.postpaid.web.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.account.Accounts;
import io.postpaid.support.CommandLine;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import io.postpaid.web.portal.Browser;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.http.HttpHeaders;

/** Operators sign in at a real provider of another site, over HTTP. */
@NullUnmarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OidcSignInTest {
    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
    private static final String ROLES = "groups: finance=approver, ops=operator, everyone=viewer";

    private TestProvider provider;
    private TestApplication application;

    @BeforeAll
    void serve(@TempDir Path home) throws IOException {
        provider = new TestProvider("127.0.0.1");
        // The provider is down when the application starts.
        application = TestApplication.serving(home, NOW, settings(provider, Map.of("POSTPAID_APPROVE_ABOVE", "100")));
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email
                acme,Acme,acme@acme.test
                """));
        var refused = browser().get("/console/oidc");
        assertThat(refused.location()).endsWith("/console/sign-in?unreachable");
        assertThat(browser().get("/console/sign-in?unreachable").text()).contains("127.0.0.1 does not answer");
        provider.start("http://127.0.0.1:" + application.http(null).port() + "/console/oidc/code");
    }

    private static Map<String, String> settings(TestProvider provider, Map<String, String> more) {
        var all = new HashMap<>(Map.of(
                "POSTPAID_OIDC_ISSUER",
                provider.issuer(),
                "POSTPAID_OIDC_CLIENT_ID",
                TestProvider.CLIENT,
                "POSTPAID_OIDC_CLIENT_SECRET",
                TestProvider.SECRET,
                "POSTPAID_OIDC_ROLES",
                ROLES));
        all.putAll(more);
        return all;
    }

    @AfterEach
    void honest() {
        provider.lies(claims -> {});
        provider.forges(null);
        application.moveTo(NOW);
    }

    @AfterAll
    void close() {
        application.close();
        provider.close();
    }

    private Browser browser() {
        return new Browser(application.http(null).port());
    }

    /** The provider's answer to this browser, as it is to be shown to the application. */
    private static String answer(Browser browser, String subject) {
        return TestProvider.answer(browser, browser.get("/console/oidc").location(), subject);
    }

    private static Browser.Page signIn(Browser browser, String subject) {
        return browser.visit(answer(browser, subject));
    }

    private Browser as(String subject) {
        var browser = browser();
        var page = signIn(browser, subject);
        assertThat(page.location()).as(page.text()).isEqualTo("/console");
        return browser;
    }

    private Browser as(String subject, Object groups) {
        provider.person(subject, person(subject, groups));
        return as(subject);
    }

    private static Map<String, Object> person(String subject, Object groups) {
        return Map.of("groups", groups, "email", subject + "@seller.test", "email_verified", true);
    }

    private void assertOutside(Browser browser, Browser.Page page, String location) {
        assertThat(page.location()).isEqualTo("/console/sign-in?" + location);
        assertThat(browser.get("/console").location()).contains("/console/sign-in");
    }

    private int sessions() {
        return application
                .jdbc()
                .sql("select count(*) from spring_session")
                .query(Integer.class)
                .single();
    }

    @Test
    void rolesComeFromTheClaim() {
        var people = Map.of(
                "viewer", as("vera", List.of("everyone")),
                "operator", as("otto", List.of("everyone", "ops")),
                "approver", as("anna", "finance"));
        var allowed = Map.of(
                "GET /console", Set.of("viewer", "operator", "approver"),
                "GET /console/audit", Set.of("viewer", "operator", "approver"),
                "GET /console/accounts/acme", Set.of("viewer", "operator", "approver"),
                "POST /console/accounts/acme/limit", Set.of("operator", "approver"),
                "POST /console/accounts/acme/link", Set.of("operator", "approver"),
                "POST /console/approvals/1/approve", Set.of("approver"),
                "POST /console/approvals/1/reject", Set.of("approver"));
        allowed.forEach((route, roles) -> people.forEach((role, browser) -> {
            browser.get("/console/no-such-page");
            var path = route.substring(route.indexOf(' ') + 1);
            var status = route.startsWith("GET ")
                    ? browser.get(path).status()
                    : browser.postWithToken(path, Map.of()).status();
            if (roles.contains(role)) {
                assertThat(status).as(role + " " + route).isNotIn(302, 401, 403, 500);
            } else {
                assertThat(status).as(role + " " + route).isEqualTo(403);
            }
        }));
    }

    @Test
    void whoHasNoRoleGetsAPageAndNoSession() {
        provider.person("nora", person("nora", List.of("kitchen")));
        var browser = browser();
        var answer = answer(browser, "nora");
        var before = sessions();
        var page = browser.visit(answer);
        assertThat(page.status()).isEqualTo(403);
        assertThat(page.text()).contains("You have no role here");
        assertThat(sessions()).isEqualTo(before - 1);
        assertThat(browser.get("/console").location()).contains("/console/sign-in");
    }

    @Test
    void nothingOfATokenIsKept() {
        as("kim", List.of("ops"));
        var kept = application
                .jdbc()
                .sql("select attribute_name || encode(attribute_bytes, 'escape') from spring_session_attributes a"
                        + " join spring_session s on s.primary_id = a.session_primary_id"
                        + " where encode(attribute_bytes, 'escape') like '%kim@seller%'")
                .query(String.class)
                .list();
        assertThat(kept).hasSize(1).first().asString().startsWith("CONSOLE").doesNotContain("eyJ", "IdToken");
        assertThat(kept.getFirst()).doesNotContain(TestProvider.SECRET);
        assertThat(kept.getFirst().length()).isLessThan(4000);
    }

    @Test
    void theQuestionIsBoundToTheBrowser() {
        var url = browser().get("/console/oidc").location();
        assertThat(url)
                .startsWith(provider.issuer() + "/oauth2/authorize?")
                .contains("state=", "nonce=", "code_challenge=", "code_challenge_method=S256")
                .contains("scope=openid%20profile%20email%20groups")
                .doesNotContain(TestProvider.SECRET);

        provider.person("otto", person("otto", List.of("ops")));
        var otto = browser();
        var answer = answer(otto, "otto");
        // Somebody else's browser, one with a question of its own, another state, and what was shown before.
        var other = browser();
        assertOutside(other, other.visit(answer), "failed");
        other.get("/console/oidc");
        assertOutside(other, other.visit(answer), "failed");
        var state = other.get("/console/oidc").location().replaceAll(".*[?&]state=([^&]+).*", "$1");
        assertOutside(other, other.visit(answer.replaceAll("state=[^&]+", "state=" + state)), "failed");
        assertThat(otto.visit(answer).location()).isEqualTo("/console");
        assertThat(otto.visit(answer).location()).isEqualTo("/console/sign-in?failed");
        // That was no attack on the session of who is in.
        assertThat(otto.get("/console").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonce", "aud", "iss", "azp", "exp"})
    void tokensForOthersAreRefused(String claim) {
        provider.person("otto", person("otto", List.of("ops")));
        provider.lies(claims -> {
            switch (claim) {
                case "aud" -> claims.put(claim, List.of("another-client"));
                case "iss" -> claims.put(claim, "https://evil.test");
                case "azp" -> claims.put(claim, "another-client");
                case "exp" -> {
                    claims.put("iat", Instant.EPOCH);
                    claims.put("exp", Instant.EPOCH.plusSeconds(60));
                }
                default -> claims.put(claim, "another");
            }
        });
        var browser = browser();
        assertOutside(browser, signIn(browser, "otto"), "failed");
    }

    @ParameterizedTest
    @EnumSource(TestProvider.Forgery.class)
    void forgedTokensAreRefused(TestProvider.Forgery how) {
        provider.person("otto", person("otto", List.of("ops")));
        provider.forges(how);
        var browser = browser();
        assertOutside(browser, signIn(browser, "otto"), "failed");
    }

    @Test
    void whatIsNoAnswerIsRefused() {
        for (var query : List.of(
                "", "?code=1", "?state=1", "?code=1&state=1", "?error=access_denied&state=1", "?code=&state=")) {
            var browser = browser();
            assertOutside(browser, browser.get("/console/oidc/code" + query), "failed");
        }
        var browser = browser();
        var state = browser.get("/console/oidc").location().replaceAll(".*[?&]state=([^&]+).*", "$1");
        var cancelled = "/console/oidc/code?error=access_denied&error_description=a%0Ab&state=" + state;
        assertOutside(browser, browser.get(cancelled), "cancelled");
        assertThat(browser.get("/console/sign-in?cancelled").text()).contains("sign-in at 127.0.0.1 was cancelled");
    }

    @Test
    void aPersonKeepsOneNameWhateverTheProviderChanges() {
        assertThat(as("sub-1", List.of("ops")).get("/console").text()).contains("person sub-1@seller.test");
        provider.person(
                "sub-1", Map.of("groups", "ops", "email", "wed@seller.test", "email_verified", true, "name", "W"));
        assertThat(as("sub-1").get("/console").text())
                .contains("person sub-1@seller.test")
                .doesNotContain("wed@");
        // The address passes on, in other letters; and somebody claims it.
        provider.person("sub-2", Map.of("groups", "ops", "email", "Sub-1@Seller.test", "email_verified", true));
        assertThat(as("sub-2").get("/console").text()).contains("person sub-1@seller.test (2)");
        provider.person("sub-3", Map.of("groups", "ops", "email", "sub-1@seller.test", "email_verified", false));
        assertThat(as("sub-3").get("/console").text()).contains("person (sub-3)");
        provider.person("sub-4", Map.of("groups", "ops", "email", "a (b) <i>@seller.test", "email_verified", true));
        assertThat(as("sub-4").get("/console").text()).contains("person (sub-4)");
        provider.person("sub-5@seller.test", Map.of("groups", "ops"));
        assertThat(as("sub-5@seller.test").get("/console").text()).contains("person (sub-5@seller.test)");
    }

    @Test
    void twoPeopleGiveMoneyAndNobodyBothTimes() {
        var anna = as("anna", List.of("finance"));
        anna.get("/console/accounts/acme");
        var waits = anna.submit(
                "/console/accounts/acme/credit", Map.of("amount", "150", "kind", "GOODWILL", "reason", "An outage"));
        assertThat(waits.status()).as(waits.text()).isEqualTo(202);
        assertThat(anna.get("/console/approvals").text())
                .contains("person anna@seller.test", "You asked for it: another person decides.");
        var id = application
                .jdbc()
                .sql("select max(id) from approval")
                .query(Long.class)
                .single();

        // The same person, who is called otherwise now.
        provider.person("anna", Map.of("groups", "finance", "email", "anna2@seller.test", "email_verified", true));
        var again = as("anna");
        again.get("/console/approvals");
        var own = again.postWithToken("/console/approvals/" + id + "/approve", Map.of());
        assertThat(own.text()).contains("Nothing was changed", "person anna@seller.test asked for approval");

        var bob = as("bob", List.of("finance"));
        bob.get("/console/approvals");
        var done = bob.postWithToken("/console/approvals/" + id + "/approve", Map.of());
        assertThat(done.text()).contains("Approved, and done: USD 150.00");
        assertThat(application
                        .jdbc()
                        .sql(
                                "select who from audit_entry where source like 'POST /console/%approv%' or what = 'credit_grant'")
                        .query(String.class)
                        .list())
                .contains("person bob@seller.test");
        assertThat(bob.get("/console/audit").text()).contains("person bob@seller.test");
    }

    @Test
    void aSignInEndsAfterEightHoursOrByThePerson() {
        var otto = as("otto", List.of("ops"));
        application.moveTo(NOW.plus(Duration.ofHours(8)).minusSeconds(1));
        assertThat(otto.get("/console").status()).isEqualTo(200);
        application.moveTo(NOW.plus(Duration.ofHours(8)));
        assertOutside(otto, otto.get("/console"), "ended");
        application.moveTo(NOW);

        var vera = as("vera", List.of("everyone"));
        vera.get("/console");
        assertThat(vera.submit("/console/sign-out", Map.of()).location()).endsWith("/console/sign-in?out");
        assertThat(vera.get("/console").location()).contains("/console/sign-in");
    }

    @Test
    void customersAndPeopleDoNotOpenEachOthersPages() {
        var customer = Browser.signedIn(application, "acme");
        assertThat(customer.get("/console").location()).contains("/console/sign-in");
        // An answer that fails, from another site too, leaves the customer signed in.
        customer.get("/console/oidc/code?error=x&state=1");
        assertThat(customer.get("/billing").status()).isEqualTo(200);
        assertThat(as("otto", List.of("ops")).get("/billing").location()).contains("/billing/sign-in");
    }

    @Test
    void aNewSessionBeginsAtSignIn() {
        provider.person("otto", person("otto", List.of("ops")));
        var browser = browser();
        var before = browser.get("/console/oidc");
        assertThat(before.header(HttpHeaders.SET_COOKIE)).contains("SESSION=", "HttpOnly", "SameSite=Lax");
        var after = browser.visit(TestProvider.answer(browser, before.location(), "otto"));
        assertThat(session(after)).isNotEmpty().isNotEqualTo(session(before));
        assertThat(idle()).isEqualTo(8 * 3600);
    }

    /** Who does not come back leaves nothing for long; who signs in otherwise then, stays in as long as others. */
    @Test
    void theWayToTheProviderIsShort() {
        browser().get("/console/oidc");
        assertThat(idle()).isEqualTo(600);
        var operator = browser();
        operator.get("/console/oidc");
        operator.get("/console/sign-in");
        var key = application.get(ApiKeys.class).ofOperator("", Role.VIEWER).secret();
        operator.submit("/console/sign-in", Map.of("key", key));
        assertThat(idle()).isEqualTo(12 * 3600);
        Browser.signedIn(application, "acme");
        assertThat(idle()).isEqualTo(12 * 3600);
    }

    private int idle() {
        return application
                .jdbc()
                .sql("select max_inactive_interval from spring_session order by last_access_time desc limit 1")
                .query(Integer.class)
                .single();
    }

    private static String session(Browser.Page page) {
        return page.header(HttpHeaders.SET_COOKIE).replaceFirst("(?s).*SESSION=([^;]+);.*", "$1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/console/runs", "https://evil.test/", "//evil.test", "/billing"})
    void whatWasAskedForIsShownAfterSigningIn(String wanted) {
        provider.person("otto", person("otto", List.of("ops")));
        var browser = browser();
        var begin = browser.get("/console/oidc?to=" + URLEncoder.encode(wanted, StandardCharsets.UTF_8));
        var page = browser.visit(TestProvider.answer(browser, begin.location(), "otto"));
        assertThat(page.location()).isEqualTo(wanted.startsWith("/console/") ? wanted : "/console");
    }

    @Test
    void thePageOffersBothWays() {
        var page = browser().get("/console/sign-in?to=%2Fconsole%2Fruns");
        assertThat(page.text()).contains("Sign in with 127.0.0.1", "Operator's key");
        assertThat(page.body()).contains("/console/oidc?to").doesNotContain(TestProvider.SECRET, TestProvider.CLIENT);
        assertThat(page.header("Content-Security-Policy")).contains("form-action 'self'");
    }

    /** Other settings than those of the sign-in, such as after a group has lost its role. */
    @Test
    void otherRolesEndSignIns(@TempDir Path home) {
        var otto = as("otto", List.of("ops"));
        try (var other = TestApplication.serving(
                home,
                NOW,
                settings(
                        provider,
                        Map.of(
                                "POSTPAID_OIDC_ROLES",
                                "groups: ops=viewer",
                                "spring.datasource.url",
                                application.setting("spring.datasource.url"),
                                "POSTPAID_BASE_URL",
                                "https://billing.seller.test")))) {
            var moved = otto.at(other.http(null).port());
            assertThat(moved.get("/console").location()).endsWith("?ended");
            // The setting says where people come back to, whatever the request says.
            assertThat(moved.get("/console/oidc").location())
                    .contains("redirect_uri=https://billing.seller.test/console/oidc/code");
        }
    }

    @Test
    void withoutSettingsNothingIsOfferedOrMade(@TempDir Path home) {
        try (var without = TestApplication.serving(home, NOW, Map.of())) {
            var browser = new Browser(without.http(null).port());
            assertThat(browser.get("/console/sign-in").text())
                    .contains("Operator's key")
                    .doesNotContain("Sign in with");
            assertThat(browser.get("/console/oidc").location()).contains("/console/sign-in?to=");
            assertThat(browser.get("/console/oidc/code?code=1&state=1").location())
                    .contains("/console/sign-in?to=");
        }
    }

    @Test
    void commandsMakeNothingOfIt(@TempDir Path home) {
        try (var command = new TestApplication(home, NOW, settings(provider, Map.of()), new BeanPostProcessor() {})) {
            assertThatThrownBy(() -> command.get(OidcSignIn.class)).isInstanceOf(NoSuchBeanDefinitionException.class);
            assertThatThrownBy(() -> command.get(People.class)).isInstanceOf(NoSuchBeanDefinitionException.class);
            assertThat(command.get(OidcSettings.class).isOn()).isTrue();
        }
    }

    @Test
    void halfOfTheSettingsStopEveryCommand(@TempDir Path home) {
        var postpaid = new CommandLine(home).with("POSTPAID_OIDC_CLIENT_SECRET", "hidden");
        var start = postpaid.run("accounts", "list");
        assertThat(start.exitCode()).isEqualTo(1);
        assertThat(start.err())
                .contains("For signing in with OpenID Connect these must be set, too: POSTPAID_OIDC_ISSUER")
                .doesNotContain("hidden", "This should not have happened");
    }
}
