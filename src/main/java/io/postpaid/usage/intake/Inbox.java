package io.postpaid.usage.intake;

import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.mapping.Mappings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes in every file of a folder, and moves each to {@code done/} with its tie-out beside it. A crash between the two is
 * harmless: the file is ingested again, and all of it is duplicates.
 *
 * <p>A folder within it is a feed of its own: it has the name of the mapping that its files are read by, or that mapping in it.
 */
@Component
public class Inbox {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
    private static final String MAPPING = ".mapping.yaml";
    private static final String BESIDE = "mapping.yaml";
    private static final String DONE = "done";
    private static final int PAGE = 10_000;

    private final Ingestion ingestion;
    private final Mappings mappings;

    public Inbox(Ingestion ingestion, Mappings mappings) {
        this.ingestion = ingestion;
        this.mappings = mappings;
    }

    /** @param feed the folder within the inbox, which is called as its mapping; null in the inbox itself */
    record Waiting(Path file, @Nullable String feed) {
        String name() {
            return feed == null ? Inbox.name(file) : feed + "/" + Inbox.name(file);
        }
    }

    /** Some files of one folder, after which come more of it, or those of the next. */
    private record Page(int folder, List<Path> files) {}

    /** @throws UnreadableUsage if it cannot be read, and stays where it is */
    IngestOutcome take(Waiting waiting) {
        Path file = waiting.file();
        refuseUnlessFile(file, waiting.feed() == null);
        var outcome = ingest(file, mappingOf(waiting));
        archive(file, outcome);
        return outcome;
    }

    /** What says nothing new is all duplicates: whoever brings a file again has been heard. */
    IngestOutcome ingest(Path file, @Nullable Mapping mapping) {
        try {
            return ingestion.ingest(file, mapping, _ -> {});
        } catch (TakenBefore e) {
            LOG.warn(e.getMessage());
            return new IngestOutcome(name(file), e.lines(), 0, e.lines(), 0);
        }
    }

    private void refuseUnlessFile(Path file, boolean inInbox) {
        String name = name(file);
        if (Files.isSymbolicLink(file)) {
            throw new UnreadableUsage(name + " is a link to another file: put the file itself there");
        }
        if (Files.isDirectory(file)) {
            throw new UnreadableUsage(
                    inInbox
                            ? "%s is a folder, and neither is there a mapping of this name nor a mapping.yaml in it. There are %s. Put the files that are in it into the folder of their mapping, or into the inbox itself"
                                    .formatted(name, mappings.told())
                            : name + " is a folder within a folder: put the files that are in it beside it");
        }
        // Whoever opens a pipe waits for its writer.
        if (!Files.isRegularFile(file)) {
            throw new UnreadableUsage(name + " is no regular file, but a pipe or device: put a file there");
        }
    }

    /** The files that wait in a folder, by name, and then those in the folders of feeds that are in it. */
    Iterator<Waiting> waiting(Path inbox) {
        return waiting(inbox, PAGE);
    }

    Iterator<Waiting> waiting(Path inbox, int page) {
        var feeds = feeds(inbox);
        var folders = new ArrayList<>(feeds);
        folders.addFirst(inbox);
        return Stream.iterate(
                        new Page(0, waiting(inbox, "", page, feeds)),
                        files -> files.folder() < folders.size(),
                        files -> next(files, folders, page))
                .flatMap(files -> files.files().stream()
                        .map(file -> new Waiting(file, files.folder() == 0 ? null : name(folders.get(files.folder())))))
                .iterator();
    }

    private static Page next(Page page, List<Path> folders, int most) {
        int folder = page.files().isEmpty() ? page.folder() + 1 : page.folder();
        if (folder == folders.size()) return new Page(folder, List.of());
        var behind = page.files().isEmpty() ? "" : name(page.files().getLast());
        return new Page(folder, waiting(folders.get(folder), behind, most, folders));
    }

    private List<Path> feeds(Path inbox) {
        if (!Files.isDirectory(inbox)) return List.of();
        var known = Set.copyOf(mappings.names());
        try (var entries = Files.list(inbox)) {
            return entries.filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) && isUsage(entry))
                    .filter(entry -> known.contains(name(entry)) || isOwn(entry.resolve(BESIDE)))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw unreadable(inbox, e);
        }
    }

    /** The next files by name: there may be more than fit into the memory, so some of them are kept. */
    private static List<Path> waiting(Path folder, String behind, int most, List<Path> feeds) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        var page = new TreeMap<String, Path>();
        try (var entries = Files.newDirectoryStream(folder)) {
            for (Path file : entries) {
                String name = name(file);
                boolean late = page.size() == most && name.compareTo(page.lastKey()) > 0;
                if (late || name.compareTo(behind) <= 0 || !isUsage(file) || feeds.contains(file)) continue;
                page.put(name, file);
                if (page.size() > most) page.pollLastEntry();
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw unreadable(folder, e);
        }
        return List.copyOf(page.values());
    }

    private static UnreadableUsage unreadable(Path folder, Exception e) {
        return new UnreadableUsage("The folder %s cannot be read: %s".formatted(folder, e), e);
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
                && !name.equals(BESIDE);
    }

    /** {@code NAME.mapping.yaml} or, for all files beside it, {@code mapping.yaml}; then the one that the folder names. */
    private @Nullable Mapping mappingOf(Waiting waiting) {
        Path file = waiting.file();
        for (String name : List.of(name(file) + MAPPING, BESIDE)) {
            Path mapping = file.resolveSibling(name);
            if (isOwn(mapping)) return Mapping.parse(mapping);
        }
        return waiting.feed() == null ? null : mappings.named(waiting.feed());
    }

    private static boolean isOwn(Path mapping) {
        return Files.isRegularFile(mapping, LinkOption.NOFOLLOW_LINKS);
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
