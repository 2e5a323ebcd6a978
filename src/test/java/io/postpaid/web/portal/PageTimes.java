package io.postpaid.web.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.TestApplication;
import java.io.IOException;
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
 * How long a page takes with a year of many accounts behind it, as the server answers it over loopback:
 * {@code ./mvnw test -Dtest=PageTimes -Dpages=100000}. One account has used 28 products on each day.
 */
@EnabledIfSystemProperty(named = "pages", matches = "\\d+")
class PageTimes {
    private static final int WARM_UP = 20;
    private static final int TIMES = 60;
    private static final String OF_MANY_DAYS = "a0";
    private static final String ORDINARY = "a7";

    @Test
    void ninetyFiveOfAHundredTakeATenthOfASecond(@TempDir Path home) throws Exception {
        var accounts = Integer.parseInt(System.getProperty("pages"));
        try (var application = TestApplication.serving(
                home, Instant.parse("2026-10-31T12:00:00Z"), Map.of("POSTPAID_PAGE_RATE", "1000000"))) {
            seed(application, accounts);
            var slow = List.of(OF_MANY_DAYS, ORDINARY).stream()
                    .flatMap(account -> paths(application, account).stream()
                            .filter(path -> time(application, account, path).compareTo(Duration.ofMillis(100)) > 0)
                            .map(path -> account + " " + path))
                    .toList();
            assertThat(slow).isEmpty();
        }
    }

    private static List<String> paths(TestApplication application, String account) {
        var invoice = application
                .jdbc()
                .sql("select number from invoice where account = :account order by id desc limit 1")
                .param("account", account)
                .query(String.class)
                .single();
        return List.of(
                "/billing",
                "/billing?month=2026-09",
                "/billing/usage.csv?month=2026-10",
                "/billing/invoices",
                "/billing/invoices/" + invoice,
                "/billing/credit",
                "/billing/limit",
                "/billing/details",
                "/billing/prices",
                "/billing/usage/2026-10-15",
                "/billing/usage/2026-10-15/records",
                "/billing/usage/exceptions",
                "/billing/invoices/" + invoice + "/lines/1",
                "/billing/invoices/" + invoice + "/pay");
    }

    private static Duration time(TestApplication application, String account, String path) {
        var link = application
                .get(PortalLinks.class)
                .make(account, Duration.ofHours(1), null)
                .url();
        var browser = new Browser(application.http(null).port());
        browser.get(link.substring(link.indexOf("/billing")));
        browser.submit("/billing/sign-in/link", Map.of());
        var nanos = new long[TIMES];
        for (int n = -WARM_UP; n < TIMES; n++) {
            long began = System.nanoTime();
            assertThat(browser.get(path).status()).as(path).isEqualTo(200);
            if (n >= 0) nanos[n] = System.nanoTime() - began;
        }
        Arrays.sort(nanos);
        var most = Duration.ofNanos(nanos[TIMES * 95 / 100 - 1]);
        System.out.printf(
                "%-4s %-40s p50 %4d ms, p95 %4d ms%n",
                account, path, Duration.ofNanos(nanos[TIMES / 2]).toMillis(), most.toMillis());
        return most;
    }

    private static void seed(TestApplication application, int accounts) throws Exception {
        try (var connection = application.get(DataSource.class).getConnection();
                var statement = connection.createStatement()) {
            for (var sql :
                    sql().replace(":accounts", Integer.toString(accounts)).split(";\\R")) {
                long began = System.nanoTime();
                statement.execute(sql);
                System.out.printf(
                        "%5d ms %s%n",
                        Duration.ofNanos(System.nanoTime() - began).toMillis(),
                        sql.strip().lines().findFirst().orElse(""));
            }
            statement.execute("vacuum (analyze)");
        }
    }

    private static String sql() throws IOException {
        try (var file = Objects.requireNonNull(PageTimes.class.getResourceAsStream("year.sql"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
