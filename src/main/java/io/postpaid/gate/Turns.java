package io.postpaid.gate;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Lets what needs a connection of its own wait for its turn in this process, in the order in which it came: a busy pool lets
 * late comers go first.
 */
@Component
class Turns {
    private final Semaphore all;

    /** The other half of the connections is for everything else. */
    Turns(@Value("${spring.datasource.hikari.maximum-pool-size}") int connections) {
        all = new Semaphore(Math.max(1, connections / 2), true);
    }

    <T> T take(Supplier<T> work) {
        all.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            all.release();
        }
    }
}
