package io.postpaid.payments.charging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.support.Crashes;
import io.postpaid.support.Killed;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Wherever the process dies, the next one ends with one charge, one settlement and one notice. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashTest {
    private static final int SCHEDULES = 50;
    private static final int TOGETHER = 3;

    private World world;
    private int accounts;

    @BeforeAll
    void start(@TempDir Path home) {
        world = new World(home, Map.of());
    }

    @AfterAll
    void stop() {
        world.close();
    }

    /** One crash at each point of the way, from the wanted card to the recorded outcome. */
    @Test
    void everyPointOfTheWayMayBeTheLast() {
        var fine = story("pm_card_visa", () -> {});
        long points = fine.points;
        assertThat(points).isGreaterThan(40);
        for (long point = 0; point < points; point++) {
            long at = point;
            var crashed = story("pm_card_visa", () -> world.application.crashes.killAfter(at));
            crashed.mustHavePaidOnce("killed at point " + point);
        }
    }

    /** The same for invoices that are charged together. */
    @Test
    void everyPointMayBeTheLastOfSeveralTogether() {
        long points = together(() -> {}).getFirst().points;
        assertThat(points).isGreaterThan(40);
        for (long point = 0; point < points; point += Crashes.STEP) {
            long at = point;
            together(() -> world.application.crashes.killAfter(at))
                    .forEach(crashed -> crashed.mustHavePaidOnce("killed at point " + at));
        }
    }

    /** Several crashes one after the other, at random points, over all families of cards. */
    @TestFactory
    Stream<DynamicTest> anyScheduleOfCrashes() {
        var seed = Long.getLong("seed");
        var seeds = seed == null ? LongStream.range(0, SCHEDULES) : LongStream.of(seed);
        return seeds.mapToObj(n -> dynamicTest("seed " + n, () -> schedule(new Random(n))));
    }

    private void schedule(Random random) {
        var cards = List.of(
                "pm_card_visa", "pm_card_visa_chargeDeclinedInsufficientFunds", "pm_card_authenticationRequired");
        var card = cards.get(random.nextInt(cards.size()));
        int crashes = random.nextInt(1, 6);
        var account = "acme-" + ++accounts;
        world.application.moveTo(World.morning(World.ISSUED));
        world.account(account, card);
        var invoice = world.invoice(account, "10.00");
        for (int i = 0; i < crashes; i++) {
            world.application.crashes.killAfter(random.nextInt(80));
            charge();
        }
        world.application.crashes.revive();
        charge();
        // Each night may die as well; a night that was killed is run again.
        for (int night = 1; night <= 7; night++) {
            var date = World.ISSUED.plusDays(night);
            world.application.crashes.killAfter(random.nextInt(120));
            retry(date);
            world.application.crashes.revive();
            retry(date);
        }

        boolean good = card.equals("pm_card_visa");
        boolean retried = card.endsWith("InsufficientFunds");
        int tries = retried ? 4 : 1;
        assertThat(world.attempts(invoice)).hasSize(tries);
        assertThat(world.chargesAtStripe(account)).hasSize(tries);
        assertThat(world.notices(account)).hasSize(tries).doesNotHaveDuplicates();
        assertThat(world.settlements(invoice)).isEqualTo(good ? 1 : 0);
        assertThat(world.status(invoice)).isEqualTo(good ? "PAID" : "OPEN");
        world.jdbc
                .sql("update invoice set status = 'VOID' where status = 'OPEN'")
                .update();
    }

    private final class Story {
        private final String account;
        private final long invoice;
        private long points;

        private Story(String account, long invoice) {
            this.account = account;
            this.invoice = invoice;
        }

        void mustHavePaidOnce(String how) {
            assertThat(world.status(invoice)).as(how).isEqualTo("PAID");
            assertThat(world.attempts(invoice)).as(how).containsExactly("1 SUCCEEDED");
            assertThat(world.chargesAtStripe(account)).as(how).containsExactly("succeeded 1000");
            assertThat(world.settlements(invoice)).as(how).isEqualTo(1);
            assertThat(world.notices(account))
                    .as(how)
                    .containsExactly("payment-succeeded "
                            + world.application.get(Invoices.class).get(invoice).issuedNumber() + "/1");
        }
    }

    private Story story(String card, Runnable death) {
        return charged(List.of(story(card)), death).getFirst();
    }

    private List<Story> together(Runnable death) {
        return charged(
                Stream.generate(() -> story("pm_card_visa")).limit(TOGETHER).toList(), death);
    }

    private Story story(String card) {
        var account = "acme-" + ++accounts;
        world.account(account, card);
        return new Story(account, world.invoice(account, "10.00"));
    }

    private List<Story> charged(List<Story> stories, Runnable death) {
        world.application.crashes.revive();
        death.run();
        charge();
        long points = world.application.crashes.passed();
        stories.forEach(story -> story.points = points);
        world.application.crashes.revive();
        charge();
        return stories;
    }

    private void charge() {
        try {
            world.charge();
        } catch (Killed dead) {
            // Another process goes on.
        }
    }

    private void retry(LocalDate date) {
        try {
            world.application.moveTo(World.morning(date));
            world.retry(date);
        } catch (Killed dead) {
            // Another process goes on.
        }
    }
}
