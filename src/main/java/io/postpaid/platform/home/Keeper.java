package io.postpaid.platform.home;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Keeps a server that nobody uses running for a while, so that the next command finds it, and stops it then: a process
 * of its own, which loads nothing but this class and its neighbours.
 *
 * <p>All is decided with {@code postgres.lock}, as by commands: who is the last user, until when the server is kept
 * (the last one says), and whether a keeper is there, who for as long holds {@code postgres.keeper}.
 */
final class Keeper {
    private static final String TIME = "postgres.keep";
    private static final String PRESENT = "postgres.keeper";

    private Keeper() {}

    /** With {@code postgres.lock}, by the last user: keeps the server for so long from here; true if nobody did yet. */
    static boolean keep(Path home, Duration time) throws IOException {
        Files.writeString(home.resolve(TIME), time.toString());
        try (var present = open(home, PRESENT);
                var free = present.tryLock()) {
            if (free == null) return false;
        }
        // Interrupting the next command must not end the keeper, nor closing the terminal.
        var untouched = "trap '' INT HUP QUIT; exec \"$@\"";
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var classes = System.getProperty("java.class.path");
        new ProcessBuilder(List.of(
                        "sh",
                        "-c",
                        untouched,
                        "sh",
                        java,
                        "-Xrs",
                        "-Xmx16m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xlog:disable",
                        "-cp",
                        classes,
                        Keeper.class.getName(),
                        home.toString()))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return true;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var home = Path.of(arguments[0]);
        try (var present = open(home, PRESENT)) {
            // Who comes second has nothing to do.
            if (present.tryLock() == null) return;
            long until = until(home);
            long left = time(home);
            while (left > 0) {
                Thread.sleep(left);
                try (var passing = Gate.pass(home)) {
                    left = until(home) - until;
                    until += left;
                    if (left <= 0) {
                        stopUnused(home);
                        // Gone before the next one passes: it must not count on this keeper.
                        present.close();
                    }
                }
            }
        }
    }

    private static long time(Path home) throws IOException {
        return Duration.parse(Files.readString(home.resolve(TIME))).toMillis();
    }

    private static long until(Path home) throws IOException {
        return Files.getLastModifiedTime(home.resolve(TIME)).toMillis() + time(home);
    }

    /** Whoever uses it now decides at its own end. */
    private static void stopUnused(Path home) throws IOException {
        try (var users = open(home, "postgres.users");
                var last = users.tryLock()) {
            var postmaster = last == null ? null : Postmaster.of(home.resolve("postgres"));
            if (postmaster != null) postmaster.stop();
        }
    }

    private static FileChannel open(Path home, String name) throws IOException {
        return FileChannel.open(home.resolve(name), CREATE, READ, WRITE);
    }
}
