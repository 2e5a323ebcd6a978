package io.postpaid.platform.calendar;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ClockConfiguration {

    @Bean
    BillingClock clock(@Value("${POSTPAID_NOW:}") String now) {
        try {
            return new BillingClock(now.isBlank() ? null : Instant.parse(now));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "POSTPAID_NOW is '" + now + "': it must be an instant such as 2026-11-01T08:00:00Z", e);
        }
    }
}
