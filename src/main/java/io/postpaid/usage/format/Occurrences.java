package io.postpaid.usage.format;

import java.util.Arrays;

/**
 * Counts equal lines by the first 64 bits of their hashes. It keeps about 18 bytes for each different line of a file: where two
 * lines that differ had the same bits, the second of them would merely get another number.
 */
final class Occurrences {
    private static final int FIRST_SIZE = 1 << 10;

    private long[] hashes = new long[FIRST_SIZE];
    private int[] counts = new int[FIRST_SIZE];
    private int used;

    /** How many came before this one. */
    int before(long hash) {
        if (used > hashes.length / 3 * 2) grow();
        int place = place(hash);
        if (counts[place] == 0) {
            used++;
            hashes[place] = hash;
        }
        return counts[place]++;
    }

    void forget() {
        Arrays.fill(counts, 0);
        used = 0;
    }

    private int place(long hash) {
        int mask = hashes.length - 1;
        int place = (int) hash & mask;
        while (counts[place] != 0 && hashes[place] != hash) place = (place + 1) & mask;
        return place;
    }

    private void grow() {
        var oldHashes = hashes;
        var oldCounts = counts;
        hashes = new long[oldHashes.length * 2];
        counts = new int[oldCounts.length * 2];
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldCounts[i] == 0) continue;
            int place = place(oldHashes[i]);
            hashes[place] = oldHashes[i];
            counts[place] = oldCounts[i];
        }
    }
}
