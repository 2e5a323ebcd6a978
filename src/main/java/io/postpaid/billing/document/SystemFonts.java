package io.postpaid.billing.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The fonts of the machine. They are looked at when a text has a character that no font of the layout has, and not before:
 * most invoices never need them.
 */
final class SystemFonts {
    private static final int DEEPEST = 8;

    private final List<Path> folders;
    private final SecureRandom prefixes;
    private final Map<FontFace, Optional<PrintFont>> loaded = new ConcurrentHashMap<>();
    private final Map<Path, byte[]> files = new ConcurrentHashMap<>();
    private volatile Index index = new Index(List.of(), List.of());

    /** What was found, and the state of the folders at that time. */
    private record Index(List<String> state, List<List<FontFace>> faces, Map<Wanted, List<FontFace>> ordered) {
        Index(List<String> state, List<List<FontFace>> faces) {
            this(state, faces, new ConcurrentHashMap<>());
        }
    }

    /** A weight and the country whose forms of Chinese characters come first. */
    private record Wanted(boolean bold, HanForms forms) {}

    /** @param folders the preferred first; those that are not there are passed over */
    SystemFonts(List<Path> folders, SecureRandom prefixes) {
        this.folders = List.copyOf(folders);
        this.prefixes = prefixes;
    }

    /** The most fitting font that has all these characters. */
    Optional<PrintFont> find(int[] characters, boolean bold, FontChoice choice) {
        var wanted = new Wanted(bold, choice.forms());
        var found = look(characters, wanted, choice);
        // A font that was installed since is found without a restart.
        return found.isEmpty() && readAgain() ? look(characters, wanted, choice) : found;
    }

    private Optional<PrintFont> look(int[] characters, Wanted wanted, FontChoice choice) {
        var now = index;
        // A font that is named after the script was made for it; others may have a few of its characters.
        var script = Character.UnicodeScript.of(characters[0]).name();
        var faces = now.ordered().computeIfAbsent(wanted, key -> order(now.faces(), key)).stream()
                .filter(face -> choice.allows(face) && hasAll(face, characters))
                .toList();
        return Stream.concat(
                        faces.stream()
                                .filter(face ->
                                        face.name().toUpperCase(Locale.ROOT).contains(script)),
                        faces.stream())
                .flatMap(face -> load(face).stream())
                .filter(choice::allows)
                .findFirst();
    }

    private synchronized boolean readAgain() {
        var state = folders.stream().flatMap(SystemFonts::state).toList();
        if (state.equals(index.state())) return false;
        index = new Index(state, folders.stream().map(SystemFonts::faces).toList());
        return true;
    }

    /** Installing or removing a font changes the time of its folder. */
    private static Stream<String> state(Path folder) {
        return walk(folder)
                .filter(Files::isDirectory)
                .map(each -> each + " " + each.toFile().lastModified());
    }

    private static boolean hasAll(FontFace face, int[] characters) {
        for (int character : characters) if (!face.has(character)) return false;
        return true;
    }

    /** The same order on every machine, as far as it has the same fonts. */
    private static List<FontFace> order(List<List<FontFace>> folders, Wanted wanted) {
        var order = Comparator.comparingInt((FontFace face) -> kind(face.name()))
                .thenComparing(face -> face.slanted() || face.narrow())
                .thenComparingInt(face -> wanted.forms().distance(face.name()))
                .thenComparingInt(face -> Math.abs(face.weight() - (wanted.bold() ? 700 : 400)))
                .thenComparing(FontFace::name)
                .thenComparing(FontFace::file);
        return folders.stream().flatMap(faces -> faces.stream().sorted(order)).toList();
    }

    /** Sans-serif goes with the layout's own font; fonts for code, formulas and screens come last. */
    private static int kind(String name) {
        var words = List.of(name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+"));
        if (words.stream().anyMatch(List.of("mono", "ui", "display", "math", "unifont", "lastresort")::contains)) {
            return 3;
        }
        if (words.contains("serif")) return 2;
        return words.contains("noto") && words.contains("sans") ? 0 : 1;
    }

    private static List<FontFace> faces(Path folder) {
        return walk(folder)
                .filter(file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(ttf|otf|ttc)"))
                .flatMap(file -> FontFace.of(file).stream())
                .toList();
    }

    private static Stream<Path> walk(Path folder) {
        if (!Files.isDirectory(folder)) return Stream.of();
        try (var files = Files.walk(folder, DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
            return files.sorted().toList().stream();
        } catch (IOException | UncheckedIOException e) {
            return Stream.of(); // a folder that cannot be read has no fonts for us
        }
    }

    private Optional<PrintFont> load(FontFace face) {
        return loaded.computeIfAbsent(face, wanted -> {
            try {
                return Optional.of(PrintFont.ofMachine(wanted, bytes(wanted.file()), prefixes));
            } catch (IOException | RuntimeException e) {
                return Optional.empty(); // the next font is tried
            }
        });
    }

    /** The fonts of a collection share its bytes: those of Chinese, Japanese and Korean have 20 MB. */
    private byte[] bytes(Path file) throws IOException {
        var known = files.get(file);
        if (known != null) return known;
        var bytes = Files.readAllBytes(file);
        if (file.toString().endsWith(".ttc")) files.put(file, bytes);
        return bytes;
    }
}
