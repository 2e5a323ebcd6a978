package io.postpaid.usage.admission;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/** What has keys, as PostgreSQL orders them: 128 bits without a sign. What has the same key stays in its own order. */
final class KeyOrder {
    private KeyOrder() {}

    /** The places from 0 on, in the order of the keys there. */
    static int[] of(int count, IntToLongFunction first, IntToLongFunction last) {
        // The first bits of the key with its place in one number: sorted without a comparator.
        var order = new long[count];
        for (int n = 0; n < count; n++) order[n] = (first.applyAsLong(n) >>> 32 << 31) | n;
        Arrays.parallelSort(order);
        var places = new int[count];
        for (int n = 0; n < count; n++) {
            int place = (int) (order[n] & Integer.MAX_VALUE);
            int at = n;
            // Only for the few whose first bits are the same.
            while (at > 0 && isBehind(places[at - 1], place, first, last)) places[at] = places[--at];
            places[at] = place;
        }
        return places;
    }

    private static boolean isBehind(int one, int other, IntToLongFunction first, IntToLongFunction last) {
        int firsts = Long.compareUnsigned(first.applyAsLong(one), first.applyAsLong(other));
        return firsts > 0 || (firsts == 0 && Long.compareUnsigned(last.applyAsLong(one), last.applyAsLong(other)) > 0);
    }
}
