package io.postpaid;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.logging.LoggingSystemProperty;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.json.JsonMapper;

/** What a line of the log looks like, by the configuration that the application has. */
class LogsTest {
    private static String line(@Nullable String format) throws Exception {
        var context = new LoggerContext();
        context.putObject(
                Environment.class.getName(), new MockEnvironment().withProperty("spring.application.name", "p"));
        if (format != null) {
            context.putProperty(LoggingSystemProperty.CONSOLE_STRUCTURED_FORMAT.getEnvironmentVariableName(), format);
        }
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogsTest.class.getResource("/logback-spring.xml"));
        var appender = (ConsoleAppender<ILoggingEvent>)
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDERR");
        assertThat(appender.getTarget()).isEqualTo("System.err");
        var event = new LoggingEvent(
                "", context.getLogger("io.postpaid.Any"), Level.WARN, "two\nlines of \"{}\"", null, new Object[] {"ä"});
        event.setMDCPropertyMap(Map.of("run_id", "7", "step", "send-mail"));
        var line = new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8);
        context.stop();
        return line;
    }

    @Test
    void aLineIsJsonWhereThatIsAskedFor() throws Exception {
        var line = line("ecs");
        assertThat(line.lines()).hasSize(1);
        var json = JsonMapper.shared().readTree(line);
        assertThat(json.at("/message").asString()).isEqualTo("two\nlines of \"ä\"");
        assertThat(json.at("/log/level").asString()).isEqualTo("WARN");
        assertThat(json.at("/service/name").asString()).isEqualTo("p");
        assertThat(json.at("/run_id").asString()).isEqualTo("7");
        assertThat(json.at("/step").asString()).isEqualTo("send-mail");
    }

    @Test
    void aLineIsTextOtherwise() throws Exception {
        assertThat(line(null)).contains("WARN").contains("lines of \"ä\"").doesNotContain("{");
    }
}
