package io.postpaid.web.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ends of sessions and links, and how often links may be asked for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignOutTest {
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private TestApplication application;

    @BeforeAll
    void serve(@TempDir Path home) throws IOException {
        application = TestApplication.serving(
                home,
                Instant.parse("2026-11-01T10:00:00Z"),
                Map.of("POSTPAID_SIGN_IN_RATE", "3", "POSTPAID_FORWARDED_HEADERS", "native"));
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email
                acme,Acme,billing@acme.test
                bolt,Bolt,billing@bolt.test
                """));
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private String link(String account) {
        var url = application
                .get(PortalLinks.class)
                .make(account, Duration.ofHours(1), null)
                .url();
        return url.substring(url.indexOf("/billing"));
    }

    private Browser opened(String link) {
        var browser = new Browser(application.http(null).port());
        browser.get(link);
        browser.submit("/billing/sign-in/link", Map.of());
        return browser;
    }

    @Test
    void allBrowsersAndLinksOfTheAccountAreOut() {
        var here = opened(link("acme"));
        var there = opened(link("acme"));
        var other = opened(link("bolt"));
        var unused = link("acme");
        var foreign = link("bolt");
        assertThat(there.get("/billing").status()).isEqualTo(200);

        here.get("/billing/details");
        assertThat(here.submit("/billing/sign-out/everywhere", Map.of()).location())
                .endsWith("/billing/sign-in?out");
        assertThat(here.get("/billing").status()).isEqualTo(302);
        assertThat(there.get("/billing").status()).isEqualTo(302);
        assertThat(opened(unused).get("/billing").status()).isEqualTo(302);
        assertThat(other.get("/billing").status()).isEqualTo(200);
        assertThat(opened(foreign).get("/billing").status()).isEqualTo(200);
        assertThat(opened(link("acme")).get("/billing").status()).isEqualTo(200);
    }

    @Test
    void linksAreFewForANetwork() throws Exception {
        for (int n = 0; n < 3; n++) assertThat(asked("203.0.113.7")).isEqualTo(200);
        assertThat(asked("203.0.113.7")).isEqualTo(429);
        // What a client writes itself stands before what the proxy has seen.
        assertThat(asked("198.51.100.1, 203.0.113.7")).isEqualTo(429);
        assertThat(asked("203.0.113.8")).isEqualTo(200);
        for (int n = 0; n < 3; n++) assertThat(asked("2001:db8:1:2::" + n)).isEqualTo(200);
        assertThat(asked("2001:db8:1:2:ffff::1")).isEqualTo(429);
        assertThat(asked("2001:db8:1:3::1")).isEqualTo(200);
    }

    private int asked(String from) throws Exception {
        var base = "http://127.0.0.1:" + application.http(null).port() + "/billing/sign-in";
        try (var client =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build()) {
            var page = client.send(HttpRequest.newBuilder(URI.create(base)).build(), BodyHandlers.ofString());
            var token = TOKEN.matcher(page.body());
            assertThat(token.find()).isTrue();
            var form = "email=nobody%40acme.test&_csrf="
                    + URLEncoder.encode(token.group(1).replace("&#x3D;", "="), StandardCharsets.UTF_8);
            return client.send(
                            HttpRequest.newBuilder(URI.create(base))
                                    .header("X-Forwarded-For", from)
                                    .header("Content-Type", "application/x-www-form-urlencoded")
                                    .POST(HttpRequest.BodyPublishers.ofString(form))
                                    .build(),
                            BodyHandlers.ofString())
                    .statusCode();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7,cb007107",
        "2001:db8:1:2:3::4,20010db800010002",
        "::ffff:203.0.113.7,cb007107",
        "nonsense,nonsense",
        "1.2.3.4.5,1.2.3.4.5"
    })
    void aNetworkIsAnAddressOrTheHalfOfOne(String address, String network) {
        assertThat(Networks.network(address)).isEqualTo(network);
    }

    @Test
    void oldLinksAreRemoved() {
        link("bolt");
        var old = application.get(OldLinks.class);
        application.moveTo(Instant.parse("2026-11-30T10:00:00Z"));
        assertThat(old.remove()).isZero();
        application.moveTo(Instant.parse("2026-12-02T10:00:00Z"));
        assertThat(old.remove()).isPositive();
        assertThat(old.remove()).isZero();
        application.moveTo(Instant.parse("2026-11-01T10:00:00Z"));
    }
}
