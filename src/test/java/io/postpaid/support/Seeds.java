package io.postpaid.support;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Properties over seeded cases: a failure prints its seed, and -Dseed=N replays that one case. */
public final class Seeds {
    private Seeds() {}

    public static Stream<DynamicTest> forAll(Consumer<Random> property) {
        var seed = Long.getLong("seed");
        var seeds = seed == null ? LongStream.range(0, 1_000) : LongStream.of(seed);
        return seeds.mapToObj(n -> dynamicTest("seed " + n, () -> property.accept(new Random(n))));
    }
}
