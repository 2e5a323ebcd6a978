package io.postpaid.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.support.Http;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The server delivers by itself, and its feed has the same. */
class EventFeedTest {
    private static final Instant NOW = Instant.parse("2026-11-01T08:00:00Z");

    @TempDir
    private Path home;

    private TestApplication serving(String url) {
        return TestApplication.serving(
                home, NOW, Map.of("POSTPAID_EVENTS_URL", url, "POSTPAID_EVENTS_SECRET", EventReceiver.SECRET));
    }

    private void accounts(TestApplication application, String... ids) throws IOException {
        var lines = new StringBuilder("id,name,email\n");
        for (var id : ids) lines.append(id).append(",Name,mail@example.test\n");
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), lines));
    }

    private static Http operator(TestApplication application, Role role) {
        return application.http(
                application.get(ApiKeys.class).ofOperator("", role).secret());
    }

    @Test
    void whatIsDeliveredIsInTheFeedPageByPage() throws IOException, InterruptedException {
        try (var receiver = new EventReceiver();
                var application = serving(receiver.url())) {
            accounts(application, "acme", "beta", "gamma");
            application.get(Accounts.class).suspend("beta", "for a test");
            receiver.awaitTaken(4);
            var caller = operator(application, Role.SERVICE);
            var found = new TreeSet<String>();
            long next = 0;
            for (var page = page(caller, next); !page.get("events").isEmpty(); page = page(caller, next)) {
                page.get("events").forEach(event -> found.add(event.toString()));
                next = page.get("next").asLong();
            }
            assertThat(page(caller, next).get("next").asLong()).isEqualTo(next);
            assertThat(receiver.awaitTaken(found.size()).stream()
                            .map(got -> got.json().toString()))
                    .containsAll(found);
            var ofBeta = caller.get("/v1/events?account=beta&limit=1000").json().get("events");
            assertThat(ofBeta.findValuesAsString("type")).contains("account.suspended");
            // The night may be at work meanwhile, and grants the allowance.
            assertThat(ofBeta.findValues("access").getLast().toString())
                    .isEqualTo("{\"allowed\":false,\"code\":\"ACCOUNT_SUSPENDED\"}");
            assertThat(caller.get("/v1/events?account=nobody").json().get("events"))
                    .isEmpty();
        }
    }

    private static JsonNode page(Http caller, long after) {
        return caller.get("/v1/events?limit=2&after=" + after).is(200).json();
    }

    /** Nothing but events waits for it: not calls, and not the end of the server. */
    @Test
    void aReceiverThatNeverAnswersHoldsUpNothingElse() throws Exception {
        try (var nobody = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var application = serving("http://127.0.0.1:" + nobody.getLocalPort() + "/")) {
            accounts(application, "acme", "beta");
            var caller = operator(application, Role.OPERATOR);
            // It has the request, and says nothing.
            try (var asked = nobody.accept()) {
                assertThat(asked.isConnected()).isTrue();
                long began = System.nanoTime();
                application.get(Accounts.class).suspend("acme", "meanwhile");
                caller.actingFor("acme").get("/v1/access").is(200);
                assertThat(caller.get("/v1/events?account=acme")
                                .json()
                                .at("/events")
                                .findValuesAsString("type"))
                        .contains("account.suspended");
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
            }
        }
    }

    @Test
    void whatIsNoPlaceInTheFeedIsRefused() {
        try (var application = serving("http://127.0.0.1:1/")) {
            var caller = operator(application, Role.VIEWER);
            for (var query :
                    List.of("after=-1", "after=x", "after=1234567890123456789", "limit=0", "limit=1001", "after=%00")) {
                assertThat(caller.get("/v1/events?" + query).status()).as(query).isEqualTo(400);
            }
        }
    }
}
