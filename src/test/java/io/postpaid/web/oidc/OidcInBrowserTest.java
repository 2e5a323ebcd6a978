package io.postpaid.web.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.TestApplication;
import io.postpaid.web.portal.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A browser goes to the provider of another site and comes back, with the cookies and policies that it really keeps. */
@EnabledIf(value = "io.postpaid.web.portal.Chromium#installed", disabledReason = Chromium.NEEDED)
class OidcInBrowserTest {
    @Test
    void aPersonSignsInAtAnotherSite(@TempDir Path home) throws IOException {
        try (var provider = new TestProvider("localhost");
                var application = TestApplication.serving(
                        home,
                        Instant.parse("2026-11-01T10:00:00Z"),
                        Map.of(
                                "POSTPAID_BASE_URL", Chromium.BASE,
                                "POSTPAID_OIDC_ISSUER", provider.issuer(),
                                "POSTPAID_OIDC_CLIENT_ID", TestProvider.CLIENT,
                                "POSTPAID_OIDC_CLIENT_SECRET", TestProvider.SECRET,
                                "POSTPAID_OIDC_ROLES", "groups: ops=operator"));
                var browser = new Chromium(
                        application.http(null).port(), Files.createDirectories(home.resolve("downloads")))) {
            provider.start(Chromium.BASE + "/console/oidc/code");
            var address = "a-person-with-a-long-name-and-more-of-it@department.of.seller.test";
            provider.person("s-1", Map.of("groups", List.of("ops"), "email", address, "email_verified", true));
            provider.person("s-2", Map.of("groups", List.of("kitchen")));

            browser.scripts(true);
            browser.open("/console/runs");
            browser.shows("Sign in with localhost", "Operator's key");
            fits(browser);
            signIn(browser, "s-1");
            browser.shows("Runs", address);
            assertThat(browser.path()).isEqualTo("/console/runs");
            fits(browser);
            browser.submit("Sign out");
            browser.shows("You are signed out.");

            // The provider still knows the first one.
            browser.open(provider.issuer() + "/logout");
            browser.shows("You have been signed out");
            browser.open("/console");
            signIn(browser, "s-2");
            browser.shows("You have no role here");
            browser.open("/console");
            browser.shows("Sign in with localhost");
        }
    }

    private static void signIn(Chromium browser, String subject) {
        browser.press("Sign in with localhost");
        browser.shows("Please sign in");
        browser.typeInto("username", subject);
        browser.typeInto("password", TestProvider.PASSWORD);
        browser.submit("Sign in");
    }

    private static void fits(Chromium browser) {
        for (var width : List.of(1160, 360)) {
            browser.look(width, false);
            assertThat(browser.beyondTheEdge()).isEmpty();
            assertThat(browser.hindrances(false)).isEmpty();
        }
    }
}
