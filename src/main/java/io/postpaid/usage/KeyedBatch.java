package io.postpaid.usage;

import io.postpaid.usage.ParsedLine.Fact;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Parsed lines with where they stand, their keys and content hashes: all that can be done without the database. */
final class KeyedBatch {
    private final int capacity;
    private final ParsedLine[] lines;
    private final long[] files;
    private final long[] numbers;
    private final @Nullable UUID[] keys;
    private final long[] contents;
    private int size;

    KeyedBatch(int capacity) {
        this.capacity = capacity;
        lines = new ParsedLine[capacity];
        files = new long[capacity];
        numbers = new long[capacity];
        keys = new UUID[capacity];
        contents = new long[capacity];
    }

    void add(long file, long number, ParsedLine line) {
        if (size == capacity) {
            throw new IllegalStateException("the batch is full with " + capacity + " lines");
        }
        lines[size] = line;
        files[size] = file;
        numbers[size] = number;
        if (line instanceof Fact fact) {
            keys[size] = UsageKey.of(fact.source(), fact.id());
            contents[size] = fact.contentHash();
        }
        size++;
    }

    /** These lines by the unsigned bits of their keys, as PostgreSQL orders them; those of one key in their own order. */
    int[] inOrderOfKeys(int[] some) {
        // The first bits of the key with the place among the lines in one number: sorted without a comparator.
        var order = new long[some.length];
        for (int n = 0; n < some.length; n++) {
            order[n] = (key(some[n]).getMostSignificantBits() >>> 32 << 31) | n;
        }
        Arrays.sort(order);
        var sorted = new int[some.length];
        for (int n = 0; n < sorted.length; n++) {
            sorted[n] = some[(int) (order[n] & Integer.MAX_VALUE)];
            // The few whose first bits are the same.
            for (int m = n; m > 0 && compare(key(sorted[m - 1]), key(sorted[m])) > 0; m--) {
                int later = sorted[m - 1];
                sorted[m - 1] = sorted[m];
                sorted[m] = later;
            }
        }
        return sorted;
    }

    private static int compare(UUID left, UUID right) {
        int first = Long.compareUnsigned(left.getMostSignificantBits(), right.getMostSignificantBits());
        return first != 0
                ? first
                : Long.compareUnsigned(left.getLeastSignificantBits(), right.getLeastSignificantBits());
    }

    int size() {
        return size;
    }

    ParsedLine line(int i) {
        return lines[i];
    }

    long file(int i) {
        return files[i];
    }

    long number(int i) {
        return numbers[i];
    }

    UUID key(int i) {
        UUID key = keys[i];
        if (key == null) {
            throw new IllegalStateException("line " + numbers[i] + " states no usage and so has no key");
        }
        return key;
    }

    long content(int i) {
        return contents[i];
    }
}
