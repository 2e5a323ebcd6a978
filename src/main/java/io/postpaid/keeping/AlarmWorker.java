package io.postpaid.keeping;

import io.postpaid.platform.batch.Worker;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** Looks for silence, for as long as the application serves: a schedule that does not run cannot find that itself. */
@Component
@ConditionalOnWebApplication
class AlarmWorker extends Worker {
    private static final Duration LOOK = Duration.ofMinutes(5);
    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    private final Alarms alarms;

    AlarmWorker(Alarms alarms) {
        super("alarms", LOOK, STOP_MAX);
        this.alarms = alarms;
    }

    @Override
    protected void work(BooleanSupplier goOn) {
        alarms.watch();
    }
}
