package io.postpaid.platform.batch;

import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.home.Home;
import io.postpaid.platform.template.TemplateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.stereotype.Component;

/**
 * What must be the same in two processes for one to do the other's work: the build, Java, the settings, the templates and the
 * folder of documents. Values are only told as what they hash to.
 */
@Component
class Likeness {
    private static final List<String> SETTINGS = List.of("POSTPAID_", "STRIPE_", "SPRING_MAIL_");
    /** What is a process's own, or of the server alone. */
    private static final List<String> OWN = Stream.of(
                    "HOME DOCUMENTS TEMPLATES NOW DEBUG JAVA_OPTS DATABASE_KEEP PORT HOST INBOX GATE KEY_RATE PAGE_RATE",
                    "SIGN_IN_RATE FORWARDED_HEADERS FRAME_ANCESTORS OIDC EVENTS PROVISION APPROVE_ABOVE SANDBOX")
            .flatMap(names -> Stream.of(names.split(" ")))
            .map("POSTPAID_"::concat)
            .toList();
    /** Too easily guessed from what they hash to. */
    private static final List<String> SECRET = List.of("_PASSWORD", "_SECRET");

    private static final String SANDBOX = "sandbox";
    private static final int SHORT = 16;

    private final ConfigurableEnvironment environment;
    private final Home home;
    private final TemplateFiles templates;

    Likeness(ConfigurableEnvironment environment, Home home, TemplateFiles templates) {
        this.environment = environment;
        this.home = home;
        this.templates = templates;
    }

    /** Of this process. */
    Map<String, String> here() {
        var all = new TreeMap<String, String>();
        all.put("the build of Postpaid", build());
        all.put("the version of Java", Runtime.version().toString());
        all.put("the folder of documents (POSTPAID_DOCUMENTS)", documents());
        all.put("the folder templates", templates.own().map(Likeness::content).orElse(""));
        var sandbox = environment.getPropertySources().get(SANDBOX);
        if (sandbox != null) all.put("the sandbox (POSTPAID_HOME)", Home.mark(home.sandbox()));
        var hidden = new TreeSet<String>();
        if (sandbox instanceof EnumerablePropertySource<?> own) {
            for (var name : own.getPropertyNames()) hidden.add(canonical(name));
        }
        for (var source : environment.getPropertySources()) {
            if (!(source instanceof EnumerablePropertySource<?> named)) continue;
            for (var name : named.getPropertyNames()) {
                var setting = canonical(name);
                if (!hidden.contains(setting) && counts(setting)) all.put(setting, hash(environment.getProperty(name)));
            }
        }
        return all;
    }

    private String documents() {
        var place = environment.getProperty("POSTPAID_DOCUMENTS", "");
        return Home.isBucket(place) ? place : Home.mark(home.documents());
    }

    private static String canonical(String name) {
        return name.startsWith("spring.mail.") ? name.replace('.', '_').toUpperCase(Locale.ROOT) : name;
    }

    private static boolean counts(String setting) {
        return SETTINGS.stream().anyMatch(setting::startsWith)
                && OWN.stream().noneMatch(setting::startsWith)
                && SECRET.stream().noneMatch(setting::endsWith);
    }

    private static String hash(@Nullable String value) {
        return value == null || value.isBlank()
                ? ""
                : Sha256.of(value.strip().getBytes(StandardCharsets.UTF_8)).substring(0, SHORT);
    }

    /** What differs, in words; a setting that is empty is none. */
    static Optional<String> difference(Map<String, String> one, Map<String, String> other) {
        var names = new TreeSet<>(one.keySet());
        names.addAll(other.keySet());
        var different = names.stream()
                .filter(name -> !Objects.equals(one.getOrDefault(name, ""), other.getOrDefault(name, "")))
                .collect(Collectors.joining(", "));
        return different.isEmpty() ? Optional.empty() : Optional.of(different);
    }

    /** The application's jar; what runs from loose classes is only told from what does not. */
    private static String build() {
        try {
            var code = Path.of(Likeness.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isRegularFile(code) ? Sha256.of(code).substring(0, SHORT) : "unpackaged";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String content(Path folder) {
        try (var files = Files.walk(folder)) {
            var all = new StringBuilder();
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                all.append(folder.relativize(file)).append(Sha256.of(file));
            }
            return hash(all.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
