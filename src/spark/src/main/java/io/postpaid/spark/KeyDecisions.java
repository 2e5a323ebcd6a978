package io.postpaid.spark;

import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Decides on lines that come in the order of their keys, and of file and line below that. Rows are changed where they lie:
 * Spark's window functions decide the same, and copy each row twice for it.
 */
final class KeyDecisions implements Iterator<InternalRow> {
    private static final int VERDICT = Lines.at("verdict");
    private static final int FILE = Lines.at("file");
    private static final int LINE = Lines.at("line");
    private static final int K1 = Lines.at("k1");
    private static final int K2 = Lines.at("k2");
    private static final int CONTENT = Lines.at("content");
    private static final int FIRST_FILE = Lines.at("first_file");
    private static final int FIRST_LINE = Lines.at("first_line");

    /** What an earlier run holds for the key stands behind the columns of a line. */
    private static final int HELD = Lines.COLUMNS;

    /** A duplicate is counted and never read again. */
    private static final int[] BULKY = Stream.of("source", "id", "operation", "metadata")
            .flatMapToInt(name -> IntStream.of(Lines.at(name)))
            .toArray();

    private final Iterator<InternalRow> rows;
    private boolean any;
    private long k1;
    private long k2;
    private long content;
    private int file;
    private long line;

    KeyDecisions(Iterator<InternalRow> rows) {
        this.rows = rows;
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public InternalRow next() {
        var row = rows.next();
        if (row.getByte(VERDICT) == Lines.ACCEPTED) decide(row);
        return row;
    }

    private void decide(InternalRow row) {
        boolean held = !row.isNullAt(HELD);
        boolean first = !any || row.getLong(K1) != k1 || row.getLong(K2) != k2;
        if (first) remember(row, held);
        if (row.getLong(CONTENT) != content) {
            row.setByte(VERDICT, Lines.CONFLICT);
            if (held) return;
            // Who was first with a key is kept where another is refused for it.
            row.setInt(FIRST_FILE, file);
            row.setLong(FIRST_LINE, line);
        } else if (held || !first) {
            row.setByte(VERDICT, Lines.DUPLICATE);
            for (int column : BULKY) row.setNullAt(column);
        }
    }

    private void remember(InternalRow row, boolean held) {
        any = true;
        k1 = row.getLong(K1);
        k2 = row.getLong(K2);
        content = row.getLong(held ? HELD : CONTENT);
        file = row.getInt(FILE);
        line = row.getLong(LINE);
    }
}
