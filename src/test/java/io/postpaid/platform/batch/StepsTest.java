package io.postpaid.platform.batch;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.postpaid.Postpaid;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.sandbox.Sandbox;
import io.postpaid.support.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.AbstractJob;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.test.JobOperatorTestUtils;
import org.springframework.batch.test.MetaDataInstanceFactory;
import org.springframework.batch.test.context.SpringBatchTest;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A step alone, with planted data, and both jobs whole, as the framework launches them. */
@NullUnmarked
@SpringBatchTest
@SpringBootTest(
        classes = Postpaid.class,
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = "spring.main.lazy-initialization=true")
class StepsTest {
    private static final Run NIGHT = new Run("nightly", LocalDate.of(2026, 11, 2), 1);
    private static final Run MONTH = new Run("monthly", LocalDate.of(2026, 10, 1), 1);
    /** More than are done in one part. */
    private static final int MANY = 250;

    private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");
    private static final AtomicLong LAUNCHED = new AtomicLong();

    @TempDir
    private static Path home;

    private static Sandbox sandbox;

    @Autowired
    private JobOperatorTestUtils launcher;

    @Autowired
    private Map<String, Step> steps;

    @Autowired
    private Map<String, Job> jobs;

    @Autowired
    private JdbcClient jdbc;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry settings) {
        sandbox = Sandbox.start(home.resolve("sandbox"), new BillingClock(NOW));
        var database = TestDatabase.create();
        settings.add("POSTPAID_HOME", home::toString);
        settings.add("POSTPAID_NOW", NOW::toString);
        settings.add("spring.datasource.url", () -> database);
        settings.add("spring.datasource.username", () -> "postgres");
        settings.add("STRIPE_API_KEY", () -> "sk_test_sandbox");
        settings.add("STRIPE_API_BASE", sandbox::stripeBase);
        settings.add("spring.mail.host", () -> "127.0.0.1");
        settings.add("spring.mail.port", sandbox::smtpPort);
        settings.add(
                "postpaid.mail.sent-folder", () -> home.resolve("sandbox/mail").toString());
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    /** The framework's test support looks for one: nothing here is in the scope of a step. */
    StepExecution getStepExecution() {
        return MetaDataInstanceFactory.createStepExecution();
    }

    private static JobParameters unique(Run run) {
        return new JobParametersBuilder(run.toJobParameters())
                .addLong("launched", LAUNCHED.incrementAndGet(), true)
                .toJobParameters();
    }

    private static StepExecution manager(JobExecution job) {
        return job.getStepExecutions().stream()
                .filter(step -> !step.getStepName().contains(":"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void bothJobsRunWhole() throws Exception {
        for (var run : List.of(NIGHT, MONTH)) {
            var job = jobs.get(run.job());
            launcher.setJob(job);
            var execution = launcher.startJob(run.toJobParameters());
            assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
            assertThat(execution.getStepExecutions().stream()
                            .filter(step -> !step.getStepName().contains(":"))
                            .map(StepExecution::getStepName))
                    .containsExactlyElementsOf(((AbstractJob) job).getStepNames());
        }
    }

    /** What would meet every item ends the step; launched again it does what is left, each once. */
    @Test
    void aStepThatBrokeOffGoesOnWithWhatIsLeft() throws Exception {
        jdbc.sql("""
                insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                select 'r' || n, 'R', 'r@customer.example', 'USD', 100, 0, date '2026-01-01'
                  from generate_series(1, :many) n""").param("many", MANY).update();
        jdbc.sql("""
                insert into notice (account, kind, key, recipient, view, message_id, queued_at, next_try_at)
                select id, 'account-reactivated', id, 'r@customer.example',
                       jsonb_build_object('account', jsonb_build_object('id', id, 'name', name), 'seller',
                                              jsonb_build_object('web', 'https://x.example', 'email', 'b@x.example', 'name', 'X'),
                                          'invoice', jsonb_build_object('number', '2026-000001'), 'page_url', 'https://x.example/billing'),
                       id || '@test.example', now() - interval '1 year', '2026-01-01'
                  from account
                 where id like 'r%'""").update();
        jdbc.sql("""
                create function full_disk() returns trigger language plpgsql as $$
                begin
                    if new.status = 'SENT' and new.account = 'r150' then
                        raise exception 'no space left' using errcode = '53100';
                    end if;
                    return new;
                end $$;
                create trigger full_disk before update on notice for each row execute function full_disk()""").update();
        var launched = unique(NIGHT);
        var broken = manager(launcher.startStep(steps.get("sendMailStep"), launched, new ExecutionContext()));
        assertThat(broken.getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(broken.getExitStatus().getExitDescription()).contains("no space left");
        var sent = "select count(*) from notice where status = 'SENT' and account like 'r%'";
        assertThat(broken.getWriteCount()).isEqualTo(count(sent)).isLessThan(MANY);

        jdbc.sql("drop trigger full_disk on notice").update();
        var again = manager(launcher.startStep(steps.get("sendMailStep"), launched, new ExecutionContext()));
        assertThat(again.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(count(sent)).isEqualTo(MANY);
        try (var mails = Files.list(home.resolve("sandbox/mail"))) {
            assertThat(mails.filter(mail -> mail.getFileName().toString().contains("test.example")))
                    .hasSize(MANY);
        }
    }

    /** The thread that does an item is not the one that runs the step. */
    @Test
    void aLineOfTheLogSaysOfWhichRunAndStepItIs() throws Exception {
        jdbc.sql("""
                insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                values ('l1', 'L', 'l@customer.example', 'USD', 100, 0, date '2026-01-01');
                insert into notice (account, kind, key, recipient, view, message_id, queued_at, next_try_at)
                values ('l1', 'account-reactivated', 'l1', 'l@customer.example', '{}', 'l1@log.example', '2026-01-01', '2026-01-01');
                create function broken_row() returns trigger language plpgsql as $$
                begin
                    if new.account = 'l1' then
                        raise exception 'broken row';
                    end if;
                    return new;
                end $$;
                create trigger broken_row before update on notice for each row execute function broken_row()""").update();
        var logger = (Logger) LoggerFactory.getLogger(Outcomes.class);
        var lines = new ListAppender<ILoggingEvent>() {
            @Override
            protected void append(ILoggingEvent line) {
                // What the line says of its thread is read in that thread.
                line.prepareForDeferredProcessing();
                super.append(line);
            }
        };
        lines.start();
        logger.addAppender(lines);
        logger.setAdditive(false);
        try {
            var step = manager(launcher.startStep(steps.get("sendMailStep"), unique(NIGHT), new ExecutionContext()));
            assertThat(lines.list)
                    .anySatisfy(line -> assertThat(line.getMDCPropertyMap())
                            .containsEntry("step", "send-mail")
                            .containsEntry(
                                    "run_id",
                                    String.valueOf(step.getJobExecution()
                                            .getJobInstance()
                                            .getInstanceId())));
            assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
        } finally {
            logger.setAdditive(true);
            logger.detachAppender(lines);
            jdbc.sql("drop trigger broken_row on notice").update();
        }
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
