package io.postpaid.usage.format;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file (or its mapping) that cannot be read as a whole; the message is a sentence for the operator. */
public class UnreadableUsage extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnreadableUsage(String message) {
        this(message, null);
    }

    public UnreadableUsage(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public static UnreadableUsage of(Path file, IOException e) {
        return new UnreadableUsage(
                e instanceof NoSuchFileException
                        ? "There is no file " + file + ": check its name and folder"
                        : file + " cannot be read: " + e,
                e);
    }
}
