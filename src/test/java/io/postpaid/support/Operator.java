package io.postpaid.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.Postpaid;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Somebody at a shell: every command is a process of its own, on a home with its own PostgreSQL, and may be killed. */
public final class Operator implements AutoCloseable {
    /** For commands that are over before the optimising compiler pays. */
    private static final List<String> SHORT = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx384m");

    private static final List<String> JAVA =
            List.of("-Xlog:disable", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
    /** What was compiled, as a jar; all test processes have it from the first that needs it. */
    private static final Path BUILD = build();
    /** What a command leaves of the classes that it loaded: with it, the others start two seconds sooner. */
    private static final Path CLASSES = BUILD.resolve("classes.aot");

    private static final AtomicBoolean TRAINED = new AtomicBoolean();

    private static final String CLASS_PATH = jars(System.getProperty("java.class.path"));
    private static final Duration ANSWER_MAX = Duration.ofMinutes(3);
    private static final long LOOK_MILLIS = 10;

    private final Path home;
    private final FileChannel using;
    private String now;
    private String faults = "";

    /** Holds the home's server from the start, as one more process that uses it, so that no command stops it. */
    public Operator(Path home, String now) throws IOException {
        this.home = Files.createDirectories(home);
        this.now = now;
        this.using = FileChannel.open(
                home.resolve("postgres.users"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        assertThat(using.lock(0, Long.MAX_VALUE, true).isValid()).isTrue();
        unpacked();
    }

    /** The server's programs, if another test has unpacked them: a command takes longer for that than for all else. */
    private void unpacked() throws IOException {
        var programs = home.resolve("postgres-binaries");
        var there = new File(System.getProperty("ot.epg.working-dir", "")).listFiles(File::isDirectory);
        if (there == null || Files.exists(programs)) return;
        for (var version : there) {
            if (!new File(version, ".exists").exists()) continue;
            var copy =
                    new ProcessBuilder("cp", "-a", version.toString(), Files.createDirectories(programs) + "/").start();
            Running.await(copy, ANSWER_MAX);
            assertThat(copy.exitValue()).isZero();
        }
    }

    /** A command that was started. */
    public record Running(String line, Process process, Path out, Path err, long startedAt) {
        /** Lets it work for so long and kills it, as {@code kill -9} does; false if it had ended before. */
        public boolean killAfter(Duration delay) {
            if (await(process, delay)) return false;
            process.destroyForcibly();
            assertThat(await(process, ANSWER_MAX)).isTrue();
            return true;
        }

        public CommandLine.Result result() {
            assertThat(await(process, ANSWER_MAX)).as("%s ends", line).isTrue();
            try {
                return new CommandLine.Result(process.exitValue(), Files.readString(out), Files.readString(err));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public CommandLine.Result done() {
            var result = result();
            assertThat(result.exitCode())
                    .as("%s%n%s%n%s", line, result.out(), result.err())
                    .isZero();
            return result;
        }

        /** Waits until this is so, or until the process has ended; tells how long it ran by then. */
        public Duration until(BooleanSupplier reached) {
            while (process.isAlive() && !reached.getAsBoolean()) await(process, Duration.ofMillis(LOOK_MILLIS));
            return age();
        }

        /** Where a server listens, as soon as it does. */
        public int port() {
            until(() -> read(out).contains("\n") || read(out).contains("}"));
            var told = read(out);
            assertThat(told).as("%s%n%s", line, read(err)).contains("port");
            return tools.jackson.databind.json.JsonMapper.shared()
                    .readTree(told)
                    .get("port")
                    .asInt();
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public Duration age() {
            return Duration.ofNanos(System.nanoTime() - startedAt);
        }

        private static boolean await(Process process, Duration time) {
            try {
                return process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    public Running start(String... arguments) {
        // A process that leaves its classes says so on standard output, where no test wants it.
        if (!TRAINED.getAndSet(true)) {
            once(
                    CLASSES,
                    made -> start(with("-XX:AOTCacheOutput=" + made), "runs").done());
        }
        return start(with("-XX:AOTCache=" + CLASSES), arguments);
    }

    private static List<String> with(String option) {
        return Stream.concat(SHORT.stream(), Stream.of(option)).toList();
    }

    /** The same with other options of the JVM. */
    public Running start(List<String> options, String... arguments) {
        return start(List.of(), options, arguments);
    }

    /** The same by another command, such as one that enters a network. */
    public Running start(List<String> by, List<String> options, String... arguments) {
        var command = new ArrayList<>(by);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JAVA);
        command.addAll(List.of("-cp", CLASS_PATH));
        command.addAll(options);
        command.add(Postpaid.class.getName());
        command.addAll(List.of(arguments));
        try {
            var out = Files.createTempFile(home, "command", ".out");
            var err = Files.createTempFile(home, "command", ".err");
            var builder = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            var environment = builder.environment();
            environment
                    .keySet()
                    .removeIf(name ->
                            name.startsWith("SPRING_") || name.startsWith("STRIPE_") || name.startsWith("POSTPAID_"));
            environment.put("POSTPAID_HOME", home.toString());
            environment.put("POSTPAID_NOW", now);
            environment.put("POSTPAID_SANDBOX_FAULTS", faults);
            // Slow enough that there is something to be killed in.
            environment.put("POSTPAID_STRIPE_RATE", "80");
            long startedAt = System.nanoTime();
            return new Running(String.join(" ", arguments), builder.start(), out, err, startedAt);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the clock says to the commands from here on. */
    public void at(String instant) {
        now = instant;
    }

    /** What goes wrong in the sandbox of the commands from here on, as {@code seed:percent}; empty is nothing. */
    public void suffer(String faults) {
        this.faults = faults;
    }

    /** Runs what must succeed. */
    public CommandLine.Result must(String... arguments) {
        return start(arguments).done();
    }

    public Path home() {
        return home;
    }

    /** The next command that ends stops the server. */
    public void letServerGo() throws IOException {
        using.close();
    }

    /** The home's database, which must be running. */
    public JdbcClient jdbc() {
        var database = new PGSimpleDataSource();
        database.setUrl(database());
        database.setUser("postgres");
        return JdbcClient.create(database);
    }

    /** Its JDBC address; user {@code postgres}. */
    public String database() {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/postgres";
    }

    /** Where its server listens. */
    public int port() {
        try {
            var postmaster = Files.readAllLines(postmasterFile());
            // A server that starts writes its file line by line.
            if (postmaster.size() < 4) throw new FileNotFoundException(postmasterFile() + " is not whole yet");
            return Integer.parseInt(postmaster.get(3).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Cuts the power of the database: neither the server nor any of its sessions says good-bye. */
    public void killServer() throws IOException {
        if (!Files.exists(postmasterFile())) return;
        long pid =
                Long.parseLong(Files.readAllLines(postmasterFile()).getFirst().strip());
        ProcessHandle.of(pid).ifPresent(postmaster -> {
            var sessions = postmaster.descendants().toList();
            postmaster.destroyForcibly();
            sessions.forEach(ProcessHandle::destroyForcibly);
            sessions.forEach(session -> session.onExit().orTimeout(10, TimeUnit.SECONDS));
            postmaster.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        });
    }

    private Path postmasterFile() {
        return home.resolve("postgres/postmaster.pid");
    }

    /** Ends the server: by INT as its last user would, by QUIT without writing down what it has in memory. */
    private void endServer(String signal) throws IOException {
        if (!Files.exists(postmasterFile())) return;
        var pid = Files.readAllLines(postmasterFile()).getFirst().strip();
        var untilItsFileIsGone = "kill -" + signal + " \"$0\" && while [ -e \"$1\" ]; do sleep 0.01; done";
        var file = postmasterFile().toString();
        Running.await(new ProcessBuilder("sh", "-c", untilItsFileIsGone, pid, file).start(), ANSWER_MAX);
    }

    /** The same home somewhere else. */
    public Operator copyTo(Path other) throws IOException, InterruptedException {
        endServer("INT");
        var copy = new ProcessBuilder("cp", "-a", home.toString(), other.toString()).start();
        assertThat(copy.waitFor()).isZero();
        return new Operator(other, now);
    }

    /** A folder in {@code target} for these classes; that of an earlier build is deleted. */
    private static Path build() {
        try (var compiled = Files.walk(Path.of("target/classes"))) {
            long newest = compiled.mapToLong(file -> file.toFile().lastModified())
                    .max()
                    .orElseThrow();
            int libraries = System.getProperty("java.class.path").hashCode();
            var all = Files.createDirectories(Path.of("target/operator").toAbsolutePath());
            var build = all.resolve(newest + "-" + Integer.toHexString(libraries));
            once(build, made -> {
                for (var earlier : Objects.requireNonNull(all.toFile().listFiles(File::isDirectory))) {
                    for (var file : Objects.requireNonNull(earlier.listFiles())) file.delete();
                    earlier.delete();
                }
                assertThat(made.toFile().mkdir()).isTrue();
            });
            return build;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a file or folder if there is none: one test process does, the others wait for it. */
    private static void once(Path wanted, Consumer<Path> make) {
        var lock = Path.of("target/operator/lock");
        try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            if (Files.exists(wanted)) return;
            var part = wanted.resolveSibling(wanted.getFileName() + ".part");
            make.accept(part);
            Files.move(part, wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same class path with a jar in the place of each folder, since only jars' classes are kept. */
    private static String jars(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .map(entry -> Files.isDirectory(Path.of(entry)) ? jar(Path.of(entry)) : entry)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Options by which a command is of another build: the same with another hash. */
    public static List<String> anotherBuild(Path folder) throws IOException {
        var jars = CLASS_PATH.split(File.pathSeparator, 2);
        var other = folder.resolve("other.jar");
        Files.copy(Path.of(jars[0]), other);
        Files.write(other, new byte[] {0}, StandardOpenOption.APPEND);
        return List.of("-cp", other + File.pathSeparator + jars[1]);
    }

    private static String jar(Path folder) {
        var jar = BUILD.resolve(folder.getFileName() + ".jar");
        once(jar, made -> {
            int code = ToolProvider.findFirst("jar")
                    .orElseThrow()
                    .run(System.out, System.err, "-c", "-f", made.toString(), "-C", folder.toString(), ".");
            assertThat(code).isZero();
        });
        return jar.toString();
    }

    @Override
    public void close() throws IOException {
        letServerGo();
        endServer("QUIT");
    }
}
