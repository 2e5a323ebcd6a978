package io.postpaid;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts that find a JDK and fetch Maven, as processes, on a machine that has only what is put there. */
class LauncherTest {
    private static final List<String> TOOLS = List.of(
            "sh",
            "sed",
            "head",
            "mkdir",
            "rm",
            "sha512sum",
            "dirname",
            "tar",
            "gzip",
            "cat",
            "cp",
            "chmod",
            "printf",
            "touch",
            "mv");

    @TempDir
    private Path machine;

    private record Ended(int exitCode, String out, String err) {}

    private Ended run(Map<String, String> environment, String... command) throws Exception {
        var out = machine.resolve("out");
        var err = machine.resolve("err");
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", tools().toString());
        builder.environment().put("HOME", machine.resolve("home").toString());
        builder.environment().putAll(environment);
        var process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(
                process.exitValue(),
                Files.readString(out).strip(),
                Files.readString(err).strip());
    }

    private Path tools() throws IOException {
        var tools = Files.createDirectories(machine.resolve("bin"));
        for (var tool : TOOLS) {
            for (var folder : List.of("/bin", "/usr/bin")) {
                var real = Path.of(folder, tool);
                if (Files.isExecutable(real) && Files.notExists(tools.resolve(tool))) {
                    Files.createSymbolicLink(tools.resolve(tool), real);
                }
            }
        }
        return tools;
    }

    private Path jdk(String folder, String version) throws IOException {
        var jdk = machine.resolve(folder);
        script(jdk.resolve("bin/javac"), "exit 0");
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"Any\"\nJAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
             first    | second    | chosen
             25.0.2   | 25.0.3    | second
             25       | 26        | second
             25.0.1   | 25.0.10   | second
             25.0.2.1 | 25.0.3    | second
             25.0.3   | 25.0.2    | first
             25.0.20  | 26        | first
             26       | 25.0.3    | first
             25.0.2   | 24.0.2    | none
             21.0.9   | 25        | none
             25.0.2   | 25.0.1    | none
             24       | 21        | none
            """)
    void aJdkThatCanCorruptMemoryIsRefused(String first, String second, String chosen) throws Exception {
        var jdks = Map.of("first", jdk("jdks/first", first), "second", jdk("jdks/second", second));
        var found = run(
                Map.of("POSTPAID_JAVA_HOME", String.valueOf(jdks.get("first")), "POSTPAID_JDKS", machine + "/jdks/*"),
                "sh",
                "-c",
                ". \"$1\" && printf %s \"$JAVA_HOME\"",
                "sh",
                Path.of(".mvn/find-jdk.sh").toAbsolutePath().toString());
        if (chosen.equals("none")) {
            assertThat(found.exitCode()).isEqualTo(1);
            var unsafe = first.startsWith("25") ? "first" : "second";
            assertThat(found.err())
                    .isEqualTo(
                            first.equals("24")
                                    ? "Postpaid needs a JDK 25 (25.0.3 or newer): install one, or set POSTPAID_JAVA_HOME to where it is."
                                    : "The JDK in " + jdks.get(unsafe)
                                            + " can corrupt memory (JDK-8377811): install 25.0.3 or"
                                            + " newer, and name it by POSTPAID_JAVA_HOME.");
        } else {
            assertThat(found).isEqualTo(new Ended(0, String.valueOf(jdks.get(chosen)), ""));
        }
    }

    /** A release: no sources, and a Java runtime of its own, before which nothing else is looked for. */
    @ParameterizedTest
    @CsvSource({"25.0.3, true", "25.0.2, false"})
    void aReleaseRunsWithoutBuilding(String version, boolean taken) throws Exception {
        var release = machine.resolve("release");
        script(release.resolve("runtime/bin/java"), "printf '%s %s' \"${0%/bin/java}\" \"${*##* -jar }\"");
        Files.writeString(release.resolve("runtime/release"), "JAVA_VERSION=\"" + version + "\"\n");
        var app = Files.createDirectories(release.resolve("app"));
        Files.copy(Path.of(".mvn/find-jdk.sh"), app.resolve("find-jdk.sh"));
        Files.copy(Path.of("postpaid"), release.resolve("postpaid"));
        var environment = Map.of("POSTPAID_JDKS", machine + "/none");
        var launcher = release.resolve("postpaid").toString();
        var first = run(environment, "sh", launcher, "accounts", "list");
        if (!taken) {
            assertThat(first.exitCode()).isEqualTo(1);
            assertThat(first.err()).startsWith("The JDK in " + release.resolve("runtime") + " can corrupt memory");
            assertThat(first.out()).isEmpty();
            return;
        }
        var ran = release.resolve("runtime") + " " + app.resolve("postpaid.jar") + " accounts list";
        assertThat(first).isEqualTo(new Ended(0, ran, "Preparing Postpaid (first time)…"));
        assertThat(run(environment, "sh", launcher, "accounts", "list")).isEqualTo(new Ended(0, ran, ""));
    }

    @Test
    void mavenIsUnpackedOnlyIfItIsTheOneThatWasPublished() throws Exception {
        var fetched = machine.resolve("fetched");
        script(machine.resolve("maven/apache-maven/bin/mvn"), "printf 'Maven ran: %s' \"$*\"");
        run(
                Map.of(),
                "tar",
                "-czf",
                fetched.toString(),
                "-C",
                machine.resolve("maven").toString(),
                "apache-maven");
        script(machine.resolve("bin/curl"), "while [ \"$1\" != -o ]; do shift; done\ncp \"" + fetched + "\" \"$2\"");
        var environment = Map.of("POSTPAID_JAVA_HOME", jdk("jdk", "25.0.3").toString(), "POSTPAID_JDKS", "");
        var project = machine.resolve("project");
        Files.copy(
                Path.of(".mvn/find-jdk.sh"),
                Files.createDirectories(project.resolve(".mvn")).resolve("find-jdk.sh"));
        var text = Files.readString(Path.of("mvnw"));
        var mvnw = project.resolve("mvnw");
        Files.writeString(mvnw, text);

        var refused = run(environment, "sh", mvnw.toString(), "verify");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("is not Maven 3.9.11: its SHA-512 is");
        try (var left = Files.walk(machine.resolve("home"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }

        var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(fetched)));
        Files.writeString(mvnw, text.replaceFirst("sha512=[0-9a-f]{128}", "sha512=" + hash));
        assertThat(run(environment, "sh", mvnw.toString(), "verify").out())
                .isEqualTo("Maven ran: -f " + project.resolve("pom.xml") + " verify");
    }
}
