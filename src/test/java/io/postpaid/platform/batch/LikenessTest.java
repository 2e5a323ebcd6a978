package io.postpaid.platform.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.home.Home;
import io.postpaid.platform.template.TemplateFiles;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class LikenessTest {
    @TempDir
    private Path folder;

    @Test
    void settingsThatCountAreComparedWhereverTheyAreSet() {
        var one =
                likeness("a", Map.of("POSTPAID_TAX", "stripe", "SPRING_MAIL_HOST", "mail.test", "POSTPAID_PORT", "1"));
        var same =
                likeness("a", Map.of("POSTPAID_TAX", "stripe", "spring.mail.host", "mail.test", "POSTPAID_PORT", "2"));
        var other = likeness("a", Map.of("POSTPAID_TAX", "table", "spring.mail.host", "mail.test"));

        assertThat(Likeness.difference(one, same)).isEmpty();
        assertThat(Likeness.difference(one, other)).contains("POSTPAID_TAX");
    }

    @Test
    void anotherFolderOfDocumentsIsNoticed() {
        assertThat(Likeness.difference(likeness("a", Map.of()), likeness("b", Map.of())))
                .contains("the folder of documents (POSTPAID_DOCUMENTS)");
    }

    @Test
    void anotherBuildIsNoticed() {
        var one = likeness("a", Map.of());
        var other = new HashMap<>(one);
        other.put("the build of Postpaid", "0123456789abcdef");

        assertThat(Likeness.difference(one, other)).contains("the build of Postpaid");
    }

    @Test
    void noSecretIsTold() {
        var told = likeness(
                "a", Map.of("STRIPE_API_KEY", "sk_live_1", "SPRING_MAIL_PASSWORD", "p", "STRIPE_WEBHOOK_SECRET", "s"));

        assertThat(told)
                .containsKey("STRIPE_API_KEY")
                .doesNotContainKeys("SPRING_MAIL_PASSWORD", "STRIPE_WEBHOOK_SECRET");
        assertThat(told.values()).noneMatch(value -> value.contains("sk_live"));
    }

    private Map<String, String> likeness(String home, Map<String, Object> settings) {
        var environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("settings", settings));
        var own = folder.resolve(home);
        return new Likeness(environment, new Home(own), TemplateFiles.in(own.resolve("templates"))).here();
    }
}
