package io.postpaid.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.postpaid.platform.trace.OnTraces;
import io.postpaid.support.TestApplication;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** What a receiver of OTLP gets of calls and runs. */
class TracesTest {
    private static final Instant NOW = Instant.parse("2026-11-02T10:00:00Z");
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private final List<String> received = new CopyOnWriteArrayList<>();

    private HttpServer receiver(int status) throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Test
    void aCallAndTheStepsOfARunAreSpans(@TempDir Path home) throws Exception {
        var receiver = receiver(200);
        try (var application = TestApplication.serving(home, NOW, Map.of(ENDPOINT, url(receiver)))) {
            application.http("pp_live_secret").get("/v1/access?account=acme-secret");
            application.http(null).get("/health");
            application.nightly(LocalDate.of(2026, 11, 2));
        } finally {
            receiver.stop(0);
        }
        // Protocol Buffers have each text as it is.
        assertThat(String.join("", received))
                .contains("service.name", "postpaid", "GET /v1/access", "http.response.status_code")
                .contains("nightly", "meter-and-rate", "send-mail", "postpaid.run_id")
                .doesNotContain("secret", "GET /health");
    }

    /** A receiver that is broken is no concern of a run's. */
    @Test
    void aRunDoesNotNeedTheReceiver(@TempDir Path home) throws Exception {
        var receiver = receiver(500);
        try (var application =
                new TestApplication(home, NOW, Map.of(ENDPOINT, url(receiver)), new BeanPostProcessor() {})) {
            assertThat(application.nightly(LocalDate.of(2026, 11, 2)).completed())
                    .isTrue();
        } finally {
            receiver.stop(0);
        }
        assertThat(received).isNotEmpty();
    }

    @Test
    void aSettingWithoutAnAddressIsNone() {
        var environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("settings", Map.of(ENDPOINT, " ")));
        try (var context = new AnnotationConfigApplicationContext()) {
            context.setEnvironment(environment);
            context.register(Traced.class);
            context.refresh();
            assertThat(context.getBeanNamesForType(Traced.class)).isEmpty();
        }
    }

    @Conditional(OnTraces.class)
    private static final class Traced {}
}
