package io.postpaid.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.batch.RunHistory;
import io.postpaid.platform.batch.RunReport;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.batch.Schedules;
import io.postpaid.support.CommandLine;
import io.postpaid.support.Http;
import io.postpaid.support.Operator;
import io.postpaid.support.TestApplication;
import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The server as a process, and its schedules. */
class ServeTest {
    @TempDir
    private Path folder;

    /** The line that tells where it listens, once it is there. */
    private static String told(Operator.Running server) {
        server.until(() -> !out(server).isBlank() && out(server).strip().endsWith("}"));
        return out(server);
    }

    private static String out(Operator.Running server) {
        try {
            return Files.readString(server.out());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aSignalLetsARequestEndAndIsSuccess() throws IOException {
        try (var operator = new Operator(folder.resolve("home"), "2026-11-01T10:00:00Z")) {
            var key = operator.must("keys", "create", "--operator", "--json")
                    .json()
                    .at("/key")
                    .asString();
            var server = operator.start("serve", "--port", "0", "--json");
            int port = JsonMapper.shared().readTree(told(server)).at("/port").asInt();
            var body = "{\"id\": \"1\"}";
            try (var socket = new Socket("127.0.0.1", port)) {
                var out = socket.getOutputStream();
                out.write(
                        ("POST /v1/usage HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                                        + "Authorization: Bearer " + key + "\r\nContent-Length: " + body.length()
                                        + "\r\nExpect: 100-continue\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                // The server says so when the call is at work and waits for the body.
                var begun = new byte["HTTP/1.1 100 ".length()];
                assertThat(socket.getInputStream().readNBytes(begun, 0, begun.length))
                        .isEqualTo(begun.length);
                server.process().destroy();
                server.until(() -> refuses(port));
                out.write(body.getBytes(StandardCharsets.US_ASCII));

                var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertThat(answer)
                        .as(() -> server.result().err())
                        .contains("HTTP/1.1 200")
                        .contains("{\"accepted\":0,\"duplicates\":0,\"quarantined\":1}");
            }
            assertThat(server.result().exitCode()).isZero();
        }
    }

    private static boolean refuses(int port) {
        try (var socket = new Socket("127.0.0.1", port)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void aTakenPortIsToldInASentence() throws IOException {
        try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            var answer = new CommandLine(folder.resolve("home"))
                    .run("serve", "--port", Integer.toString(taken.getLocalPort()));

            assertThat(answer.exitCode()).isEqualTo(1);
            assertThat(answer.err())
                    .contains("Port " + taken.getLocalPort() + " is in use: choose another one with --port");
        }
    }

    @Test
    void oneOfTwoServersRunsWhatIsDueOnce() throws Exception {
        var database = Map.of("spring.datasource.url", TestDatabase.create());
        var first = Instant.parse("2026-11-01T07:00:00Z");
        try (var one = TestApplication.serving(folder.resolve("one"), first, database);
                var two = TestApplication.serving(folder.resolve("two"), first, database);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var servers = List.of(one, two);
            one.get(Runs.class).nightly(LocalDate.parse("2026-10-31"));
            for (var server : servers) server.moveTo(Instant.parse("2026-11-03T08:00:00Z"));
            var runs = servers.stream()
                    .map(server ->
                            threads.submit(() -> server.get(Schedules.class).runDue()))
                    .toList();
            for (var run : runs) assertThat(run.get()).isNotNull();
            // Whoever found the other at work looks again.
            for (var server : servers) server.get(Schedules.class).runDue();

            var done = new ArrayList<RunReport>();
            one.get(RunHistory.class).each(done::addFirst);
            assertThat(done)
                    .extracting(run -> run.job() + " " + run.key())
                    .containsExactly(
                            "nightly 2026-10-31",
                            "nightly 2026-11-01",
                            "monthly 2026-10",
                            "nightly 2026-11-02",
                            "nightly 2026-11-03");
            assertThat(done).allMatch(RunReport::completed);
        }
    }

    @Test
    void aRunThatFailsIsTriedAgainLaterAndTheServerGoesOn() {
        var now = Instant.parse("2026-11-01T07:00:00Z");
        try (var server = TestApplication.serving(folder.resolve("home"), now, Map.of())) {
            server.jdbc().sql("alter table usage_void rename to hidden").update();
            server.moveTo(now.plusSeconds(3600));

            var next = server.get(Schedules.class).runDue();

            assertThat(next).isEqualTo("2026-11-01T09:00:00Z");
            assertThat(server.get(RunHistory.class).failed())
                    .extracting(run -> run.job() + " " + run.key() + " " + run.status())
                    .containsExactly("nightly 2026-11-01 FAILED");
            new Http(server.http(null).port(), null).get("/health").is(200);

            server.jdbc().sql("alter table hidden rename to usage_void").update();
            server.moveTo(next);
            assertThat(server.get(Schedules.class).runDue()).isEqualTo("2026-11-02T08:00:00Z");
            assertThat(server.get(RunHistory.class).failed()).isEmpty();
        }
    }
}
