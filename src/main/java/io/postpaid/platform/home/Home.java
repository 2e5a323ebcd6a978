package io.postpaid.platform.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** The folder POSTPAID_HOME, where all state lives. */
public record Home(Path path) {

    /** @throws HomeUnusableException if it cannot be made, or nothing can be written there */
    public Home {
        path = path.toAbsolutePath().normalize();
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

    public Path inbox() {
        return folder("inbox");
    }

    public Path documents() {
        return folder("documents");
    }

    public Path reports() {
        return folder("reports");
    }

    public Path sandbox() {
        return folder("sandbox");
    }

    private Path folder(String name) {
        try {
            return Files.createDirectories(path.resolve(name));
        } catch (IOException e) {
            throw new HomeUnusableException("Cannot make the folder " + path.resolve(name) + ": " + e, e);
        }
    }

    /** POSTPAID_HOME cannot be used; the message says why and what to do. */
    public static final class HomeUnusableException extends IllegalStateException {
        public HomeUnusableException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
