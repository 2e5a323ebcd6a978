package io.postpaid.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.support.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The receivers that src/docs/events.md shows, with the languages that this machine has. */
class ReceiversOfTheManualTest {
    private static final String OTHER_SECRET = "whsec_" + "A".repeat(43) + "=";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"python, python3, .py", "js, node, .cjs"})
    void opensAndClosesAccessByWhatIsSignedAndNothingElse(String language, String program, String ending)
            throws IOException, InterruptedException {
        assumeThat(has(program)).as("%s is not on this machine", program).isTrue();
        var source = Files.writeString(folder.resolve("receiver" + ending), shown(language));
        int port = freePort();
        var builder = new ProcessBuilder(program, source.toString(), Integer.toString(port));
        builder.environment().put("POSTPAID_EVENTS_SECRET", EventReceiver.SECRET);
        var process = builder.redirectErrorStream(true).start();
        try (var said = process.inputReader()) {
            awaitListening(process, port);
            deliver("http://127.0.0.1:" + port + "/");
            assertThat(lines(said, 3)).containsExactly("acme closed", "acme open", "acme closed");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void deliver(String url) {
        var database = TestDatabase.createDataSource();
        var jdbc = JdbcClient.create(database);
        var clock = new BillingClock(null);
        try (var stranger = new Deliverer(database, url, clock, OTHER_SECRET);
                var deliverer = new Deliverer(database, url, clock, EventReceiver.SECRET)) {
            jdbc.sql("""
                    insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                    values ('acme', 'A', 'a@a.test', 'USD', 10, 0, date '2026-01-01')""").update();
            assertThat(stranger.events.deliver()).isEqualTo(new Delivered.Tried(0, 1));
            assertThat(deliverer.events.deliver()).isEqualTo(new Delivered.Tried(1, 0));
            jdbc.sql("update account set payment_method_wanted = 'pm_card_visa'")
                    .update();
            assertThat(deliverer.events.deliver()).isEqualTo(new Delivered.Tried(1, 0));
            jdbc.sql("update account set status = 'SUSPENDED'").update();
            assertThat(deliverer.events.deliver()).isEqualTo(new Delivered.Tried(1, 0));
            // What is sent again is behind, and opens nothing.
            var opened = deliverer.events.list(new Events.Filter("acme", "card.changed", null), Long.MAX_VALUE, 1);
            assertThat(deliverer.events.sendAgain(opened.getFirst().id()))
                    .map(Events.Attempt::delivered)
                    .contains(true);
        }
    }

    private static String shown(String language) throws IOException {
        var blocks = Pattern.compile("(?s)```" + language + "\n(.*?)```")
                .matcher(Files.readString(Path.of("src/docs/events.md")));
        assertThat(blocks.find()).as(language).isTrue();
        return blocks.group(1);
    }

    private static boolean has(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version").start().waitFor(30, TimeUnit.SECONDS);
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static void awaitListening(Process process, int port) throws InterruptedException {
        while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
            try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (probe.isConnected()) return;
            } catch (IOException e) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
        throw new IllegalStateException("The receiver has ended with " + process.exitValue());
    }

    private static List<String> lines(BufferedReader said, int count) {
        // Python's server logs each request as well.
        return said.lines()
                .filter(line -> line.startsWith("acme "))
                .limit(count)
                .toList();
    }
}
