package io.postpaid.usage.format;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.FileMetaData;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnProjection;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/** The rows of a Parquet file, with memory for a few pages of each column, however long the file is. */
public final class ParquetRows implements RowSource {
    private static final byte[] MAGIC = {'P', 'A', 'R', '1'};
    private static final int BATCH_ROWS = 1 << 10;

    static {
        // Eight decoded pages of each column are too many where a cost report has two hundred of them.
        System.setProperty("hardwood.internal.maxOutstanding", "2");
        // The same code unpacks gzip on every machine.
        System.setProperty("hardwood.uselibdeflate", "false");
    }

    private final ParquetFileReader file;
    private final @Nullable ColumnReaders columns;
    private final @Nullable ParquetField row;
    private final long rows;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 12);
    private long given;
    private int inBatch;
    private int next;

    /** Whether the file begins as one. */
    public static boolean is(Path path) throws IOException {
        try (var in = Files.newInputStream(path)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        }
    }

    public ParquetRows(Path path) throws IOException {
        ParquetFileReader opened = null;
        ColumnReaders reading = null;
        try {
            opened = ParquetFileReader.open(new Bytes(InputFile.of(path)));
            rows = rows(opened);
            ParquetField whole = null;
            if (rows > 0) {
                reading = opened.buildColumnReaders(ColumnProjection.all())
                        .batchSize(BATCH_ROWS)
                        .build();
                whole = ParquetField.of(opened.getFileSchema().getRootNode(), readers(reading));
            }
            file = opened;
            columns = reading;
            row = whole;
        } catch (Exception | OutOfMemoryError | StackOverflowError e) {
            // Its threads would wait for ever.
            if (reading != null) reading.close();
            if (opened != null) opened.close();
            throw broken(e);
        }
    }

    /** Of a page that reaches beyond its column the library reads nothing, again and again. */
    private record Bytes(InputFile file) implements InputFile {
        @Override
        public ByteBuffer readRange(long offset, int length) throws IOException {
            if (length <= 0) throw new EOFException("a page reaches beyond its column");
            return file.readRange(offset, length);
        }

        @Override
        public void open() throws IOException {
            file.open();
        }

        @Override
        public long length() throws IOException {
            return file.length();
        }

        @Override
        public String name() {
            return file.name();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private static ColumnReader[] readers(ColumnReaders columns) {
        return IntStream.range(0, columns.getColumnCount())
                .mapToObj(columns::getColumnReader)
                .toArray(ColumnReader[]::new);
    }

    /** The file says it twice, and each row group has all columns. */
    private static long rows(ParquetFileReader file) throws IOException {
        FileMetaData said = file.getFileMetaData();
        int columns = file.getFileSchema().getColumnCount();
        long sum = 0;
        for (RowGroup group : said.rowGroups()) {
            if (group.columns().size() != columns) throw new IOException("a row group has other columns than the file");
            sum = Math.addExact(sum, group.numRows());
        }
        if (sum != said.numRows() || sum < 0) {
            throw new IOException("it says it has " + said.numRows() + " rows, and its row groups have " + sum);
        }
        return sum;
    }

    @Override
    public byte @Nullable [] next() throws IOException {
        if (columns == null || row == null) return null;
        try {
            if (next == inBatch && !nextBatch(columns, row)) return null;
            line.reset();
            try (JsonGenerator json = JsonLines.JSON.createGenerator(ObjectWriteContext.empty(), line)) {
                row.write(next++, json);
            }
            given++;
            return line.toByteArray();
        } catch (RuntimeException | IOException | OutOfMemoryError | StackOverflowError e) {
            throw broken(e);
        }
    }

    private boolean nextBatch(ColumnReaders columns, ParquetField row) throws IOException {
        inBatch = columns.nextBatch() ? columns.getRecordCount() : 0;
        next = 0;
        // A reader that was interrupted ends as one does that is through.
        if (given + inBatch > rows || inBatch == 0 && given < rows) {
            throw new IOException(
                    "it says it has " + rows + " rows, and has " + (inBatch == 0 ? "" : "more than ") + given);
        }
        if (inBatch == 0) return false;
        row.turn();
        return true;
    }

    private static IOException broken(Throwable e) {
        Throwable cause = e;
        while (cause.getMessage() == null && cause.getCause() != null) cause = cause.getCause();
        String why = switch (cause) {
            case OutOfMemoryError _ -> "one of its pages does not fit into memory";
            case StackOverflowError _ -> "its columns are nested too deeply";
            default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        };
        return new IOException("the Parquet file can't be read: " + why, e);
    }

    @Override
    public void close() throws IOException {
        if (columns != null) columns.close();
        file.close();
    }
}
