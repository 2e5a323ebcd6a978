package io.postpaid.platform.batch;

import java.io.IOException;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What an operator has to know of a job: {@code jobs/<name>/job.yaml}. Its steps stand in its class.
 *
 * @param schedule cron expression with seconds, UTC
 */
public record JobFile(String purpose, String schedule, Map<String, String> parameters, String again) {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    public static JobFile read(String job) {
        var file = "jobs/" + job + "/job.yaml";
        try (var yaml = new ClassPathResource(file).getInputStream()) {
            return YAML.readValue(yaml, JobFile.class);
        } catch (IOException | JacksonException e) {
            throw new IllegalStateException(file + " cannot be used: " + e.getMessage(), e);
        }
    }
}
