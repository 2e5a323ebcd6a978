package io.postpaid.payments.statement;

import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.platform.file.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of bank statements that was read.
 *
 * @param sha256 tells it from every other file
 */
public record StatementFile(String sha256, Format format, List<BankStatement> statements) {
    private static final int BYTES_MAX = 32 << 20;
    private static final int LINES_MAX = 200_000;
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    /** How it is written. */
    public enum Format {
        CAMT053,
        MT940,
        CSV
    }

    /**
     * Reads a file.
     *
     * @param mapping how its columns are read, for CSV alone
     * @throws RefusedFileException if anything of it cannot be read, or its balances do not follow from its lines
     */
    public static StatementFile read(Path file, @Nullable Path mapping) {
        try {
            if (Files.size(file) > BYTES_MAX) throw new IllegalArgumentException("it has more than 32 MB");
            var bytes = Files.readAllBytes(file);
            var read = read(bytes, mapping == null ? null : CsvMapping.read(mapping));
            if (read.statements.isEmpty()) throw new IllegalArgumentException("it has no statement");
            if (read.statements.stream().mapToLong(one -> one.lines().size()).sum() > LINES_MAX) {
                throw new IllegalArgumentException("it has more than " + LINES_MAX + " lines: split it");
            }
            return read;
        } catch (IOException e) {
            throw new RefusedFileException(file, List.of(file + " cannot be read: " + e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new RefusedFileException(file, List.of(file + ": " + e.getMessage()));
        }
    }

    private static StatementFile read(byte[] bytes, @Nullable CsvMapping mapping) {
        var sha256 = Sha256.of(bytes);
        if (mapping != null) {
            return new StatementFile(
                    sha256, Format.CSV, List.of(CsvStatement.read(text(bytes, mapping.charset()), mapping)));
        }
        var text = text(bytes, StandardCharsets.UTF_8);
        if (text.stripLeading().startsWith("<")) {
            return new StatementFile(sha256, Format.CAMT053, Camt053.read(new ByteArrayInputStream(bytes)));
        }
        if (Mt940.looksLike(text)) return new StatementFile(sha256, Format.MT940, Mt940.read(text));
        throw new IllegalArgumentException(
                "it is neither camt.053 nor MT940: a CSV file needs --mapping, which says what its columns are");
    }

    /** Banks that do not write UTF-8 write Windows' Latin letters. */
    private static String text(byte[] bytes, Charset charset) {
        try {
            var text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            return WINDOWS.decode(ByteBuffer.wrap(bytes)).toString();
        }
    }
}
