package io.postpaid.platform.home;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.postpaid.platform.home.Home.HomeUnusableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** One process at a time starts, stops, joins or leaves the server of a home: {@code postgres.lock}. */
final class Gate implements AutoCloseable {
    static final Duration WAIT_MAX = Duration.ofSeconds(90);
    private static final long PAUSE_MILLIS = 5;

    private final FileChannel channel;

    private Gate(FileChannel channel) {
        this.channel = channel;
    }

    static Gate pass(Path home) throws IOException {
        var channel = FileChannel.open(home.resolve("postgres.lock"), CREATE, WRITE);
        for (long waited = 0; waited < WAIT_MAX.toMillis(); waited += PAUSE_MILLIS) {
            if (channel.tryLock() != null) return new Gate(channel);
            Postmaster.pause();
        }
        channel.close();
        throw new HomeUnusableException(
                "POSTPAID_HOME " + home
                        + " is held by another process that is starting or stopping its database: wait for"
                        + " it, or set another POSTPAID_HOME",
                new TimeoutException());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
