package io.postpaid.usage.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.platform.home.Home;
import io.postpaid.usage.format.UnreadableUsage;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappingsTest {
    private static final String YAML = """
            format: ndjson
            source: %s
            fields:
              id:          {column: id}
              account:     {column: who}
              product:     {value: audio}
              quantity:    {column: n}
              occurred_at: {column: at}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path jar;

    @SuppressWarnings("NullAway.Init")
    private Mappings mappings;

    @BeforeEach
    void make() throws IOException {
        write(jar.resolve("mappings/gateway.yaml"), "built-in");
        write(jar.resolve("mappings/litellm-spend.yaml"), "built-in");
        mappings = new Mappings(
                new Home(home), new URLClassLoader(new URL[] {jar.toUri().toURL()}, null));
    }

    @Test
    void anOwnOneWinsOverTheBuiltInOne() throws IOException {
        assertThat(mappings.names()).containsExactly("gateway", "litellm-spend");
        assertThat(mappings.named("gateway").source()).isEqualTo("built-in");
        write(own("gateway.yaml"), "own");
        write(own("7-eleven.yaml"), "own");
        write(own("Not A Name.yaml"), "own");
        write(own("notes.txt"), "own");
        assertThat(mappings.names()).containsExactly("7-eleven", "gateway", "litellm-spend");
        assertThat(mappings.builtIn()).containsExactlyInAnyOrder("gateway", "litellm-spend");
        assertThat(mappings.named("gateway").source()).isEqualTo("own");
        assertThat(mappings.text("gateway")).isEqualTo(YAML.formatted("own"));
    }

    @Test
    void aFileIsGivenAsWell() throws IOException {
        var file = home.resolve("elsewhere.yml");
        write(file, "elsewhere");
        assertThat(mappings.of(file.toString()).source()).isEqualTo("elsewhere");
        assertThat(mappings.of("gateway").source()).isEqualTo("built-in");
        assertThatThrownBy(() -> mappings.of("/no/such/file.yaml"))
                .isInstanceOf(UnreadableUsage.class)
                .hasMessage(
                        "There is no mapping '/no/such/file.yaml', and no such file. The mappings are gateway, litellm-spend,"
                                + " what is put into " + home.resolve("mappings"));
    }

    @Test
    void aMistakeInOneIsToldWithItsName() throws IOException {
        Files.createDirectories(own("."));
        Files.writeString(own("mine.yaml"), "format: csv\nfields: {id: {line: true}}");
        assertThatThrownBy(() -> mappings.named("mine")).hasMessageContainingAll("mine.yaml", "fields.account");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret",
                "..",
                "",
                "a/b",
                "a\\b",
                "a.b",
                "Gateway",
                "-a",
                "a b",
                "a\0b",
                "*",
                "gateway\n",
                "ä"
            })
    void nothingElseReachesTheNameOfAFile(String name) throws IOException {
        write(home.resolve("secret.yaml"), "secret");
        assertThatThrownBy(() -> mappings.named(name))
                .isInstanceOf(UnreadableUsage.class)
                .hasMessageStartingWith("There is no mapping");
        assertThatThrownBy(() -> mappings.text("a".repeat(101))).isInstanceOf(UnreadableUsage.class);
    }

    @Test
    void aLinkIsNotRead() throws IOException {
        write(home.resolve("secret.yaml"), "secret");
        Files.createDirectories(own("."));
        Files.createSymbolicLink(own("gateway.yaml"), home.resolve("secret.yaml"));
        Files.createSymbolicLink(own("link.yaml"), home.resolve("secret.yaml"));
        assertThat(mappings.names()).containsExactly("gateway", "litellm-spend");
        assertThatThrownBy(() -> mappings.named("gateway")).hasMessageEndingWith("put the file itself there");
        assertThatThrownBy(() -> mappings.named("link")).hasMessageEndingWith("put the file itself there");
    }

    /** Those that come with the product. */
    @Test
    void eachOfOursIsReadable() {
        var ours = new Mappings(new Home(home));
        ours.builtIn().forEach(ours::named);
    }

    private Path own(String file) {
        return home.resolve("mappings").resolve(file);
    }

    private static void write(Path file, String source) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, YAML.formatted(source));
    }
}
