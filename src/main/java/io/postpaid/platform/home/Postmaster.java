package io.postpaid.platform.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The server's first process, as its own file in the data directory tells of it. */
record Postmaster(Path file, ProcessHandle process, List<String> told) {
    private static final Duration STOP_MAX = Duration.ofSeconds(90);
    private static final Duration START_APART_MAX = Duration.ofMinutes(1);
    private static final long PAUSE_MILLIS = 5;

    static @Nullable Postmaster of(Path data) throws IOException {
        var file = data.resolve("postmaster.pid");
        if (Files.notExists(file)) return null;
        var told = Files.readAllLines(file);
        // A server that starts or stops may have an empty file.
        if (told.isEmpty()) return null;
        return ProcessHandle.of(Long.parseLong(told.getFirst().strip()))
                .filter(process -> began(process, told))
                .map(process -> new Postmaster(file, process, told))
                .orElse(null);
    }

    /** After a restart of the machine, the number in a file that was left may be that of somebody else's process. */
    private static boolean began(ProcessHandle process, List<String> told) {
        var really = process.info().startInstant().orElse(null);
        if (really == null || told.size() < 3) return true;
        var says = Instant.ofEpochSecond(Long.parseLong(told.get(2).strip()));
        return Duration.between(really, says).abs().compareTo(START_APART_MAX) < 0;
    }

    OptionalInt port() {
        return told.size() >= 8 && told.get(7).startsWith("ready")
                ? OptionalInt.of(Integer.parseInt(told.get(3).strip()))
                : OptionalInt.empty();
    }

    /** Ends it, and returns when it has. */
    void stop() throws IOException {
        // SIGINT is PostgreSQL's fast shutdown: it does not wait for sessions that somebody left open.
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
        // As pg_ctl does: the file goes last, and a container may list an ended process for seconds.
        for (long waited = 0; Files.exists(file) && process.isAlive(); waited += PAUSE_MILLIS) {
            if (waited >= STOP_MAX.toMillis())
                throw new IOException("The embedded PostgreSQL (process " + process.pid() + ") does not stop");
            pause();
        }
    }

    static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
