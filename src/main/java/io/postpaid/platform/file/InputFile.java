package io.postpaid.platform.file;

import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Opens text files that a user named. */
public final class InputFile {
    private static final String FAULT = "it has a NUL character, and so is not text";
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
            try (var text = new BufferedReader(new WithoutNul(Files.newBufferedReader(file, StandardCharsets.UTF_8)))) {
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

    /** What no database keeps as text, and no person typed. */
    private static final class WithoutNul extends FilterReader {
        WithoutNul(Reader in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            if (next == 0) throw new IOException(FAULT);
            return next;
        }

        @Override
        public int read(char[] text, int offset, int length) throws IOException {
            int count = in.read(text, offset, length);
            for (int i = offset; i < offset + count; i++) if (text[i] == 0) throw new IOException(FAULT);
            return count;
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
