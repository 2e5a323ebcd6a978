package io.postpaid;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A table belongs to one wing: it alone writes it, and the others read it or call what the wing offers. */
class TablesTest {
    private static final Path WINGS = Path.of("src/main/java/io/postpaid");
    private static final Pattern TABLE = Pattern.compile("create table (?:if not exists )?(\\w+)");
    private static final Pattern WRITE = Pattern.compile(
            "\\b(?:insert\\s+into|update|delete\\s+from|merge\\s+into|truncate(?:\\s+table)?|copy)\\s+(\\w+)",
            Pattern.CASE_INSENSITIVE);

    /** Who else writes a table, and why. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            // Metering takes an arrival away in the transaction that adds it to the day.
            "usage_arrival", "pricing",
            "arrived_batch", "pricing",
            // Number, status and postings of all invoices of a month are one statement.
            "posting", "billing");

    /** Plants books of years in a database of its own. */
    private static final String BENCH = "bench";

    @Test
    void aTableIsWrittenByOneWing() throws IOException {
        var owners = writers();
        assertThat(owners).hasSizeGreaterThan(30);
        EXCEPTIONS.forEach((table, wing) ->
                assertThat(owners.get(table)).as(table).hasSize(2).contains(wing));
        owners.keySet().removeAll(EXCEPTIONS.keySet());
        owners.values().removeIf(wings -> wings.size() == 1);
        assertThat(owners).isEmpty();
    }

    private static Map<String, Set<String>> writers() throws IOException {
        var tables = TABLE.matcher(text(Path.of("src/main/resources/db/migration"), ".sql"))
                .results()
                .map(table -> table.group(1))
                .toList();
        var writers = new TreeMap<String, Set<String>>();
        var sources = new TreeMap<String, String>();
        for (var wing : directories(WINGS)) sources.put(wing.getFileName().toString(), text(wing, ".java"));
        sources.remove(BENCH);
        sources.forEach((wing, source) -> written(source, tables)
                .forEach(table -> writers.computeIfAbsent(table, unused -> new TreeSet<>())
                        .add(wing)));
        for (var file : files(Path.of("jobs"), ".sql")) {
            // The SQL of a step belongs to the wing that names the step: by its file, or by its folder
            // jobs/<job>/<step>.
            var step = file.getNameCount() > 3
                    ? file.getName(2).toString()
                    : file.getFileName().toString().replace(".sql", "");
            var wings = sources.entrySet().stream()
                    .filter(wing -> wing.getValue().contains('"' + step + '"'))
                    .map(Map.Entry::getKey)
                    .toList();
            assertThat(wings).as(step).hasSize(1);
            for (var table : written(Files.readString(file), tables))
                writers.computeIfAbsent(table, unused -> new TreeSet<>()).addAll(wings);
        }
        return writers;
    }

    private static List<String> written(String source, List<String> tables) {
        return WRITE.matcher(source)
                .results()
                .map(write -> write.group(1).toLowerCase())
                .filter(tables::contains)
                .distinct()
                .toList();
    }

    private static String text(Path folder, String ending) throws IOException {
        return files(folder, ending).stream().map(TablesTest::read).collect(joining("\n"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> directories(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }
}
