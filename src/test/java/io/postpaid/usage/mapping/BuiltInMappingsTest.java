package io.postpaid.usage.mapping;

import io.postpaid.usage.format.LineBatch;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.ClassPathResource;

/** Real logs, read by the mappings that come with the product. */
class BuiltInMappingsTest {
    @ParameterizedTest
    @CsvSource({
        "litellm-spend.ndjson",
        "tokens-cached.ndjson",
        "whisper-verbose.ndjson",
        "aws-cur.csv",
        "focus.csv",
        "azure-cost.csv",
        "stripe-meter-events.ndjson",
        "openmeter-cloudevents.ndjson",
        "kong-http-log.json",
        "nginx-combined.log",
        "cloudflare-ai-gateway.ndjson",
        "openai-usage-page.json"
    })
    void linesAreRead(String file) throws Exception {
        System.out.println("== " + file);
        read(file).forEach(System.out::println);
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
