package io.postpaid.keeping;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * When silence is an alarm, by the settings POSTPAID_ALARM_*.
 *
 * @param mail who is told; empty for nobody
 * @param feedDays how many days of usage in a row make a feed, and how many days without are silence
 * @param schedule how late a run may be
 * @param webhooks how long charges may be without an event that was delivered
 * @param cardDays how long before its last day a card is named
 * @param dispute how long before its deadline a dispute is named
 */
record AlarmSettings(String mail, Feed feed, Duration schedule, Duration webhooks, int cardDays, Duration dispute) {

    /** @param usual days in a row on which a source sent @param silent days without that are an alarm */
    record Feed(int usual, int silent) {}

    /** Reads them. */
    @Component
    static class Source {
        private final AlarmSettings settings;

        Source(
                @Value("${POSTPAID_ALARM_MAIL:}") String mail,
                @Value("${POSTPAID_ALARM_FEED_USUAL_DAYS:7}") int usual,
                @Value("${POSTPAID_ALARM_FEED_SILENT_DAYS:1}") int silent,
                @Value("${POSTPAID_ALARM_SCHEDULE_LATE:PT3H}") Duration schedule,
                @Value("${POSTPAID_ALARM_WEBHOOKS_SILENT:PT2H}") Duration webhooks,
                @Value("${POSTPAID_ALARM_CARD_DAYS:30}") int cardDays,
                @Value("${POSTPAID_ALARM_DISPUTE:P3D}") Duration dispute) {
            if (usual < 1 || silent < 1 || cardDays < 0 || schedule.isNegative() || webhooks.isNegative())
                throw new IllegalArgumentException("POSTPAID_ALARM_*: days are 1 or more, times not below zero");
            settings = new AlarmSettings(mail.strip(), new Feed(usual, silent), schedule, webhooks, cardDays, dispute);
        }

        AlarmSettings settings() {
            return settings;
        }
    }
}
