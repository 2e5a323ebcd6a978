package io.postpaid.usage.mapping;

import io.postpaid.platform.home.Home;
import io.postpaid.usage.format.UnreadableUsage;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/** The mappings that have a name: those in {@code POSTPAID_HOME/mappings}, and the built-in ones that none of them replaces. */
@Component
public class Mappings {
    /** A name becomes the name of a file, so nothing else may stand in it. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,99}");

    private static final String BUILT_IN = "mappings/";
    private static final String YAML = ".yaml";

    private final Path own;
    private final ClassLoader builtIn;

    @Autowired
    public Mappings(Home home) {
        this(home, Mappings.class.getClassLoader());
    }

    Mappings(Home home, ClassLoader builtIn) {
        this.own = home.path().resolve("mappings");
        this.builtIn = builtIn;
    }

    /** @throws UnreadableUsage if there is none of this name, or it has a mistake */
    public Mapping named(String name) {
        return Mapping.parse(name + YAML, text(name));
    }

    /** The mapping in a file, or else the one of this name. */
    public Mapping of(String fileOrName) {
        var file = new File(fileOrName);
        return file.exists() && !file.isDirectory() ? Mapping.parse(file.toPath()) : named(fileOrName);
    }

    /** What a user copies to begin an own one. */
    public String text(String name) {
        if (!NAME.matcher(name).matches()) throw unknown(name);
        Path file = own.resolve(name + YAML);
        var ours = new ClassPathResource(BUILT_IN + name + YAML, builtIn);
        try {
            if (Files.isSymbolicLink(file)) {
                throw new UnreadableUsage(file + " is a link to another file: put the file itself there");
            }
            if (isFile(file)) return Files.readString(file);
            if (ours.exists()) return ours.getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UnreadableUsage("The mapping %s cannot be read: %s".formatted(name, e), e);
        }
        throw unknown(name);
    }

    /** What a mapping may say, as a JSON Schema. */
    public static String schema() {
        try {
            return new ClassPathResource(BUILT_IN + "mapping.schema.json").getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<String> names() {
        var names = new TreeSet<>(builtIn());
        names.addAll(own());
        return List.copyOf(names);
    }

    /** The names that come with the product, also where an own mapping replaces one. */
    public Set<String> builtIn() {
        try {
            var files = new PathMatchingResourcePatternResolver(builtIn)
                    .getResources("classpath*:" + BUILT_IN + "*" + YAML);
            return names(Arrays.stream(files).map(file -> Objects.requireNonNull(file.getFilename())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Collection<String> own() {
        if (!Files.isDirectory(own)) return Set.of();
        try (var files = Files.list(own)) {
            return names(files.filter(Mappings::isFile)
                    .map(file -> file.getFileName().toString()));
        } catch (IOException e) {
            throw new UnreadableUsage("The folder %s cannot be read: %s".formatted(own, e), e);
        }
    }

    private static boolean isFile(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static Set<String> names(Stream<String> files) {
        return files.filter(file -> file.endsWith(YAML))
                .map(file -> file.substring(0, file.length() - YAML.length()))
                .filter(NAME.asMatchPredicate())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The names, and where more can be put, for a message. */
    public String told() {
        return Stream.concat(names().stream(), Stream.of("what is put into " + own))
                .collect(Collectors.joining(", "));
    }

    private UnreadableUsage unknown(String name) {
        return new UnreadableUsage(
                "There is no mapping '%s', and no such file. The mappings are %s".formatted(name, told()));
    }
}
