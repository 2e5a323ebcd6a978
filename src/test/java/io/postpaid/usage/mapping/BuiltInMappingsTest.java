package io.postpaid.usage.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.usage.format.LineBatch;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Real logs, read by the mappings that come with the product; {@code logs/results.txt} says what each of their lines gives. */
class BuiltInMappingsTest {
    static List<String> files() throws IOException {
        return results()
                .lines()
                .filter(line -> line.startsWith("== "))
                .map(line -> line.substring(3))
                .toList();
    }

    private static String results() throws IOException {
        return new ClassPathResource("logs/results.txt").getContentAsString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("files")
    void eachLineGivesWhatItSays(String file) throws Exception {
        String said = results().split("(?m)^== \\Q" + file + "\\E$", 2)[1].split("(?m)^== ", 2)[0];
        assertThat(read(file)).containsExactlyElementsOf(said.strip().lines().toList());
    }

    @Test
    void eachMappingHasItsLog() throws IOException {
        var ours = new PathMatchingResourcePatternResolver().getResources("classpath*:mappings/*.yaml");
        assertThat(files().stream().map(file -> file.replaceFirst("\\..*", ".yaml")))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ours).map(Resource::getFilename).toList());
    }

    @Test
    void eachMappingIsKnownByItsName() throws IOException {
        var ours = new PathMatchingResourcePatternResolver().getResources("classpath*:mappings/*.yaml");
        assertThat(Arrays.stream(ours).map(Resource::getFilename))
                .containsExactlyInAnyOrderElementsOf(
                        KnownLogs.NAMES.stream().map(name -> name + ".yaml").toList());
    }

    static Mapping mapping(String file) throws IOException {
        String name = file.replaceFirst("\\..*", "");
        return Mapping.parse(
                name + ".yaml",
                new ClassPathResource("mappings/" + name + ".yaml").getContentAsString(StandardCharsets.UTF_8));
    }

    private static List<String> read(String file) throws IOException, URISyntaxException {
        var path = Path.of(Objects.requireNonNull(BuiltInMappingsTest.class.getResource("/logs/" + file))
                .toURI());
        var read = new ArrayList<String>();
        try (var opened = Opened.file(path, file, mapping(file))) {
            var parser = opened.layout().parser();
            for (LineBatch batch = opened.lines().next(100);
                    batch != null;
                    batch = opened.lines().next(100)) {
                for (int i = 0; i < batch.size(); i++) {
                    read.add(batch.number(i) + ": " + LineParserTest.show(batch.parse(i, parser)));
                }
            }
            if (opened.lines().torn() != null) throw opened.lines().torn();
        }
        return read;
    }
}
