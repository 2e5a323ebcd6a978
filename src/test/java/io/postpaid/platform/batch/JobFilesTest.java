package io.postpaid.platform.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.Postpaid;
import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.SimpleJob;
import org.springframework.batch.core.step.Step;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.scheduling.support.CronExpression;

/** The job files cannot lie. */
class JobFilesTest {
    @TempDir
    private Path home;

    @Test
    void everyStepOfAJobIsThereAndEveryStepHasAJob() {
        try (var application = new SpringApplicationBuilder(Postpaid.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.lazy-initialization=true",
                        "spring.datasource.url=" + TestDatabase.create(),
                        "spring.datasource.username=postgres",
                        "POSTPAID_HOME=" + home,
                        "STRIPE_API_KEY=sk_test_unused",
                        "spring.mail.host=127.0.0.1")
                .run()) {
            var named = new ArrayList<String>();
            application.getBeansOfType(Job.class).forEach((name, job) -> {
                assertThat(job.getName()).isEqualTo(name);
                assertThat(JobFile.read(name).parameters()).containsOnlyKeys("date");
                var steps = List.copyOf(((SimpleJob) job).getStepNames());
                assertThat(steps).containsExactlyElementsOf(described(name));
                named.addAll(steps);
            });
            assertThat(named).isNotEmpty();
            assertThat(application.getBeansOfType(Step.class).values())
                    .extracting(Step::getName)
                    .allMatch(named::contains);
        }
    }

    /** The steps of a job as jobs/README.md describes them, in that order. */
    private static List<String> described(String job) {
        try {
            var sections = Files.readString(Path.of("jobs/README.md")).split("(?m)^## ");
            var section = Arrays.stream(sections)
                    .filter(one -> one.toLowerCase(Locale.ROOT).startsWith(job))
                    .findFirst()
                    .orElseThrow();
            return Pattern.compile("(?m)^\\d+\\. `([a-z-]+)`")
                    .matcher(section)
                    .results()
                    .map(row -> row.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nightly", "monthly"})
    void schedulesAreUnderstood(String job) {
        assertThat(CronExpression.isValidExpression(JobFile.read(job).schedule()))
                .isTrue();
    }

    @Test
    void aJobThatIsNotThereIsTold() {
        assertThatThrownBy(() -> JobFile.read("weekly")).hasMessageContaining("jobs/weekly/job.yaml cannot be used");
    }
}
