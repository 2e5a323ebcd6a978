package io.postpaid.platform.template;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The files below {@code templates/}: the operator's own where there is one, otherwise the built-in one. */
public final class TemplateFiles {
    private static final String BUILT_IN = "/templates/";

    /** Every key must be there and every key must be known: a typo in a template is told at start, not on an invoice. */
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private final @Nullable Path folder;

    private TemplateFiles(@Nullable Path folder) {
        this.folder = folder;
    }

    /** Only what is packaged with the application. */
    public static TemplateFiles builtIn() {
        return new TemplateFiles(null);
    }

    /** The operator's folder first. It may be absent, and need not hold every file. */
    public static TemplateFiles in(Path folder) {
        return new TemplateFiles(folder);
    }

    public boolean exists(String name) {
        requireInside(name);
        return own(name) != null || TemplateFiles.class.getResource(BUILT_IN + name) != null;
    }

    /** Where the operator's own are, if there are any. */
    public Optional<Path> own() {
        return Optional.ofNullable(folder).filter(Files::isDirectory);
    }

    /** A folder of the operator's own, if there is one. */
    public Optional<Path> folder(String name) {
        requireInside(name);
        return Optional.ofNullable(folder).map(own -> own.resolve(name)).filter(Files::isDirectory);
    }

    public byte[] bytes(String name) {
        requireInside(name);
        try {
            var own = own(name);
            if (own != null) {
                return Files.readAllBytes(own);
            }
            try (InputStream in = TemplateFiles.class.getResourceAsStream(BUILT_IN + name)) {
                if (in == null) {
                    throw new IllegalArgumentException("templates/" + name + ": no such file");
                }
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("templates/" + name + ": " + e.getMessage(), e);
        }
    }

    public String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    /** Reads a YAML file into a record whose components, in snake case, are exactly the file's keys. */
    public <T> T yaml(String name, Class<T> type) {
        try {
            return YAML.readValue(bytes(name), type);
        } catch (UnrecognizedPropertyException e) {
            throw new IllegalArgumentException(
                    "templates/%s: unknown key '%s'; known are %s".formatted(name, keyOf(e), e.getKnownPropertyIds()),
                    e);
        } catch (DatabindException e) {
            throw new IllegalArgumentException(
                    "templates/%s: key '%s': %s".formatted(name, keyOf(e), e.getOriginalMessage()), e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("templates/%s: %s".formatted(name, e.getMessage()), e);
        }
    }

    private static String keyOf(DatabindException e) {
        return e.getPath().stream()
                .map(step ->
                        step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }

    private @Nullable Path own(String name) {
        if (folder == null) {
            return null;
        }
        var file = folder.resolve(name);
        return Files.isRegularFile(file) ? file : null;
    }

    private static void requireInside(String name) {
        for (var part : name.split("/", -1)) {
            if (!part.matches("[A-Za-z0-9_.-]+") || part.startsWith("..") || part.equals(".")) {
                throw new IllegalArgumentException("not the name of a template: '" + name + "'");
            }
        }
    }
}
