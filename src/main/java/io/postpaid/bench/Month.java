package io.postpaid.bench;

import java.nio.file.Path;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * The usage that a run is measured with.
 *
 * @param file the month as NDJSON.gz
 * @param worlds opens a database with so many accounts
 * @param serving opens one of the same shape, where the product also serves HTTP
 */
record Month(long records, int accounts, Path file, Path folder, IntFunction<World> worlds, Supplier<World> serving) {

    /** Opens a second database of the same shape, for bare work that writes. */
    Supplier<World> another() {
        return () -> worlds.apply(accounts);
    }
}
