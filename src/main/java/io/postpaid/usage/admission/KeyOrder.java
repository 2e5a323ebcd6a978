package io.postpaid.usage.admission;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/** Places by the keys that stand there, as PostgreSQL orders them: 128 bits without a sign. Those of one key stay in their own order. */
public final class KeyOrder {
    private KeyOrder() {}

    /** @param places to be put in order; none is changed */
    public static int[] of(int[] places, IntToLongFunction first, IntToLongFunction last) {
        // The first bits of the key with the place among the places in one number: sorted without a comparator.
        var order = new long[places.length];
        for (int n = 0; n < places.length; n++) {
            order[n] = (first.applyAsLong(places[n]) >>> 32 << 31) | n;
        }
        Arrays.parallelSort(order);
        var sorted = new int[places.length];
        for (int n = 0; n < sorted.length; n++) {
            sorted[n] = places[(int) (order[n] & Integer.MAX_VALUE)];
            // The few whose first bits are the same.
            for (int m = n;
                    m > 0
                            && order[m] >>> 31 == order[m - 1] >>> 31
                            && compare(sorted[m - 1], sorted[m], first, last) > 0;
                    m--) {
                int later = sorted[m - 1];
                sorted[m - 1] = sorted[m];
                sorted[m] = later;
            }
        }
        return sorted;
    }

    private static int compare(int left, int right, IntToLongFunction first, IntToLongFunction last) {
        int firsts = Long.compareUnsigned(first.applyAsLong(left), first.applyAsLong(right));
        return firsts != 0 ? firsts : Long.compareUnsigned(last.applyAsLong(left), last.applyAsLong(right));
    }
}
