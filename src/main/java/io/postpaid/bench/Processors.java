package io.postpaid.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What this process and those of PostgreSQL have used of the processors so far. */
final class Processors {
    static final Processors UNWATCHED = new Processors(null);

    /** What Linux counts in, on every machine that it shows to programs. */
    private static final long NANOS_A_TICK = 10_000_000;
    /** Of /proc/PID/stat behind the name: those before user and system time, and of children that have ended. */
    private static final int FIELDS_BEFORE = 11;

    private static final int OWN = 2;
    private static final int OWN_AND_ENDED = 4;

    private final @Nullable ProcessHandle postmaster;

    private Processors(@Nullable ProcessHandle postmaster) {
        this.postmaster = postmaster;
    }

    private record Session(long pid, int port) {}

    static Processors with(JdbcClient jdbc) {
        var session = jdbc.sql("select pg_backend_pid() as pid, coalesce(inet_client_port(), -1) as port")
                .query(Session.class)
                .single();
        return new Processors(ProcessHandle.of(session.pid())
                .filter(backend -> serves(backend, session.port()))
                .flatMap(ProcessHandle::parent)
                .orElse(null));
    }

    /** A server elsewhere has numbers that may be those of other processes here: its title names who is connected. */
    private static boolean serves(ProcessHandle backend, int port) {
        var title = read(backend, "cmdline");
        return title.startsWith("postgres: ") && title.contains("(" + port + ")");
    }

    /** @param postgres negative where nothing is known of it */
    record Used(long wall, long own, long postgres) {
        Used plus(Used other) {
            return new Used(wall + other.wall, own + other.own, postgres + other.postgres);
        }

        Used minus(Used other) {
            return new Used(wall - other.wall, own - other.own, postgres < 0 ? postgres : postgres - other.postgres);
        }

        Cores cores() {
            return new Cores(of(own), postgres < 0 ? null : of(postgres));
        }

        private BigDecimal of(long nanos) {
            return BigDecimal.valueOf(nanos).divide(BigDecimal.valueOf(Math.max(1, wall)), 1, RoundingMode.HALF_UP);
        }
    }

    Used used() {
        long own = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
        return new Used(System.nanoTime(), own, postgres());
    }

    private long postgres() {
        if (postmaster == null) return -1;
        return NANOS_A_TICK
                * Stream.concat(
                                Stream.of(ticks(postmaster, OWN_AND_ENDED)),
                                postmaster.children().map(child -> ticks(child, OWN)))
                        .mapToLong(Long::longValue)
                        .sum();
    }

    private static long ticks(ProcessHandle process, int fields) {
        var stat = read(process, "stat");
        return Arrays.stream(stat.substring(stat.lastIndexOf(')') + 1).strip().split(" "))
                .skip(FIELDS_BEFORE)
                .limit(fields)
                .mapToLong(Long::parseLong)
                .sum();
    }

    /** Empty of a process that has ended, and where there is no such file. */
    private static String read(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (IOException _) {
            return "";
        }
    }
}
