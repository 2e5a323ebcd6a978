package io.postpaid.usage.admission;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/** What has keys, as PostgreSQL orders them: 128 bits without a sign. What has the same key stays in its own order. */
final class KeyOrder {
    private KeyOrder() {}

    static <T> List<T> of(List<T> keyed, ToLongFunction<T> first, ToLongFunction<T> last) {
        // The first bits of the key with the place in the list in one number: sorted without a comparator.
        var order = new long[keyed.size()];
        for (int n = 0; n < order.length; n++) order[n] = (first.applyAsLong(keyed.get(n)) >>> 32 << 31) | n;
        Arrays.parallelSort(order);
        var sorted = new ArrayList<T>(order.length);
        for (long place : order) sorted.add(keyed.get((int) (place & Integer.MAX_VALUE)));
        // Only for the few whose first bits are the same.
        sorted.sort((one, other) -> {
            int firsts = Long.compareUnsigned(first.applyAsLong(one), first.applyAsLong(other));
            return firsts != 0 ? firsts : Long.compareUnsigned(last.applyAsLong(one), last.applyAsLong(other));
        });
        return sorted;
    }
}
