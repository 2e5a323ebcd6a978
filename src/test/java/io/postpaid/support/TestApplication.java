package io.postpaid.support;

import io.postpaid.Postpaid;
import io.postpaid.cli.PreparedApplication;
import io.postpaid.platform.batch.RunFailedException;
import io.postpaid.platform.batch.RunReport;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.batch.Schedules;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.sandbox.Sandbox;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ResourceLoader;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The application on a database and a sandbox of its own, with a clock that is moved by hand. */
public final class TestApplication implements AutoCloseable {
    private final Sandbox sandbox;
    private final BillingClock outside;
    private final ConfigurableApplicationContext context;
    public final Crashes crashes = new Crashes();
    public final Path home;

    public TestApplication(Path home, Instant now) {
        this(home, now, Map.of(), new BeanPostProcessor() {});
    }

    public TestApplication(Path home, Instant now, Map<String, String> settings, BeanPostProcessor around) {
        this(home, now, settings, around, WebApplicationType.NONE);
    }

    /** As {@code serve} starts it, on any free port. */
    public static TestApplication serving(Path home, Instant now, Map<String, String> settings) {
        return new TestApplication(home, now, settings, new BeanPostProcessor() {}, WebApplicationType.SERVLET);
    }

    private TestApplication(
            Path home, Instant now, Map<String, String> settings, BeanPostProcessor around, WebApplicationType web) {
        this.home = home;
        outside = new BillingClock(now);
        sandbox = Sandbox.start(home.resolve("sandbox"), outside);
        var properties = new LinkedHashMap<String, Object>(Map.of(
                "POSTPAID_HOME", home.toString(),
                "POSTPAID_NOW", now.toString(),
                "POSTPAID_PORT", "0",
                "spring.datasource.url", TestDatabase.create(),
                "spring.datasource.username", "postgres",
                "STRIPE_API_KEY", "sk_test_sandbox",
                "STRIPE_API_BASE", sandbox.stripeBase(),
                "spring.mail.host", "127.0.0.1",
                "spring.mail.port", Integer.toString(sandbox.smtpPort()),
                "postpaid.mail.sent-folder", mails().toString()));
        properties.putAll(settings);
        properties.replace("POSTPAID_VIES_URL", "sandbox", sandbox.vies().base());
        context = builder(web)
                .properties(properties)
                .initializers(application -> {
                    application.getBeanFactory().addBeanPostProcessor(around);
                    application.getBeanFactory().addBeanPostProcessor(new BeanPostProcessor() {
                        @Override
                        public Object postProcessAfterInitialization(Object bean, String name) {
                            return bean instanceof DataSource database ? crashes.around(database) : bean;
                        }
                    });
                })
                .run();
    }

    private static SpringApplicationBuilder builder(WebApplicationType web) {
        if (web != WebApplicationType.NONE) return new SpringApplicationBuilder(Postpaid.class).web(web);
        return new SpringApplicationBuilder(Postpaid.class) {
            @Override
            protected SpringApplication createSpringApplication(@Nullable ResourceLoader loader, Class<?>... sources) {
                return new PreparedApplication(Postpaid.class);
            }
        };
    }

    public <T> T get(Class<T> type) {
        return context.getBean(type);
    }

    /** Whom it answers over HTTP with this key, if it is serving. */
    public Http http(@Nullable String key) {
        var server = Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer());
        return new Http(server.getPort(), key);
    }

    public <T> T get(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    public String setting(String name) {
        return context.getEnvironment().getRequiredProperty(name);
    }

    public JdbcClient jdbc() {
        return get(JdbcClient.class);
    }

    public Sandbox sandbox() {
        return sandbox;
    }

    public Path mails() {
        return home.resolve("sandbox/mail");
    }

    /** Moves the clock here and outside. */
    public void moveTo(Instant now) {
        get(BillingClock.class).setTo(now);
        outside.setTo(now);
    }

    /** A nightly run; where this serves, the schedule may be at work on what the clock has made due. */
    public RunReport nightly(LocalDate date) {
        return afterTheSchedule(() -> get(Runs.class).nightly(date));
    }

    public RunReport monthly(BillingPeriod period) {
        return afterTheSchedule(() -> get(Runs.class).monthly(period));
    }

    private RunReport afterTheSchedule(Supplier<RunReport> run) {
        while (true) {
            try {
                return run.get();
            } catch (RunFailedException.InProgress scheduled) {
                // Waits for it, and does what is due besides.
                get(Schedules.class).runDue();
            }
        }
    }

    @Override
    public void close() {
        context.close();
        sandbox.close();
    }
}
