package io.postpaid.platform.home;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** The folder POSTPAID_HOME, where all state lives. */
public record Home(Path path, Path documents) {
    /** Tells a folder from others, wherever it is mounted. */
    private static final String MARK = ".postpaid";

    /** With its documents in it. */
    public Home(Path path) {
        this(path, path.resolve("documents"));
    }

    /** @throws HomeUnusableException if it cannot be made, or nothing can be written there */
    public Home {
        path = path.toAbsolutePath().normalize();
        documents = documents.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            var probe = path.resolve(
                    ".probe-" + Long.toHexString(ThreadLocalRandom.current().nextLong()));
            Files.writeString(probe, "");
            Files.delete(probe);
        } catch (IOException e) {
            throw new HomeUnusableException(
                    "POSTPAID_HOME is " + path + ", where nothing can be written (" + e
                            + "): set it to a folder that this user may write to",
                    e);
        }
    }

    /** Whether the documents lie in no folder, as POSTPAID_DOCUMENTS has it. */
    public static boolean isBucket(String documents) {
        return documents.startsWith("s3:");
    }

    public Path inbox() {
        return folder("inbox");
    }

    @Override
    public Path documents() {
        return made(documents);
    }

    public Path reports() {
        return folder("reports");
    }

    public Path sandbox() {
        return folder("sandbox");
    }

    private Path folder(String name) {
        return made(path.resolve(name));
    }

    private static Path made(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new HomeUnusableException("Cannot make the folder " + folder + ": " + e, e);
        }
    }

    /** What the folder is marked with, from the first who asks on: who reads the same elsewhere has the same folder. */
    public static String mark(Path folder) {
        var mark = folder.resolve(MARK);
        try {
            if (!Files.exists(mark)) {
                var own = WholeFile.unfinished(mark);
                Files.writeString(own, UUID.randomUUID().toString());
                try {
                    Files.move(own, mark);
                } catch (FileAlreadyExistsException other) {
                    Files.delete(own);
                }
            }
            return Files.readString(mark);
        } catch (IOException e) {
            throw new HomeUnusableException("Cannot mark the folder " + folder + ": " + e, e);
        }
    }

    /** POSTPAID_HOME cannot be used; the message says why and what to do. */
    public static final class HomeUnusableException extends IllegalStateException {
        public HomeUnusableException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
