package io.postpaid.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Opens text files that a user named. */
public final class InputFile {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private InputFile() {}

    /** What is done with the text of a file. */
    @FunctionalInterface
    public interface Reading<T> {
        T read(BufferedReader text) throws IOException;
    }

    /** @throws RefusedFileException if there is no such file, or it is not UTF-8 text */
    public static <T> T read(Path file, Reading<T> reading) {
        try {
            if (Files.isDirectory(file)) {
                throw new RefusedFileException(file + " is a directory: name a file", new IOException());
            }
            try (var text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                text.mark(1);
                if (text.read() != BYTE_ORDER_MARK) text.reset();
                return reading.read(text);
            }
        } catch (UncheckedIOException e) {
            throw refused(file, e.getCause() instanceof IOException cause ? cause : new IOException(e));
        } catch (IOException e) {
            throw refused(file, e);
        }
    }

    private static RefusedFileException refused(Path file, IOException e) {
        return new RefusedFileException(
                switch (e) {
                    case NoSuchFileException missing -> "There is no file " + file + ": check its name and folder";
                    case AccessDeniedException denied -> file + " cannot be read by this user: change its permissions";
                    case CharacterCodingException coding -> file + " is not UTF-8 text: convert it to UTF-8";
                    default -> file + " cannot be read: " + e.getMessage();
                },
                e);
    }
}
