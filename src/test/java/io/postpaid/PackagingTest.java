package io.postpaid;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Units, scripts and manifests that are handed out, as far as that can be seen without what they are for; InstalledTest sees more. */
class PackagingTest {
    private static final Path UNITS = Path.of("src/packaging/systemd");

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    static List<Path> services() throws IOException {
        return files(UNITS, ".service");
    }

    static List<Path> timers() throws IOException {
        return files(UNITS, ".timer");
    }

    static List<Path> scripts() throws IOException {
        var debian = Path.of("src/packaging/debian");
        return Stream.of(
                        files(Path.of("src/packaging"), ".sh").stream(),
                        Stream.of("postpaid", "postinst", "prerm", "postrm").map(debian::resolve),
                        Stream.of(Path.of("postpaid"), Path.of("mvnw"), Path.of(".mvn/find-jdk.sh")))
                .flatMap(found -> found)
                .toList();
    }

    static Stream<JsonNode> manifests() throws IOException {
        return files(Path.of("src/kubernetes"), ".yaml").stream()
                .flatMap(file ->
                        YAMLMapper.shared()
                                .readerFor(JsonNode.class)
                                .<JsonNode>readValues(file.toFile())
                                .readAll()
                                .stream());
    }

    /** The assignments of a unit by their names; a line that is none of them fails. */
    private static Map<String, List<String>> unit(Path file) throws IOException {
        var lines = Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        assertThat(lines).allMatch(line -> line.matches("\\[(Unit|Service|Timer|Install)]|[A-Z][A-Za-z]+=.*"));
        return lines.stream()
                .filter(line -> line.contains("="))
                .map(line -> line.split("=", 2))
                .collect(groupingBy(parts -> parts[0], mapping(parts -> parts[1], toList())));
    }

    @ParameterizedTest
    @MethodSource("services")
    void aServiceMayDoNoMoreThanItMust(Path file) throws IOException {
        var unit = unit(file);
        assertThat(unit)
                .containsEntry("User", List.of("postpaid"))
                .containsEntry("EnvironmentFile", List.of("/etc/postpaid/postpaid.env"))
                .containsEntry("StateDirectory", List.of("postpaid"))
                .containsEntry("NoNewPrivileges", List.of("yes"))
                .containsEntry("ProtectSystem", List.of("strict"))
                .containsEntry("ProtectHome", List.of("yes"))
                .containsEntry("PrivateTmp", List.of("yes"))
                .containsEntry("PrivateDevices", List.of("yes"))
                .containsEntry("CapabilityBoundingSet", List.of(""))
                .containsEntry("SystemCallFilter", List.of("@system-service"));
        assertThat(unit.get("ExecStart")).singleElement().asString().contains("/usr/lib/postpaid/postpaid ");
    }

    @ParameterizedTest
    @MethodSource("timers")
    void aTimerStartsItsServiceInUtc(Path file) throws IOException {
        assertThat(unit(file).get("OnCalendar")).singleElement().asString().endsWith(" UTC");
        assertThat(Path.of(file.toString().replace(".timer", ".service"))).exists();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void aScriptIsOne(Path file) throws Exception {
        var shell = new ProcessBuilder("sh", "-n", file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(shell.getInputStream().readAllBytes())).isEmpty();
        assertThat(shell.waitFor()).isZero();
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void aPodMayDoNoMoreThanItMust(JsonNode manifest) {
        assertThat(manifest.at("/apiVersion").asString()).isNotEmpty();
        assertThat(manifest.at("/metadata/name").asString()).startsWith("postpaid");
        var kind = manifest.at("/kind").asString();
        if (!List.of("Deployment", "CronJob").contains(kind)) return;
        var pod = manifest.at(kind.equals("CronJob") ? "/spec/jobTemplate/spec/template" : "/spec/template");
        assertThat(pod.at("/spec/securityContext/runAsNonRoot").booleanValue()).isTrue();
        assertThat(pod.at("/spec/securityContext/seccompProfile/type").asString())
                .isEqualTo("RuntimeDefault");
        assertThat(pod.at("/spec/automountServiceAccountToken").booleanValue(true))
                .isFalse();
        var container = pod.at("/spec/containers/0");
        assertThat(container.at("/securityContext/allowPrivilegeEscalation").booleanValue(true))
                .isFalse();
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").booleanValue())
                .isTrue();
        assertThat(container.at("/securityContext/capabilities/drop/0").asString())
                .isEqualTo("ALL");
        assertThat(container.at("/resources/limits/memory").asString()).isNotEmpty();
        for (var mount : container.at("/volumeMounts")) {
            assertThat(pod.at("/spec/volumes").valueStream().map(volume -> volume.at("/name")))
                    .contains(mount.at("/name"));
        }
        if (!kind.equals("Deployment")) return;
        var selector = manifest.at("/spec/selector/matchLabels");
        assertThat(selector).isNotEmpty().isEqualTo(pod.at("/metadata/labels"));
    }
}
