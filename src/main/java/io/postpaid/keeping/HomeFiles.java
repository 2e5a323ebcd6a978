package io.postpaid.keeping;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.postpaid.platform.home.Home;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.springframework.stereotype.Component;

/**
 * The files under POSTPAID_HOME, but for those of the embedded server and what is being written at the moment. Their list has a
 * line for each: hash, size, time and name.
 */
@Component
class HomeFiles {
    private static final String LIST = "files.tsv.gz";
    /** Whoever may read a backup, or what was restored of one, has all customers' data. */
    private static final FileAttribute<Set<PosixFilePermission>> OWN_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final FileAttribute<Set<PosixFilePermission>> OWN_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Home home;

    HomeFiles(Home home) {
        this.home = home;
    }

    /** A file as the list has it; the name comes last, since it may contain anything but a line break. */
    private record Listed(String sha256, long size, long modified, String name) {
        private static Listed parse(String line) {
            var parts = line.split("\t", 4);
            if (parts.length < 4) throw new IllegalArgumentException("The list of files is unreadable: " + line);
            return new Listed(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[3]);
        }

        private String line() {
            return String.join("\t", sha256, Long.toString(size), Long.toString(modified), name);
        }
    }

    /** A new file that only its owner may read. */
    static OutputStream own(Path file) throws IOException {
        return Channels.newOutputStream(Files.newByteChannel(file, Set.of(CREATE_NEW, WRITE), OWN_FILE));
    }

    /** @return a file that is there already */
    Optional<Path> any() throws IOException {
        try (var files = walk()) {
            return files.findFirst();
        }
    }

    /** @param leftOut is told of each link: what it leads to may not be whose it lies with */
    Manifest.HomeList copyTo(Path folder, Consumer<Path> leftOut) throws IOException {
        var digest = Hashed.sha256();
        long count = 0;
        long bytes = 0;
        try (var out = new DigestOutputStream(own(folder.resolve(LIST)), digest);
                var list =
                        new BufferedWriter(new OutputStreamWriter(new GZIPOutputStream(out), StandardCharsets.UTF_8));
                var files = walk()) {
            for (var file : (Iterable<Path>) files::iterator) {
                var listed = copy(file, folder.resolve("files"));
                if (listed.isEmpty()) continue;
                list.append(listed.get().line()).append('\n');
                count++;
                bytes += listed.get().size();
            }
        }
        try (var links = all().filter(Files::isSymbolicLink)) {
            links.forEach(leftOut);
        }
        return new Manifest.HomeList(count, bytes, Hashed.hex(digest));
    }

    /** @return empty if it was removed meanwhile */
    private Optional<Listed> copy(Path file, Path to) throws IOException {
        var name = home.path().relativize(file).toString();
        if (name.contains("\n") || name.contains("\r")) {
            throw new IllegalArgumentException("A file's name has a line break, and is not kept: " + file);
        }
        var target = to.resolve(name);
        Files.createDirectories(target.getParent(), OWN_FOLDER);
        try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
                var out = own(target)) {
            var modified = Files.getLastModifiedTime(file).toMillis();
            var sha256 = Hashed.copy(in, out);
            return Optional.of(new Listed(sha256, Files.size(target), modified, name));
        } catch (NoSuchFileException removed) {
            Files.deleteIfExists(target);
            return Optional.empty();
        }
    }

    /** Whether each file of a backup is as the list says. */
    void check(Path folder, Manifest manifest, LongConsumer checked) throws IOException {
        var list = folder.resolve(LIST);
        if (!Files.exists(list) || !Hashed.of(list).equals(manifest.files().sha256())) throw Manifest.damaged(list);
        long bytes = 0;
        try (var lines = lines(folder)) {
            for (var listed : (Iterable<Listed>) lines.lines().map(Listed::parse)::iterator) {
                var file = inside(folder.resolve("files"), listed.name());
                if (!Files.exists(file) || !Hashed.of(file).equals(listed.sha256())) throw Manifest.damaged(file);
                bytes += listed.size();
                checked.accept(bytes);
            }
        }
    }

    void restore(Path folder, LongConsumer restored) throws IOException {
        long bytes = 0;
        try (var lines = lines(folder)) {
            for (var listed : (Iterable<Listed>) lines.lines().map(Listed::parse)::iterator) {
                var target = inside(home.path(), listed.name());
                Files.createDirectories(target.getParent(), OWN_FOLDER);
                try (var in = Files.newInputStream(folder.resolve("files").resolve(listed.name()));
                        var out = own(target)) {
                    if (!Hashed.copy(in, out).equals(listed.sha256())) throw Manifest.damaged(target);
                }
                Files.setLastModifiedTime(target, FileTime.fromMillis(listed.modified()));
                bytes += listed.size();
                restored.accept(bytes);
            }
        }
    }

    private static BufferedReader lines(Path folder) throws IOException {
        var list = new GZIPInputStream(Files.newInputStream(folder.resolve(LIST)));
        return new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8));
    }

    private static Path inside(Path folder, String name) {
        var path = folder.resolve(name).normalize();
        if (!path.startsWith(folder)) throw new IllegalArgumentException("A file leads out of its folder: " + name);
        return path;
    }

    private Stream<Path> walk() throws IOException {
        return all().filter(file -> !file.getFileName().toString().startsWith("."))
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    }

    private Stream<Path> all() throws IOException {
        return Files.list(home.path())
                .filter(entry -> !belongsToServer(entry.getFileName().toString()))
                .sorted()
                .flatMap(HomeFiles::within);
    }

    /** A folder right under POSTPAID_HOME may be a link to another disk; deeper, where others may write, none is followed. */
    private static Stream<Path> within(Path entry) {
        try {
            if (!Files.isSymbolicLink(entry) || !Files.isDirectory(entry)) return Files.walk(entry);
            var real = entry.toRealPath();
            return Files.walk(real)
                    .map(file -> entry.resolve(real.relativize(file)))
                    .filter(file -> !file.equals(entry));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server's own folder, its program and log, and the files by which processes share it. */
    private static boolean belongsToServer(String first) {
        return first.equals("postgres") || first.startsWith("postgres.") || first.startsWith("postgres-");
    }
}
