package io.postpaid.usage.intake;

import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.mapping.Mapping;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes in every file of a folder, and moves each to {@code done/} with its tie-out beside it. A crash between the two is
 * harmless: the file is ingested again, and all of it is duplicates.
 */
@Component
public class Inbox {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String MAPPING = ".mapping.yaml";
    private static final String DONE = "done";
    private static final int PAGE = 10_000;

    private final Ingestion ingestion;

    public Inbox(Ingestion ingestion) {
        this.ingestion = ingestion;
    }

    /** @throws UnreadableUsage if it cannot be read, and stays where it is */
    IngestOutcome take(Path file) {
        if (Files.isSymbolicLink(file)) {
            throw new UnreadableUsage(file.getFileName() + " is a link to another file: put the file itself there");
        }
        if (Files.isDirectory(file)) {
            throw new UnreadableUsage(
                    file.getFileName() + " is a folder: put the files that are in it into the inbox itself");
        }
        // Whoever opens a pipe waits for its writer.
        if (!Files.isRegularFile(file)) {
            throw new UnreadableUsage(
                    file.getFileName() + " is no regular file, but a pipe or device: put a file there");
        }
        IngestOutcome outcome;
        try {
            outcome = ingestion.ingest(file, mappingOf(file), _ -> {});
        } catch (TakenBefore e) {
            LOG.warn(e.getMessage());
            outcome = new IngestOutcome(file.getFileName().toString(), e.lines(), 0, e.lines(), 0);
        }
        archive(file, outcome);
        return outcome;
    }

    /** The files that wait in a folder, by name. */
    static Iterator<Path> waiting(Path folder) {
        return waiting(folder, PAGE);
    }

    static Iterator<Path> waiting(Path folder, int page) {
        return Stream.iterate(
                        waiting(folder, "", page),
                        files -> !files.isEmpty(),
                        files -> waiting(folder, name(files.getLast()), page))
                .flatMap(List::stream)
                .iterator();
    }

    /** The next files by name: there may be more than fit into the memory, so some of them are kept. */
    private static List<Path> waiting(Path folder, String behind, int most) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        var page = new TreeMap<String, Path>();
        try (var entries = Files.newDirectoryStream(folder)) {
            for (Path file : entries) {
                String name = name(file);
                boolean late = page.size() == most && name.compareTo(page.lastKey()) > 0;
                if (late || name.compareTo(behind) <= 0 || !isUsage(file)) continue;
                page.put(name, file);
                if (page.size() > most) page.pollLastEntry();
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new UnreadableUsage("The folder %s cannot be read: %s".formatted(folder, e), e);
        }
        return List.copyOf(page.values());
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static boolean isUsage(Path file) {
        String name = name(file);
        return !name.startsWith(".")
                && !(name.equals(DONE) && Files.isDirectory(file))
                && !name.endsWith(".part")
                && !name.endsWith(MAPPING)
                && !name.equals("mapping.yaml");
    }

    /** {@code NAME.mapping.yaml} or, for all files beside it, {@code mapping.yaml}. */
    private static @Nullable Mapping mappingOf(Path file) {
        for (String name : List.of(file.getFileName() + MAPPING, "mapping.yaml")) {
            Path mapping = file.resolveSibling(name);
            if (Files.isRegularFile(mapping, LinkOption.NOFOLLOW_LINKS)) {
                return Mapping.parse(mapping);
            }
        }
        return null;
    }

    private static void archive(Path file, IngestOutcome outcome) {
        try {
            Path done = Files.createDirectories(file.resolveSibling(DONE));
            Path target = done.resolve(file.getFileName());
            for (int n = 1; Files.exists(target); n++) {
                target = done.resolve(file.getFileName() + "." + n);
            }
            Path tieOut = done.resolve(target.getFileName() + ".tieout.json");
            Files.write(tieOut, JSON.writeValueAsBytes(outcome));
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UnreadableUsage(
                    "%s is taken in, but cannot be moved to done/: %s".formatted(file.getFileName(), e), e);
        }
    }
}
