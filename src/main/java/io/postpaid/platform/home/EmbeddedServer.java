package io.postpaid.platform.home;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.sun.management.OperatingSystemMXBean;
import io.postpaid.platform.home.Home.HomeUnusableException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL under POSTPAID_HOME. The first process starts it, others share it, the last one stops it; what a killed
 * process left running is found and used by the next.
 */
final class EmbeddedServer implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(90);
    private static final long PAUSE_MILLIS = 10;

    private final Path home;
    private final Path data;
    private final int port;
    /** A shared lock for as long as this process uses the server: who gets it exclusively is the last. */
    private final FileChannel users;

    private final FileLock using;

    private EmbeddedServer(Path home, int port, FileChannel users, FileLock using) {
        this.home = home;
        this.data = home.resolve("postgres");
        this.port = port;
        this.users = users;
        this.using = using;
    }

    static EmbeddedServer open(Path home) {
        var data = home.resolve("postgres");
        try (var gate = FileChannel.open(home.resolve("postgres.lock"), CREATE, WRITE);
                var passing = lock(gate, home)) {
            var running = runningPort(data);
            int port = running.isPresent() ? running.getAsInt() : start(home, data);
            var users = FileChannel.open(home.resolve("postgres.users"), CREATE, READ, WRITE);
            return new EmbeddedServer(home, port, users, users.lock(0, Long.MAX_VALUE, true));
        } catch (IOException | IllegalStateException e) {
            if (e instanceof HomeUnusableException unusable) throw unusable;
            throw new HomeUnusableException(
                    "The embedded PostgreSQL under " + home + " does not start (" + e.getMessage() + "): its log is "
                            + home.resolve("postgres.log")
                            + "; if another process of this user holds the folder, wait for it or set another POSTPAID_HOME",
                    e);
        }
    }

    private static FileLock lock(FileChannel gate, Path home) throws IOException {
        for (long waited = 0; waited < START_MAX.toMillis(); waited += PAUSE_MILLIS) {
            var lock = gate.tryLock();
            if (lock != null) return lock;
            pause();
        }
        throw new HomeUnusableException(
                "POSTPAID_HOME " + home
                        + " is held by another process that is starting or stopping its database: wait for"
                        + " it, or set another POSTPAID_HOME",
                new TimeoutException());
    }

    private static int start(Path home, Path data) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setOverrideWorkingDirectory(home.resolve("postgres-binaries").toFile())
                .setPGStartupWait(START_MAX)
                .setLocaleConfig("locale", "C.UTF-8")
                // The library turns durability off for tests; money needs it.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "100")
                .setServerConfig("shared_buffers", sharedBuffers() + "MB")
                .setServerConfig("work_mem", "16MB")
                // A checkpoint makes every page go to the log as a whole once more, and keys fall on all pages.
                .setServerConfig("max_wal_size", "8GB")
                .setServerConfig("checkpoint_timeout", "15min")
                .setServerConfig("jit", "off")
                .setServerConfig("timezone", "UTC")
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(
                        home.resolve("postgres.log").toFile()))
                .start()
                .getPort();
    }

    /** A quarter of the machine's memory, as the manual of PostgreSQL recommends, up to 4 GB: keys fall on all pages. */
    private static long sharedBuffers() {
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return Math.clamp(machine.getTotalMemorySize() >> 22, 128, 4096);
    }

    /** The port of a server that runs on this data directory, whoever started it. */
    private static OptionalInt runningPort(Path data) {
        try {
            var pidFile = Files.readAllLines(data.resolve("postmaster.pid"));
            if (pidFile.size() < 8 || !pidFile.get(7).startsWith("ready") || postmaster(data) == null) {
                return OptionalInt.empty();
            }
            int port = Integer.parseInt(pidFile.get(3).trim());
            try (var connection = DriverManager.getConnection(url(port), "postgres", "");
                    var statement = connection.createStatement();
                    var result = statement.executeQuery("show data_directory")) {
                return result.next() && Files.isSameFile(Path.of(result.getString(1)), data)
                        ? OptionalInt.of(port)
                        : OptionalInt.empty();
            }
        } catch (IOException | SQLException | NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private static @Nullable ProcessHandle postmaster(Path data) throws IOException {
        // A server that starts or stops may have an empty file.
        var pidFile = Files.readAllLines(data.resolve("postmaster.pid"));
        return pidFile.isEmpty()
                ? null
                : ProcessHandle.of(Long.parseLong(pidFile.getFirst().trim())).orElse(null);
    }

    private static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    String jdbcUrl() {
        return url(port) + "?reWriteBatchedInserts=true&ApplicationName=postpaid";
    }

    @Override
    public void close() throws IOException {
        try (var gate = FileChannel.open(home.resolve("postgres.lock"), CREATE, WRITE);
                var passing = lock(gate, home);
                users) {
            using.release();
            var last = users.tryLock();
            if (last != null) stop();
        }
    }

    private void stop() throws IOException {
        var postmaster = postmaster(data);
        if (postmaster == null) return;
        // SIGINT is PostgreSQL's fast shutdown: it does not wait for sessions that somebody left open.
        new ProcessBuilder("kill", "-INT", Long.toString(postmaster.pid())).start();
        // As pg_ctl does: the file goes last, and a container may list an ended process for seconds.
        for (long waited = 0;
                Files.exists(data.resolve("postmaster.pid")) && postmaster.isAlive();
                waited += PAUSE_MILLIS) {
            if (waited >= START_MAX.toMillis())
                throw new IOException("The embedded PostgreSQL (process " + postmaster.pid() + ") does not stop");
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
