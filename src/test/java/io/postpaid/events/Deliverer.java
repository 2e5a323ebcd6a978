package io.postpaid.events;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.support.Crashes;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What delivers, as a process of its own: its connections end with it. */
final class Deliverer implements AutoCloseable {
    final Crashes crashes = new Crashes();
    final Events events;
    private final Receiver receiver;

    Deliverer(DataSource database, String url, BillingClock clock, Duration answerWithin, Duration offAfter) {
        this(database, url, clock, EventReceiver.SECRET, answerWithin, offAfter);
    }

    Deliverer(DataSource database, String url, BillingClock clock, String secret) {
        this(database, url, clock, secret, Receiver.ANSWER_MAX, Duration.ofDays(5));
    }

    private Deliverer(
            DataSource database,
            String url,
            BillingClock clock,
            String secret,
            Duration answerWithin,
            Duration offAfter) {
        var own = crashes.around(database);
        var jdbc = JdbcClient.create(own);
        var settings = new EventSettings(url, secret, offAfter);
        var transactions = new JdbcTransactionManager(own);
        var feed = new FeedStore(jdbc);
        var deliveries = new DeliveryStore(jdbc);
        receiver = new Receiver(settings, answerWithin);
        var delivery =
                new EventDelivery(feed, deliveries, receiver, settings, new DeliveryLock(own), clock, transactions);
        events = new Events(feed, deliveries, delivery, settings, clock, jdbc, transactions);
    }

    @Override
    public void close() {
        receiver.close();
    }
}
