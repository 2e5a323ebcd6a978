package io.postpaid.bench;

import java.util.List;

/** One part of the product's work, measured beside the bare work that it is compared with. */
interface Stage {

    /** @param prefix names the timings: the whole month, or half of it */
    void measure(World world, Month month, Timings timings, String prefix) throws Exception;

    /** What was measured, where it stands on its own. */
    default List<Figure> figures(Month month, Timings timings) {
        return List.of();
    }
}
