package io.postpaid.pricing.vies;

import io.postpaid.platform.calendar.BillingClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** VIES for tests, with little patience. */
public final class TestVies {
    private TestVies() {}

    public static VatIds off(DataSource database) {
        return on(database, ViesSettings.of("", Duration.ofDays(1)), new BillingClock(Instant.EPOCH));
    }

    static VatIds on(DataSource database, ViesSettings settings, BillingClock clock) {
        return new VatIds(
                settings, new ViesClient(settings), new ViesStore(JdbcClient.create(database)), database, clock);
    }

    static ViesSettings at(String base) {
        return new ViesSettings(URI.create(base), Duration.ofDays(1), Duration.ofSeconds(1), Duration.ofMillis(1));
    }
}
