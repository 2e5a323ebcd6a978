package io.postpaid;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** What a reader may expect of the files. */
class TidyTest {
    private static final Path MAIN = Path.of("src/main/java/io/postpaid");

    private static List<Path> files(String root, String... endings) throws IOException {
        try (Stream<Path> all = Files.walk(Path.of(root))) {
            var found = all.filter(Files::isRegularFile)
                    .filter(not(
                            file -> file.startsWith("target") || file.startsWith("data") || file.startsWith(".git")))
                    .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                    .sorted()
                    .toList();
            assertThat(found).as(root).isNotEmpty();
            return found;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(file.toString(), e);
        }
    }

    private static Path here(String path) {
        return Path.of(path);
    }

    @Test
    void everyPackageSaysWhatItOwns() throws IOException {
        try (var packages = Files.list(MAIN)) {
            assertThat(packages.filter(Files::isDirectory)
                            .map(folder -> folder.resolve("package-info.java"))
                            .filter(not(file -> Files.exists(file)
                                    && text(file).contains("<h2>Owns</h2>")
                                    && text(file).contains("<h2>Does not own</h2>")
                                    && text(file).contains("<h2>Always true</h2>")
                                    && text(file).contains("@NullMarked")
                                    && text(file).contains("@ApplicationModule"))))
                    .isEmpty();
        }
    }

    @Test
    void nothingIsPutOff() throws IOException {
        var putOff = Pattern.compile("TO" + "DO|FIX" + "ME");
        assertThat(files("src", ".java", ".sql", ".yaml", ".md").stream()
                        .filter(file -> putOff.matcher(text(file)).find()))
                .isEmpty();
    }

    @Test
    void linesHaveNoTabsAndNoTrailingSpace() throws IOException {
        // But for the line that mail programs know a signature by.
        var untidy = Pattern.compile("\t|(?<!^--)[ \t]+$", Pattern.MULTILINE);
        var sources = Stream.of(
                        files("src/main", ".java", ".sql", ".yaml", ".xml"),
                        files("jobs", ".sql", ".yaml", ".md"),
                        files("templates", ".html", ".txt", ".md", ".yaml", ".css"))
                .flatMap(List::stream)
                // As Spring Batch ships it.
                .filter(not(file -> file.endsWith("V001__batch.sql")));
        assertThat(sources.filter(file -> untidy.matcher(text(file)).find())).isEmpty();
    }

    @Test
    void everyMarkdownFileHasOneTitle() throws IOException {
        assertThat(files(".", ".md").stream()
                        .filter(not(file -> file.startsWith(here("./target"))))
                        .filter(file -> text(file)
                                        .replaceAll("(?s)```.*?```", "")
                                        .lines()
                                        .filter(line -> line.startsWith("# "))
                                        .count()
                                != 1))
                .isEmpty();
    }

    @Test
    void everyStatementAndTemplateIsUsed() throws IOException {
        var code = files("src/main/java", ".java").stream().map(TidyTest::text).collect(Collectors.joining());
        assertThat(files("jobs", ".sql").stream()
                        .map(file -> file.getFileName().toString().replace(".sql", ""))
                        .filter(not(name -> code.contains("\"" + name + "\""))))
                .isEmpty();
        assertThat(files("templates", ".html", ".txt", ".yaml", ".css").stream()
                        .filter(not(file -> file.endsWith("OFL.txt")))
                        .filter(not(file -> named(file).stream().anyMatch(code::contains))))
                .isEmpty();
    }

    /** How code may name a template: its file, or the folder of a kind of mail. */
    private static List<String> named(Path template) {
        var file = template.getFileName().toString();
        var folder = template.getName(template.getNameCount() - 2).toString();
        return List.of(file, "\"" + file.replaceFirst("\\..*", "") + "\"", "\"" + folder + "\"", folder + "/");
    }

    @Test
    void theListOfJobsIsTheFolder() throws IOException {
        var folders = new TreeSet<String>();
        for (var job : new PathMatchingResourcePatternResolver().getResources("file:jobs/*/job.yaml")) {
            folders.add(job.getFile().getParentFile().getName());
        }
        assertThat(folders).isNotEmpty();
        var rows = Pattern.compile("(?m)^\\| *\\[?`?([a-z-]+)`?")
                .matcher(text(here("jobs/README.md")))
                .results()
                .map(row -> row.group(1))
                .filter(not(Set.of("job", "-", "---")::contains))
                .filter(not(row -> row.startsWith("-")))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(rows).isEqualTo(folders);
    }
}
