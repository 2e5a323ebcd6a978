package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

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
            new SandboxMode(new Terminal(out, out, false)).initialize(context);
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

    @ParameterizedTest
    @CsvSource({
        "POSTPAID_PORT,    8081,                        http://127.0.0.1:8081",
        "POSTPAID_PORT,    '',                          http://127.0.0.1:8080",
        "POSTPAID_BASE_URL, https://billing.example.com, https://billing.example.com",
        "STRIPE_API_KEY,   sk_live_1,                   ",
        "spring.mail.host, smtp.example.com,            "
    })
    void mailsOfThisMachineLeadToItsPages(String setting, String value, @Nullable String pages) {
        var environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("settings", Map.of(setting, value)));
        SandboxMode.leadHere(environment);

        assertThat(environment.getProperty("POSTPAID_BASE_URL")).isEqualTo(pages);
    }
}
