package io.postpaid.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import io.postpaid.web.portal.Browser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long the lists of the console take with very many accounts, as the server answers them over loopback:
 * {@code ./mvnw test -Dtest=ConsoleTimes -Dpages=1000000}.
 */
@EnabledIfSystemProperty(named = "pages", matches = "\\d+")
class ConsoleTimes {
    private static final int WARM_UP = 20;
    private static final int TIMES = 60;

    private static final List<String> PATHS = List.of(
            "/console",
            "/console/runs",
            "/console/held",
            "/console/limits",
            "/console/mails",
            "/console/payments",
            "/console/approvals",
            "/console/bank",
            "/console/accounts",
            "/console/accounts?after=a5",
            "/console/accounts?which=SUSPENDED",
            "/console/accounts?begins=a77",
            "/console/accounts?begins=customer",
            "/console/accounts?begins=nobody",
            "/console/accounts/a77",
            "/console/invoices",
            "/console/invoices?before=500000",
            "/console/invoices?account=a77",
            "/console/invoices?period=2026-09",
            "/console/invoices?period=2026-08",
            "/console/invoices?status=OPEN",
            "/console/invoices?status=UNCOLLECTIBLE",
            "/console/invoices?status=VOID",
            "/console/invoices?period=2026-09&status=UNCOLLECTIBLE",
            "/console/invoices/2026-0000077",
            "/console/search?q=500.01",
            "/console/search?q=ch_77",
            "/console/search?q=customer",
            "/console/quarantine",
            "/console/prices",
            "/console/taxes",
            "/console/taxes/exempt",
            "/console/taxes/figures?period=2026-09",
            "/console/events",
            "/console/events?account=a77",
            "/console/events?state=GIVEN_UP",
            "/console/books",
            "/console/close",
            "/console/close/2026-09",
            "/console/audit",
            "/console/audit?account=a77");

    @Test
    void ninetyFiveOfAHundredTakeAShortTime(@TempDir Path home) throws Exception {
        try (var application = TestApplication.serving(home, Instant.parse("2026-10-02T07:00:00Z"), Map.of())) {
            seed(application, System.getProperty("pages"));
            var browser = ConsoleTest.signedIn(
                    application,
                    application.get(ApiKeys.class).ofOperator("", Role.OPERATOR).secret());
            var slow = PATHS.stream()
                    .filter(path -> time(browser, path).compareTo(Duration.ofMillis(150)) > 0)
                    .toList();
            assertThat(slow).isEmpty();
        }
    }

    private static Duration time(Browser browser, String path) {
        var nanos = new long[TIMES];
        for (int n = -WARM_UP; n < TIMES; n++) {
            long began = System.nanoTime();
            assertThat(browser.get(path).status()).as(path).isEqualTo(200);
            if (n >= 0) nanos[n] = System.nanoTime() - began;
        }
        Arrays.sort(nanos);
        var most = Duration.ofNanos(nanos[TIMES * 95 / 100 - 1]);
        System.out.printf(
                "%-60s p50 %4d ms, p95 %4d ms%n",
                path, Duration.ofNanos(nanos[TIMES / 2]).toMillis(), most.toMillis());
        return most;
    }

    private static void seed(TestApplication application, String accounts) throws Exception {
        try (var file = Objects.requireNonNull(ConsoleTimes.class.getResourceAsStream("million.sql"));
                var connection = application.get(DataSource.class).getConnection();
                var statement = connection.createStatement()) {
            var sql = new String(file.readAllBytes(), StandardCharsets.UTF_8).replace(":accounts", accounts);
            for (var each : sql.split(";\\R")) statement.execute(each);
            statement.execute("vacuum (analyze)");
        }
    }
}
