package io.postpaid.usage.aggregate;

import io.postpaid.usage.aggregate.Aggregation.Progress;
import io.postpaid.usage.format.UnreadableUsage;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Runs Spark's driver in a process of its own: Spark and Spring each bring a logging of their own. The process ends when this
 * one does, since its standard input ends then.
 */
@Component
class SparkProcess {
    private static final String MAIN = "io.postpaid.spark.Aggregate";
    private static final int SHOWN_LINES = 5;
    private static final Pattern REACHED = Pattern.compile("(\\d{1,18}) (\\d{1,18}) (\\d{1,18})");

    private final Path job;
    private final Path jars;
    private final List<String> options;

    /**
     * @param folder where the launcher builds the job and the jars of Spark
     * @param home of another Spark; empty to take the one that is built
     */
    SparkProcess(
            @Value("${postpaid.spark:target/spark}") String folder,
            @Value("${SPARK_HOME:}") String home,
            @Value("${POSTPAID_SPARK_OPTS:-Xmx2g}") String options) {
        this.job = Path.of(folder, "postpaid-spark.jar").toAbsolutePath();
        this.jars = Path.of(home.isBlank() ? folder : home, "jars").toAbsolutePath();
        this.options = Arrays.stream(options.trim().split("\\s+"))
                .filter(option -> !option.isEmpty())
                .toList();
    }

    /** @param options names and values in turn, of which --result is added here */
    void run(String master, RunResult result, Progress progress, String... options) throws IOException {
        if (!Files.isRegularFile(job) || !Files.isDirectory(jars)) {
            throw new UnreadableUsage(
                    "Spark is not here: there is no %s, or no %s. See src/docs/spark.md".formatted(job, jars));
        }
        Files.deleteIfExists(result.summary());
        var log = result.folder().resolve("spark.log");
        var process = new ProcessBuilder(command(master, result, options))
                .redirectError(log.toFile())
                .start();
        try {
            Thread.startVirtualThread(() -> tell(process.inputReader(), progress));
            int status = process.waitFor();
            if (status != 0) throw new UnreadableUsage(failure(log, status));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The run was interrupted: run it again", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** The job says on its standard output how far it is. */
    private static void tell(BufferedReader said, Progress progress) {
        try (said) {
            said.lines()
                    .map(REACHED::matcher)
                    .filter(Matcher::matches)
                    .forEach(line -> progress.reached(
                            Long.parseLong(line.group(1)),
                            Long.parseLong(line.group(2)),
                            Long.parseLong(line.group(3))));
        } catch (IOException | UncheckedIOException e) {
            // It has ended, and how is told by its status.
        }
    }

    private List<String> command(String master, RunResult result, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(moduleOptions());
        command.addAll(options);
        command.addAll(List.of(
                "-Dspark.master=" + master,
                "-Dspark.jars=" + job,
                "-Dspark.ui.enabled=" + !master.startsWith("local"),
                "-cp",
                job + File.pathSeparator + jars.resolve("*"),
                MAIN,
                "--result",
                result.folder().toString(),
                "--attended",
                "true"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** What Spark needs of this JDK, as it says itself. */
    private List<String> moduleOptions() throws IOException {
        try (var found = Files.newDirectoryStream(jars, "spark-launcher_*.jar")) {
            for (var jar : found) {
                try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
                    var options = loader.loadClass("org.apache.spark.launcher.JavaModuleOptions")
                            .getMethod("defaultModuleOptions")
                            .invoke(null);
                    return Arrays.asList(String.valueOf(options).split(" "));
                } catch (ReflectiveOperationException e) {
                    throw new UnreadableUsage("%s is not of a Spark that runs on this JDK".formatted(jar), e);
                }
            }
        }
        throw new UnreadableUsage("There is no Spark in " + jars);
    }

    private static String failure(Path log, int status) throws IOException {
        var lines = Files.readAllLines(log);
        var said = lines.stream()
                .filter(line -> line.startsWith("The run failed: "))
                .findFirst();
        return said.map(line -> line + ". Nothing was imported; all that Spark says is in " + log)
                .orElseGet(() -> "Spark ended with status %d; nothing was imported. The end of %s:%n%s"
                        .formatted(
                                status,
                                log,
                                String.join(
                                        System.lineSeparator(),
                                        lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()))));
    }
}
