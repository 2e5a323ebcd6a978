package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** Customers get no mails about charges that never were. */
class SandboxModeTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @TempDir
    private Path home;

    private void start(Map<String, String> settings) {
        try (var context = new GenericApplicationContext()) {
            var sources = context.getEnvironment().getPropertySources();
            sources.addFirst(new MapPropertySource("home", Map.of("POSTPAID_HOME", home.toString())));
            sources.addFirst(new MapPropertySource("settings", Map.copyOf(settings)));
            var out = new PrintStream(said, true, StandardCharsets.UTF_8);
            new SandboxMode(new Terminal(out, out, false), false).initialize(context);
            context.refresh();
        }
    }

    @Test
    void aRealMailServerNeedsARealKeyOrAnExplicitWish() {
        assertThatThrownBy(() -> start(Map.of("spring.mail.host", "smtp.example.com")))
                .hasMessageContaining("SPRING_MAIL_HOST is smtp.example.com")
                .hasMessageContaining("POSTPAID_SANDBOX_MAIL=real");

        start(Map.of("spring.mail.host", "smtp.example.com", "POSTPAID_SANDBOX_MAIL", "real"));
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("Sandbox mode")
                .doesNotContain("mails go to");
    }

    @Test
    void withoutAMailServerMailsStayOnThisMachine() {
        start(Map.of());
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("mails go to " + home);
    }
}
