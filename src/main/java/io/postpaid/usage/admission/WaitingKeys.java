package io.postpaid.usage.admission;

import io.postpaid.platform.batch.CopyRows.RowWriter;
import java.util.Arrays;

/** Keys of a file that wait to be put in order. There are a million of them: their parts lie side by side, not in objects. */
final class WaitingKeys {
    private static final int PARTS = 4;

    /** Of each key the first and the last half, the hash of its content and its line. */
    private long[] parts = new long[PARTS << 14];

    private int[] days = new int[1 << 14];
    private int count;

    void add(Claim.Stated stated, long line) {
        if (count == days.length) {
            days = Arrays.copyOf(days, count * 2);
            parts = Arrays.copyOf(parts, count * 2 * PARTS);
        }
        int at = count * PARTS;
        parts[at] = stated.key.getMostSignificantBits();
        parts[at + 1] = stated.key.getLeastSignificantBits();
        parts[at + 2] = stated.content;
        parts[at + 3] = line;
        days[count++] = stated.epochDay;
    }

    /** The day of the key that was added last, 0 if there is none. */
    int lastDay() {
        return count == 0 ? 0 : days[count - 1];
    }

    boolean isEmpty() {
        return count == 0;
    }

    void clear() {
        count = 0;
    }

    /**
     * As rows of usage_key, in order.
     *
     * @throws KeyTaken if one is there twice
     */
    RowWriter rows(long file) {
        var ordered = KeyOrder.of(count, n -> parts[n * PARTS], n -> parts[n * PARTS + 1]);
        for (int i = 1; i < ordered.length; i++) {
            int key = ordered[i] * PARTS;
            int before = ordered[i - 1] * PARTS;
            if (parts[key] == parts[before] && parts[key + 1] == parts[before + 1]) throw new KeyTaken(null);
        }
        return rows -> {
            for (int n : ordered) {
                int at = n * PARTS;
                rows.row(5).uuid(parts[at], parts[at + 1]).int8(parts[at + 2]);
                rows.int8(file).int8(parts[at + 3]).date(days[n]);
            }
        };
    }
}
