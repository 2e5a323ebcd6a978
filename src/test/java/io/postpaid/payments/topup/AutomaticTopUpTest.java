package io.postpaid.payments.topup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.account.Accounts;
import io.postpaid.account.CardsOnFile;
import io.postpaid.books.report.Verification;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.GrantKind;
import io.postpaid.gate.Decision;
import io.postpaid.gate.Gate;
import io.postpaid.payments.charging.World;
import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.Run;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.Killed;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credit buys itself once where it is wanted, whoever sees at the same time that little is left, and whatever dies. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AutomaticTopUpTest {
    private static final String VISA = "pm_card_visa";
    private static final String POOR = "pm_card_visa_chargeDeclinedInsufficientFunds";
    private static final String ABSENT = "pm_card_authenticationRequired";
    private static final Set<String> PROVED =
            Set.of("top-ups", "automatic-top-ups", "money-in", "grants", "charged-once", "account-balance", "notices");

    private World world;
    private int accounts;
    private String acme;

    @BeforeAll
    void start(@TempDir Path home) throws IOException {
        world = new World(home, Map.of());
        world.application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products:
                  image: {unit: image}
                prices:
                  - {product: image, effective_from: 2026-01-01, amount: "0.25"}
                """));
    }

    @AfterAll
    void stop() {
        world.close();
    }

    @BeforeEach
    void anotherAccount() {
        acme = "auto-" + ++accounts;
        world.application.moveTo(World.morning(World.ISSUED));
    }

    @AfterEach
    void prove() {
        world.gateway.loseCall = null;
        world.gateway.loseAnswerOf = null;
        world.application.crashes.revive();
        world.jdbc.sql("update automatic_top_up set active = false").update();
        world.resolveTopUps();
        assertThat(world.application.get(Verification.class).run().stream()
                        .filter(check -> PROVED.contains(check.name()) && !check.holds())
                        .flatMap(check -> check.examples().stream()))
                .isEmpty();
    }

    private AutomaticTopUps automatic() {
        return world.application.get(AutomaticTopUps.class);
    }

    private void wants(String card, String threshold, String amount, String most) {
        world.account(acme, card);
        world.attach(acme);
        automatic().turnOn(acme, new BigDecimal(threshold), new BigDecimal(amount), new BigDecimal(most));
    }

    private List<String> rows() {
        return world.jdbc
                .sql("select status from top_up where account = ? order by id")
                .param(acme)
                .query(String.class)
                .list();
    }

    private AutomaticSettings.Wanted settings() {
        return world.application.get(AutomaticSettings.class).find(acme).orElseThrow();
    }

    private void later(Duration time) {
        world.application.moveTo(World.morning(World.ISSUED).plus(time));
    }

    private void atOnce(int times, Callable<?> task) throws Exception {
        var tasks = new ArrayList<Callable<Object>>();
        for (int n = 0; n < times; n++) tasks.add(task::call);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(tasks)) done.get();
        }
    }

    @Test
    void itIsOffUnlessItIsTurnedOn() {
        world.account(acme, VISA);
        world.attach(acme);
        automatic().work();
        assertThat(rows()).isEmpty();
        automatic().turnOn(acme, BigDecimal.TEN, new BigDecimal("25"), new BigDecimal("100"));
        world.application.get(AutomaticSettings.class).turnOff(acme, "");
        automatic().work();
        assertThat(rows()).isEmpty();
        assertThat(world.jdbc
                        .sql(
                                "select event || ': ' || detail from account_event where account = ? and event like 'AUTO%' order by id")
                        .param(acme)
                        .query(String.class)
                        .list())
                .containsExactly(
                        "AUTOMATIC_TOP_UP_ON: below 10 buy 25, at most 100 a month, by customer",
                        "AUTOMATIC_TOP_UP_OFF: by customer");
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({"0,25,100", "10,0.49,100", "10,10000.01,20000", "10,25,24.99", "10.001,25,100"})
    void whatCannotBeIsRefused(String threshold, String amount, String most) {
        assertThatThrownBy(() -> wants(VISA, threshold, amount, most)).isInstanceOf(IllegalArgumentException.class);
        assertThat(world.application.get(AutomaticSettings.class).find(acme)).isEmpty();
    }

    @Test
    void withoutACardItCannotBeTurnedOn() {
        world.account(acme, null);
        assertThatThrownBy(() -> automatic().turnOn(acme, BigDecimal.TEN, BigDecimal.TEN, BigDecimal.TEN))
                .hasMessageContaining("no card on file");
    }

    @Test
    void manyCallsThatCrossTheThresholdAtOnceBuyOnce() throws Exception {
        wants(VISA, "10", "25", "100");
        world.application.get(CreditLedger.class).grant(acme, new BigDecimal("12"), GrantKind.PROMO, null);
        automatic().work();
        assertThat(rows()).isEmpty();
        var gate = world.application.get(Gate.class);
        atOnce(20, () -> {
            var call = (Decision.Admitted)
                    gate.authorize(acme, java.util.UUID.randomUUID().toString(), "image", BigDecimal.ONE);
            gate.settle(acme, call.call().id(), BigDecimal.ONE);
            automatic().work();
            return null;
        });
        automatic().work();
        assertThat(rows()).containsExactly("SUCCEEDED");
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 2500");
    }

    @Test
    void aTopUpThatLeavesCreditBelowTheThresholdIsNotWanted() {
        assertThatThrownBy(() -> wants(VISA, "100", "5", "500"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least the threshold");
    }

    @Test
    void theMostAMonthIsNeverExceeded() throws Exception {
        wants(VISA, "25", "25", "60");
        // As if all that is bought were used at once.
        world.jdbc
                .sql("update automatic_top_up set threshold = 1000 where account = :account")
                .param("account", acme)
                .update();
        atOnce(16, () -> {
            automatic().work();
            return null;
        });
        automatic().work();
        automatic().work();
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 2500", "succeeded 2500");
        later(Duration.ofDays(30));
        automatic().work();
        assertThat(rows()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {POOR, ABSENT})
    void aPaymentThatFailsTurnsItOffAndIsMailed(String card) {
        wants(card, "10", "25", "100");
        automatic().work();
        automatic().work();
        assertThat(rows()).containsExactly(card.equals(POOR) ? "DECLINED" : "NEEDS_CUSTOMER");
        assertThat(world.chargesAtStripe(acme)).containsExactly("failed 2500");
        assertThat(settings().active()).isFalse();
        assertThat(settings().offBecause()).isNotBlank();
        assertThat(world.notices(acme)).singleElement().asString().startsWith("automatic-top-up-off top-up/");

        // A new card and a new wish begin anew.
        world.payments().newCard(acme, VISA);
        automatic().turnOn(acme, BigDecimal.TEN, new BigDecimal("25"), new BigDecimal("25"));
        automatic().work();
        assertThat(world.chargesAtStripe(acme)).containsExactly("failed 2500", "succeeded 2500");
        assertThat(settings().offBecause()).isEmpty();
    }

    @Test
    void whatIsNotKnownIsNotDoubled() {
        wants(VISA, "10", "25", "100");
        world.gateway.loseAnswerOf = "confirm";
        automatic().work();
        assertThat(rows()).containsExactly("UNKNOWN");
        automatic().work();
        automatic().resume();
        assertThat(rows()).containsExactly("UNKNOWN");
        later(Duration.ofMinutes(3));
        world.gateway.loseAnswerOf = null;
        automatic().resume();
        automatic().work();
        assertThat(rows()).containsExactly("SUCCEEDED");
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 2500");
    }

    @Test
    void whoeverDiesBetweenRowAndChargeIsFollowed() {
        wants(VISA, "10", "25", "100");
        assertThat(automatic().claim(acme)).isPresent();
        assertThat(automatic().claim(acme)).isEmpty();
        automatic().work();
        assertThat(rows()).containsExactly("CLAIMED");
        assertThat(world.chargesAtStripe(acme)).isEmpty();
        later(Duration.ofMinutes(3));
        automatic().resume();
        assertThat(rows()).containsExactly("SUCCEEDED");
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 2500");
    }

    /** What makes a top-up that waits one that nobody wants. */
    enum Unwanted {
        OFF,
        SUSPENDED,
        NO_CARD
    }

    @ParameterizedTest
    @EnumSource
    void whatWasNotSentIsNotChargedOnceItIsNotWanted(Unwanted why) {
        for (var lost : new String[] {"", "create", "confirm"}) {
            acme = "auto-" + ++accounts;
            world.application.moveTo(World.morning(World.ISSUED));
            wants(VISA, "10", "25", "100");
            world.gateway.loseCall = lost;
            if (lost.isEmpty()) {
                assertThat(automatic().claim(acme)).isPresent();
            } else {
                automatic().work();
            }
            world.gateway.loseCall = null;
            make(why);

            later(Duration.ofMinutes(3));
            automatic().resume();
            automatic().work();

            assertThat(rows()).as("%s lost", lost).containsExactly("NOT_EXECUTED");
            assertThat(world.chargesAtStripe(acme)).isEmpty();
            assertThat(world.notices(acme)).isEmpty();
            assertThat(settings().active()).isEqualTo(why != Unwanted.OFF);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasSentIsResolvedThoughItIsNotWantedAnyMore(Unwanted why) {
        wants(VISA, "10", "25", "100");
        world.gateway.loseAnswerOf = "confirm";
        automatic().work();
        world.gateway.loseAnswerOf = null;
        make(why);

        later(Duration.ofMinutes(3));
        automatic().resume();

        assertThat(rows()).containsExactly("SUCCEEDED");
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 2500");
    }

    @Test
    void whoHasTurnedItOffIsNotMailedThatADeclineHas() {
        wants(POOR, "10", "25", "100");
        world.gateway.loseAnswerOf = "confirm";
        automatic().work();
        world.gateway.loseAnswerOf = null;
        make(Unwanted.OFF);

        later(Duration.ofMinutes(3));
        automatic().resume();

        assertThat(rows()).containsExactly("DECLINED");
        assertThat(settings().offBecause()).isEmpty();
        assertThat(world.notices(acme)).isEmpty();
    }

    private void make(Unwanted why) {
        var all = world.application.get(Accounts.class);
        switch (why) {
            case OFF -> world.application.get(AutomaticSettings.class).turnOff(acme, "");
            case SUSPENDED -> all.suspend(acme, "a test");
            case NO_CARD ->
                world.application
                        .get(CardsOnFile.class)
                        .detached(
                                acme,
                                Objects.requireNonNull(all.get(acme).card()).paymentMethod());
        }
    }

    @Test
    void whatIsWrongWithOneAccountKeepsNoOther() {
        var number = ++accounts;
        var ids = List.of("auto-a" + number, "auto-b" + number, "auto-c" + number);
        for (var id : ids) {
            acme = id;
            wants(VISA, "10", "25", "25");
        }
        world.jdbc.sql("""
                        create function poison_bought() returns trigger language plpgsql as $$
                        begin
                            if new.account like 'auto-a%' then raise exception 'poison'; end if;
                            return new;
                        end $$;
                        create trigger a_poison before insert on top_up for each row execute function poison_bought()""").update();
        try {
            automatic().work();
            acme = ids.get(1);
            assertThat(rows()).containsExactly("SUCCEEDED");
            acme = ids.get(2);
            assertThat(rows()).containsExactly("SUCCEEDED");
            Alone.hold(world.application, new Run("nightly", World.ISSUED, 1), automatic()::due);
            acme = ids.get(0);
            assertThat(rows()).isEmpty();
        } finally {
            world.jdbc
                    .sql("drop trigger a_poison on top_up; drop function poison_bought")
                    .update();
        }
        var run = new Run("nightly", World.ISSUED, 2);
        assertThat(Alone.step(world.application, "automaticTopUpsStep", run).written())
                .isEqualTo(1);
        assertThat(rows()).containsExactly("SUCCEEDED");
    }

    /** At each point of a purchase the process dies; another one goes on, and it is charged once. */
    @Test
    void whereverItDiesItIsChargedOnce() {
        long points = Long.MAX_VALUE;
        for (long point = 0; point <= points; point += 3) {
            acme = "auto-" + ++accounts;
            world.application.moveTo(World.morning(World.ISSUED));
            wants(VISA, "10", "25", "25");
            world.application.crashes.killAfter(point);
            try {
                automatic().work();
                points = world.application.crashes.passed();
            } catch (Killed dead) {
                assertThat(dead).isNotNull();
            }
            world.application.crashes.revive();
            later(Duration.ofMinutes(3));
            automatic().resume();
            automatic().work();
            assertThat(rows()).as("died at %d", point).containsExactly("SUCCEEDED");
            assertThat(world.chargesAtStripe(acme)).as("died at %d", point).containsExactly("succeeded 2500");
            assertThat(world.application.get(Accounts.class).get(acme).card()).isNotNull();
        }
    }
}
