package io.postpaid.usage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
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

    private final Ingestion ingestion;

    public Inbox(Ingestion ingestion) {
        this.ingestion = ingestion;
    }

    /** What was taken, and what could not be read and stays where it is. */
    public record Result(List<IngestOutcome> taken, List<Unread> unread) {
        public Result {
            taken = List.copyOf(taken);
            unread = List.copyOf(unread);
        }
    }

    public record Unread(String file, String sentence) {}

    /** A watcher of files, for there may be many. */
    @FunctionalInterface
    public interface ProgressOf {
        Progress file(Path file);
    }

    public Result ingestAll(Path folder, ProgressOf progress) {
        var taken = new ArrayList<IngestOutcome>();
        var unread = new ArrayList<Unread>();
        for (Path file : waiting(folder)) {
            if (Files.isSymbolicLink(file)) {
                unread.add(new Unread(
                        file.getFileName().toString(),
                        file.getFileName() + " is a link to another file: put the file itself there"));
                continue;
            }
            try {
                taken.add(take(file, progress.file(file)));
            } catch (UnreadableUsage e) {
                unread.add(new Unread(file.getFileName().toString(), String.valueOf(e.getMessage())));
            }
        }
        return new Result(taken, unread);
    }

    /** @throws UnreadableUsage if it cannot be read, and stays where it is */
    IngestOutcome take(Path file, Progress progress) {
        IngestOutcome outcome;
        try {
            outcome = ingestion.ingest(file, mappingOf(file), progress);
        } catch (TakenBefore e) {
            LOG.warn(e.getMessage());
            outcome = new IngestOutcome(file.getFileName().toString(), e.lines(), 0, e.lines(), 0);
        }
        archive(file, outcome);
        return outcome;
    }

    static List<Path> waiting(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var entries = Files.list(folder)) {
            return entries.filter(Inbox::isUsage).sorted().toList();
        } catch (IOException e) {
            throw new UnreadableUsage("The folder %s cannot be read: %s".formatted(folder, e), e);
        }
    }

    private static boolean isUsage(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file)
                && !name.startsWith(".")
                && !name.endsWith(".part")
                && !name.endsWith(MAPPING)
                && !name.equals("mapping.yaml");
    }

    /** {@code NAME.mapping.yaml} or, for all files beside it, {@code mapping.yaml}. */
    public static @Nullable Mapping mappingOf(Path file) {
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
            Path done = Files.createDirectories(file.resolveSibling("done"));
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
