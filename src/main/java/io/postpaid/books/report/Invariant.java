package io.postpaid.books.report;

import java.io.IOException;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A rule of the books and the query that proves it, as {@code jobs/invariants.yaml} lists them.
 *
 * @param proof answers one row with the figure, the number of broken rows, and examples
 * @param nightly whether the nightly run proves it too
 */
record Invariant(String name, String rule, String proof, boolean nightly) {
    static final List<Invariant> ALL = read();

    private static List<Invariant> read() {
        var file = "jobs/invariants.yaml";
        var strict = YAMLMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .build();
        try (var yaml = new ClassPathResource(file).getInputStream()) {
            return strict.readValue(yaml, new TypeReference<>() {});
        } catch (IOException | JacksonException e) {
            throw new IllegalStateException(file + " cannot be used: " + e.getMessage(), e);
        }
    }
}
