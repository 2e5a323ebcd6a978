package io.postpaid.payments.charging;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.batch.Alone;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Charges at the rate that is set, with what memory, as {@code -Dtest=RateBenchmark -Dcharges=10000 -Drate=100} has it.
 * Run by hand: how near it comes to the rate depends on the machine.
 */
class RateBenchmark {
    @Test
    void charge(@TempDir Path home) {
        int charges = Integer.getInteger("charges", 1_000);
        int rate = Integer.getInteger("rate", 100);
        try (var world = new World(home, Map.of("POSTPAID_STRIPE_RATE", Integer.toString(rate)))) {
            for (int n = 0; n < charges; n++) {
                world.account("a" + n, "pm_card_visa");
                world.invoice("a" + n, "10.00");
            }
            Alone.run(world.application, World.monthly(), world.application.get(Cards.class)::wanted);
            tell("cards attached, used memory %,d MB", usedMegabytes());
            long began = System.nanoTime();
            var done = Alone.run(world.application, World.monthly(), world.collecting()::untried);
            var took = Duration.ofNanos(System.nanoTime() - began);
            assertThat(done.written()).isEqualTo(charges);
            tell(
                    "%,d charges in %,d ms: %.1f/s of %d, used memory %,d MB",
                    charges, took.toMillis(), charges * 1000.0 / took.toMillis(), rate, usedMegabytes());
        }
    }

    private static long usedMegabytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }

    private static void tell(String format, Object... arguments) {
        System.out.println(format.formatted(arguments));
    }
}
