package io.postpaid.web.portal;

import io.postpaid.platform.calendar.BillingClock;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Removes links a while after their time: they open nothing any more. */
@Component
@ConditionalOnWebApplication
class OldLinks {
    private static final Logger LOG = LoggerFactory.getLogger(OldLinks.class);
    private static final Duration KEPT = Duration.ofDays(30);

    private final JdbcClient jdbc;
    private final BillingClock clock;

    OldLinks(JdbcClient jdbc, BillingClock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Scheduled(initialDelay = 5, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
    void clear() {
        try {
            remove();
        } catch (RuntimeException e) {
            LOG.warn("Old links stay for now: {}", e.getMessage());
        }
    }

    /** @return how many */
    int remove() {
        var before = Timestamp.from(clock.instant().minus(KEPT));
        return jdbc.sql("delete from portal_link where expires_at < :before")
                        .param("before", before)
                        .update()
                + jdbc.sql("delete from portal_address_change where expires_at < :before")
                        .param("before", before)
                        .update();
    }
}
