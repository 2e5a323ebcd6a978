package io.postpaid.gate;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Lets calls wait for their turn in this process, in the order in which they came and without a connection to the database: a
 * hot account would otherwise take all connections to wait for its lock, and a busy pool lets late comers go first.
 */
@Component
class Turns {
    private static final int STRIPES = 256;
    /** One at work, and one whose answer is on its way. */
    private static final int PER_ACCOUNT = 2;

    private final Semaphore[] accounts = IntStream.range(0, STRIPES)
            .mapToObj(stripe -> new Semaphore(PER_ACCOUNT, true))
            .toArray(Semaphore[]::new);
    private final Semaphore all;

    /** The other half of the connections is for everything else. */
    Turns(@Value("${spring.datasource.hikari.maximum-pool-size}") int connections) {
        all = new Semaphore(Math.max(1, connections / 2), true);
    }

    <T> T take(String account, Supplier<T> call) {
        var own = accounts[Math.floorMod(account.hashCode(), STRIPES)];
        own.acquireUninterruptibly();
        try {
            all.acquireUninterruptibly();
            try {
                return call.get();
            } finally {
                all.release();
            }
        } finally {
            own.release();
        }
    }
}
