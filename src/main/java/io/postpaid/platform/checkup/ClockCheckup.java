package io.postpaid.platform.checkup;

import io.postpaid.platform.calendar.BillingClock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The clock that months and deadlines go by, beside that of the database's machine. */
@Component
@Order(5)
class ClockCheckup implements Checkup {
    private static final Duration MOST_APART = Duration.ofSeconds(5);

    private final ObjectProvider<BillingClock> clock;
    private final ObjectProvider<JdbcClient> jdbc;

    ClockCheckup(ObjectProvider<BillingClock> clock, ObjectProvider<JdbcClient> jdbc) {
        this.clock = clock;
        this.jdbc = jdbc;
    }

    @Override
    public String of() {
        return "clock";
    }

    @Override
    public String look() {
        var now = clock.getObject();
        if (now.standsStill()) return now.instant() + ", where POSTPAID_NOW makes it stand still";
        return judge(
                now.instant(),
                jdbc.getObject()
                        .sql("select clock_timestamp()")
                        .query(OffsetDateTime.class)
                        .single()
                        .toInstant());
    }

    static String judge(Instant here, Instant database) {
        var apart = Duration.between(here, database).abs();
        if (apart.compareTo(MOST_APART) > 0) {
            throw new UnwellException("This machine's clock and the database's are " + apart.toSeconds()
                    + " seconds apart: set both by NTP");
        }
        return "as the database's";
    }
}
