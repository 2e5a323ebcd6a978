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
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL under POSTPAID_HOME. The first process starts it, others share it, the last one stops it or has it kept for a
 * while; what a killed process left running is found and used by the next.
 */
final class EmbeddedServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);

    private final Path home;
    private final Path data;
    private final Duration keep;
    private final int port;
    /** A shared lock for as long as this process uses the server: who gets it exclusively is the last. */
    private final FileChannel users;

    private final FileLock using;

    private EmbeddedServer(Path home, Duration keep, int port, FileChannel users, FileLock using) {
        this.home = home;
        this.data = home.resolve("postgres");
        this.keep = keep;
        this.port = port;
        this.users = users;
        this.using = using;
    }

    static EmbeddedServer open(Path home, Duration keep) {
        var data = home.resolve("postgres");
        try (var passing = Gate.pass(home)) {
            var running = runningPort(data);
            int port = running.isPresent() ? running.getAsInt() : start(home, data);
            var users = FileChannel.open(home.resolve("postgres.users"), CREATE, READ, WRITE);
            return new EmbeddedServer(home, keep, port, users, users.lock(0, Long.MAX_VALUE, true));
        } catch (IOException | IllegalStateException e) {
            if (e instanceof HomeUnusableException unusable) throw unusable;
            throw new HomeUnusableException(
                    "The embedded PostgreSQL under " + home + " does not start (" + e.getMessage() + "): its log is "
                            + home.resolve("postgres.log")
                            + "; if another process of this user holds the folder, wait for it or set another POSTPAID_HOME",
                    e);
        }
    }

    private static int start(Path home, Path data) throws IOException {
        var program = home.resolve("postgres-binaries");
        int port = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setOverrideWorkingDirectory(program.toFile())
                .setPGStartupWait(Gate.WAIT_MAX)
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
                // A new file of the log is filled with zeros while all who commit wait; one that is there is used
                // again.
                .setServerConfig("min_wal_size", "1GB")
                .setServerConfig("jit", "off")
                .setServerConfig("timezone", "UTC")
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(
                        home.resolve("postgres.log").toFile()))
                .start()
                .getPort();
        // The library lets everybody write to where it unpacks what is run.
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return port;
    }

    /** A quarter of the machine's memory, as the manual of PostgreSQL recommends, up to 4 GB: keys fall on all pages. */
    private static long sharedBuffers() {
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return Math.clamp(machine.getTotalMemorySize() >> 22, 128, 4096);
    }

    /** The port of a server that runs on this data directory, whoever started it. */
    private static OptionalInt runningPort(Path data) {
        try {
            var postmaster = Postmaster.of(data);
            var port = postmaster == null ? OptionalInt.empty() : postmaster.port();
            if (port.isEmpty()) return port;
            try (var connection = DriverManager.getConnection(url(port.getAsInt()), "postgres", "");
                    var statement = connection.createStatement();
                    var result = statement.executeQuery("show data_directory")) {
                return result.next() && Files.isSameFile(Path.of(result.getString(1)), data)
                        ? port
                        : OptionalInt.empty();
            }
        } catch (IOException | SQLException | NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    String jdbcUrl() {
        return url(port) + "?reWriteBatchedInserts=true&ApplicationName=postpaid";
    }

    @Override
    public void close() throws IOException {
        try (var passing = Gate.pass(home);
                users) {
            using.release();
            var last = users.tryLock();
            if (last == null) return;
            var postmaster = Postmaster.of(data);
            if (postmaster == null) return;
            if (!keep.isPositive()) {
                postmaster.stop();
            } else if (Keeper.keep(home, keep)) {
                LOG.info(
                        "The database stays ready for the next commands until {} have passed without one"
                                + " (POSTPAID_DATABASE_KEEP)",
                        keep);
            }
        }
    }
}
