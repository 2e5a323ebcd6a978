package io.postpaid.events;

import io.postpaid.platform.batch.Worker;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** Delivers events soon after they were committed, for as long as the application serves. A thread of its own: a slow receiver holds up nothing else. */
@Component
@ConditionalOnWebApplication
class EventWorker extends Worker {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration STOP_MAX = Receiver.ANSWER_MAX.plusSeconds(5);

    private final Events events;
    private long seconds;

    EventWorker(Events events) {
        super("events", EVERY, STOP_MAX);
        this.events = events;
    }

    @Override
    protected void work(BooleanSupplier goOn) {
        if (seconds++ % LOOK.toSeconds() == 0) events.look();
        events.deliverDue(goOn);
    }
}
