package io.postpaid.platform.batch;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A job as {@code jobs/<name>/job.yaml} tells it.
 *
 * @param schedule cron expression with seconds, UTC
 * @param steps names of the steps in running order: the job's table of contents
 */
public record JobFile(
        String purpose, String schedule, Map<String, String> parameters, List<String> steps, String again) {
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

    /** Puts the job together from the features' steps. */
    public Job build(String name, JobRepository repository, List<Step> available) {
        var byName = available.stream().collect(Collectors.toMap(Step::getName, Function.identity()));
        var flow = steps.stream()
                .map(step -> {
                    var found = byName.get(step);
                    if (found == null) {
                        throw new IllegalStateException(
                                "jobs/" + name + "/job.yaml names the step " + step + ", which nobody provides");
                    }
                    return found;
                })
                .toList();
        var job = new JobBuilder(name, repository).start(flow.getFirst());
        flow.stream().skip(1).forEach(job::next);
        return job.build();
    }
}
