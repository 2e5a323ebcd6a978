package io.postpaid.usage.format;

import java.io.IOException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The rows of a file that is no text of lines, as lines. */
public final class DocumentLines implements Lines {
    private static final int BATCH_BYTES = 8 << 20;

    private final RowSource rows;
    private final @Nullable LineIds ids;
    private long number;
    private long fingerprint;
    private @Nullable IOException torn;

    /** @param ids null where rows have ids of their own */
    public DocumentLines(RowSource rows, @Nullable LineIds ids) {
        this.rows = rows;
        this.ids = ids;
    }

    @Override
    public @Nullable LineBatch next(int maxLines) {
        var batch = new LineBatch();
        try {
            while (torn == null && batch.size() < maxLines && batch.length() < BATCH_BYTES) {
                byte[] row = rows.next();
                if (row == null) break;
                add(row, batch);
            }
        } catch (IOException e) {
            torn = e;
        }
        batch.fingerprint(fingerprint);
        return batch.size() == 0 ? null : batch;
    }

    private void add(byte[] row, LineBatch batch) {
        var crc = new CRC32C();
        crc.update(row, 0, row.length);
        fingerprint = fingerprint * 0x9E3779B97F4A7C15L + crc.getValue() + ((long) row.length << 32);
        if (ids != null) {
            ids.append(row, 0, row.length);
            ids.endLine();
            ids.endRecord();
        }
        boolean whole = row.length <= RawLines.LINE_LIMIT;
        int from = batch.length();
        batch.append(row, 0, whole ? row.length : RawLines.KEPT);
        batch.add(from, ++number, whole, false, ids == null ? null : ids.last());
    }

    @Override
    public @Nullable IOException torn() {
        return torn;
    }

    @Override
    public void close() {
        try {
            rows.close();
        } catch (IOException e) {
            // Nothing is written through it, and what was read is read.
            torn = torn == null ? e : torn;
        }
    }
}
