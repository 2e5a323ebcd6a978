package io.postpaid.bench;

import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The usage that a run is measured with.
 *
 * @param file the month as NDJSON.gz
 * @param another opens a second database of the same shape, for bare work that writes
 */
record Month(long records, int accounts, Path file, Path folder, Supplier<World> another) {}
