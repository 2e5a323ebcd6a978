package io.postpaid.usage.admission;

import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Fact;
import io.postpaid.usage.record.UsageRecord;
import io.postpaid.usage.record.UsageVoid;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Parsed lines with where they stand, their keys and content hashes: all that can be done without the database. */
public final class KeyedBatch {
    private final int capacity;
    private final ParsedLine[] lines;
    private final long[] files;
    private final long[] numbers;
    private final @Nullable UUID[] keys;
    private final long[] contents;
    private int size;

    public KeyedBatch(int capacity) {
        this.capacity = capacity;
        lines = new ParsedLine[capacity];
        files = new long[capacity];
        numbers = new long[capacity];
        keys = new UUID[capacity];
        contents = new long[capacity];
    }

    public void add(long file, long number, ParsedLine line) {
        if (size == capacity) {
            throw new IllegalStateException("the batch is full with " + capacity + " lines");
        }
        lines[size] = line;
        files[size] = file;
        numbers[size] = number;
        if (line instanceof Fact fact) {
            keys[size] = fact.key();
            contents[size] = fact.contentHash();
        }
        size++;
    }

    public int[] inOrderOfKeys(int[] some) {
        return KeyOrder.of(some, i -> key(i).getMostSignificantBits(), i -> key(i).getLeastSignificantBits());
    }

    /** True if a line takes another back. */
    public boolean corrects() {
        for (int i = 0; i < size; i++) {
            if (lines[i] instanceof UsageVoid) {
                return true;
            }
        }
        return false;
    }

    public int size() {
        return size;
    }

    public ParsedLine line(int i) {
        return lines[i];
    }

    public long file(int i) {
        return files[i];
    }

    public long number(int i) {
        return numbers[i];
    }

    public UUID key(int i) {
        UUID key = keys[i];
        if (key == null) {
            throw new IllegalStateException("line " + numbers[i] + " states no usage and so has no key");
        }
        return key;
    }

    /** Null when the last line states no usage. */
    @Nullable
    public UUID lastKey() {
        return keys[size - 1];
    }

    public Instant occurredAt(int i) {
        return switch (lines[i]) {
            case UsageRecord usage -> usage.occurredAt();
            case UsageVoid correction -> correction.occurredAt();
            case ParsedLine.Malformed _ -> throw new IllegalStateException("line " + numbers[i] + " states no usage");
        };
    }

    public long content(int i) {
        return contents[i];
    }
}
