package io.postpaid.payments.charging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.mail.Mails;
import io.postpaid.payments.dunning.Chasing;
import io.postpaid.payments.stripe.PaymentOutcome;
import io.postpaid.payments.stripe.PaymentOutcome.AtBank;
import io.postpaid.payments.stripe.PaymentOutcome.Succeeded;
import io.postpaid.payments.stripe.PaymentOutcome.Unknown;
import io.postpaid.platform.batch.OutOfReachException;
import io.postpaid.platform.batch.Run;
import io.postpaid.support.Killed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Payments with the customer there, who confirms at the bank, or does not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagePaymentTest {
    private static final String ASKS = "pm_card_authenticationRequired";
    private static final int SEEDS = 40;

    private World world;
    private int accounts;
    private String acme;

    @BeforeAll
    void start(@TempDir Path home) {
        world = new World(home, Map.of());
    }

    @AfterAll
    void stop() {
        world.close();
    }

    @BeforeEach
    void anotherAccount() {
        acme = "acme-" + ++accounts;
        world.application.moveTo(World.morning(World.ISSUED));
    }

    /** What a story leaves open must not be taken up by the next. */
    @AfterEach
    void tidy() {
        world.application.crashes.revive();
        world.gateway.loseCall = null;
        world.gateway.loseAnswerOf = null;
        later(Duration.ofDays(30));
        resolveAbandoned();
        world.jdbc
                .sql("update invoice set status = 'VOID' where status = 'OPEN'")
                .update();
    }

    private PagePayments pages() {
        return world.application.get(PagePayments.class);
    }

    private Invoice open(String card) {
        world.account(acme, card);
        world.attach(acme);
        return world.application.get(Invoices.class).get(world.invoice(acme, "10.00"));
    }

    private @Nullable PaymentOutcome pay(Invoice invoice) {
        var card = Objects.requireNonNull(
                world.application.get(Accounts.class).get(acme).card());
        return pages().pay(invoice, card.paymentMethod(), "https://pay.test/back")
                .orElse(null);
    }

    /** Presses the button, and is led to the bank. */
    private String atBank(Invoice invoice) {
        var outcome = pay(invoice);
        assertThat(outcome).isInstanceOf(AtBank.class);
        return Objects.requireNonNull(((AtBank) outcome).url());
    }

    private Optional<PaymentOutcome> back(Invoice invoice) {
        return pages().back(invoice);
    }

    private void later(Duration time) {
        world.application.moveTo(World.morning(World.ISSUED).plus(time));
    }

    /** All that Stripe has to tell. */
    private void sweep(LocalDate day) {
        world.jdbc.sql("delete from stripe_sweep").update();
        world.sweep(day);
    }

    private void resolveAbandoned() {
        pages().resolveAbandoned();
    }

    @Test
    void aGoodCardPaysAtOnceAndOnce() {
        var invoice = open("pm_card_visa");

        assertThat(pay(invoice)).isInstanceOf(Succeeded.class);
        assertThat(pay(invoice)).isNull();

        assertThat(world.attempts(invoice.id())).containsExactly("1 SUCCEEDED");
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 1000");
        assertThat(world.notices(acme)).containsExactly("payment-succeeded " + invoice.number() + "/1");
    }

    @Test
    void whomTheBankAskedByNightConfirmsOnThePage() {
        var invoice = open(ASKS);
        world.charge();
        assertThat(world.notices(acme)).containsExactly("action-required " + invoice.number() + "/1");

        var url = atBank(invoice);
        assertThat(pages().waits(invoice)).isTrue();
        assertThat(Bank.confirm(url)).isEqualTo(303);
        assertThat(back(invoice).orElseThrow()).isInstanceOf(Succeeded.class);

        assertThat(world.status(invoice.id())).isEqualTo("PAID");
        assertThat(world.attempts(invoice.id())).containsExactly("1 NEEDS_CUSTOMER", "2 SUCCEEDED");
        assertThat(world.chargesAtStripe(acme)).containsExactly("failed 1000", "succeeded 1000");
    }

    @Test
    void whileThePageIsOpenNothingElseTriesTheInvoice() {
        var invoice = open(ASKS);
        var url = atBank(invoice);

        world.charge();
        world.retry(World.ISSUED.plusDays(1));
        world.payments().newCard(acme, "pm_card_visa");
        later(Duration.ofMinutes(29));
        resolveAbandoned();

        assertThat(world.attempts(invoice.id())).containsExactly("1 CLAIMED");
        assertThat(Bank.confirm(url)).isEqualTo(303);
        assertThat(back(invoice).orElseThrow()).isInstanceOf(Succeeded.class);
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 1000");
    }

    @Test
    void twoBrowsersAreLedToOnePage() {
        var invoice = open(ASKS);

        var first = atBank(invoice);
        var second = atBank(invoice);

        assertThat(second).isEqualTo(first);
        assertThat(Bank.confirm(first)).isEqualTo(303);
        assertThat(Bank.confirm(second)).isEqualTo(404);
        assertThat(pay(invoice)).isInstanceOf(Succeeded.class);
        assertThat(back(invoice)).isEmpty();
        assertThat(world.attempts(invoice.id())).containsExactly("1 SUCCEEDED");
    }

    @Test
    void aRefusalAtTheBankIsReadOnThePageAndMayBeTriedAgain() {
        var invoice = open(ASKS);

        Bank.fail(atBank(invoice));
        var refused = back(invoice).orElseThrow();
        assertThat(refused.sentence()).startsWith("Your bank did not confirm the payment.");
        Bank.fail(atBank(invoice));
        // Nobody comes back: the button does.
        var again = atBank(invoice);
        Bank.confirm(again);

        assertThat(back(invoice).orElseThrow()).isInstanceOf(Succeeded.class);
        assertThat(world.attempts(invoice.id())).containsExactly("1 NEEDS_CUSTOMER", "2 NEEDS_CUSTOMER", "3 SUCCEEDED");
        assertThat(world.notices(acme)).containsExactly("payment-succeeded " + invoice.number() + "/3");
    }

    @Test
    void whoComesBackWithoutAnAnswerIsLedToTheBankAgain() {
        var invoice = open(ASKS);
        var left = atBank(invoice);

        // The way back is a GET, which a reload repeats: it gives nothing up.
        for (int n = 0; n < 3; n++) assertThat(back(invoice).orElseThrow()).isInstanceOf(AtBank.class);
        assertThat(pages().waits(invoice)).isTrue();
        assertThat(atBank(invoice)).isEqualTo(left);

        assertThat(Bank.confirm(left)).isEqualTo(303);
        assertThat(back(invoice).orElseThrow()).isInstanceOf(Succeeded.class);
        for (int n = 0; n < 3; n++) assertThat(back(invoice)).isEmpty();
        assertThat(world.attempts(invoice.id())).containsExactly("1 SUCCEEDED");
        assertThat(world.settlements(invoice.id())).isEqualTo(1);
        assertThat(world.notices(acme)).containsExactly("payment-succeeded " + invoice.number() + "/1");
    }

    @Test
    void aPageThatIsLeftGivesWayAndALateConfirmationStillPaysOnce() {
        var invoice = open(ASKS);
        var url = atBank(invoice);

        later(Duration.ofMinutes(31));
        resolveAbandoned();
        assertThat(world.attempts(invoice.id())).containsExactly("1 NEEDS_CUSTOMER");

        assertThat(Bank.confirm(url)).isEqualTo(303);
        sweep(World.ISSUED.plusDays(1));
        assertThat(world.status(invoice.id())).isEqualTo("PAID");
        assertThat(world.settlements(invoice.id())).isEqualTo(1);
        assertThat(pay(invoice)).isNull();
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 1000");
    }

    @Test
    void aRunGoesOnWhereAPageWasLeft() {
        var invoice = open(ASKS);
        var url = atBank(invoice);
        world.payments().newCard(acme, "pm_card_visa");

        world.night(World.ISSUED.plusDays(1));

        assertThat(world.attempts(invoice.id())).containsExactly("1 NEEDS_CUSTOMER", "2 SUCCEEDED");
        assertThat(Bank.confirm(url)).isEqualTo(404);
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 1000");
    }

    @Test
    void whoLeavesTheBanksPageDoesNotEndWhatRunsTry() {
        var invoice = open(ASKS);
        atBank(invoice);
        later(Duration.ofMinutes(31));
        resolveAbandoned();

        world.charge();

        assertThat(world.attempts(invoice.id())).containsExactly("1 NEEDS_CUSTOMER", "2 NEEDS_CUSTOMER");
        assertThat(world.notices(acme)).containsExactly("action-required " + invoice.number() + "/2");
        // That try asked the bank without the customer: a further one would be blind.
        world.night(World.ISSUED.plusDays(1));
        assertThat(world.attempts(invoice.id())).hasSize(2);
    }

    @Test
    void whoHasConfirmedIsNotToldThatNothingWasCharged() {
        var invoice = open(ASKS);
        atBank(invoice);

        // Stripe may know of it before its intent shows it.
        assertThat(back(invoice).orElseThrow()).isInstanceOf(AtBank.class);

        assertThat(world.attempts(invoice.id())).containsExactly("1 CLAIMED");
    }

    @Test
    void anotherCardTakesThePlaceOfTheOneAtTheBank() {
        var invoice = open(ASKS);
        var url = atBank(invoice);
        world.payments().newCard(acme, "pm_card_mastercard");

        assertThat(pay(invoice)).isInstanceOf(Succeeded.class);

        assertThat(Bank.confirm(url)).isEqualTo(404);
        assertThat(world.attempts(invoice.id())).containsExactly("1 NEEDS_CUSTOMER", "2 SUCCEEDED");
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 1000");
    }

    @Test
    void anEventEndsWhatTheBrowserDoesNot() {
        var invoice = open(ASKS);
        Bank.fail(atBank(invoice));
        sweep(World.ISSUED);
        assertThat(world.attempts(invoice.id())).containsExactly("1 NEEDS_CUSTOMER");

        Bank.confirm(atBank(invoice));
        sweep(World.ISSUED);
        assertThat(world.attempts(invoice.id())).containsExactly("1 NEEDS_CUSTOMER", "2 SUCCEEDED");
        assertThat(back(invoice)).isEmpty();
    }

    @Test
    void anAnswerThatWasLostLeadsToTheSamePage() {
        var invoice = open(ASKS);
        world.gateway.loseAnswerOf = "confirm";
        assertThat(pay(invoice)).isInstanceOf(Unknown.class);
        world.gateway.loseAnswerOf = null;

        var url = atBank(invoice);

        assertThat(Bank.confirm(url)).isEqualTo(303);
        assertThat(back(invoice).orElseThrow()).isInstanceOf(Succeeded.class);
        assertThat(world.attempts(invoice.id())).containsExactly("1 SUCCEEDED");
    }

    @Test
    void noOtherCardIsChargedThanThePageShowed() {
        var invoice = open("pm_card_visa");

        assertThat(pages().pay(invoice, "pm_of_another_day", "https://pay.test/back"))
                .isEmpty();

        assertThat(world.attempts(invoice.id())).isEmpty();
        assertThat(world.chargesAtStripe(acme)).isEmpty();
    }

    @Test
    void aButtonTriesACardOnlySoOften() {
        var invoice = open("pm_card_visa_chargeDeclinedInsufficientFunds");
        for (int n = 0; n < 5; n++) {
            assertThat(Objects.requireNonNull(pay(invoice)).sentence()).startsWith("There was not enough money");
        }

        assertThatThrownBy(() -> pay(invoice)).isInstanceOf(PagePayments.TooOftenException.class);

        assertThat(world.chargesAtStripe(acme)).hasSize(5);
        later(Duration.ofMinutes(61));
        assertThat(pay(invoice)).isNotNull();
    }

    @Test
    void anOpenPageDoesNotPutOffASuspension() {
        var invoice = open(ASKS);
        world.charge();
        Mails.send(world.application, World.monthly());
        world.application.moveTo(World.morning(World.ISSUED.plusDays(7)));
        atBank(invoice);

        Chasing.advance(world.application, new Run("nightly", World.ISSUED.plusDays(7), 1));

        assertThat(world.application.get(Accounts.class).get(acme).status()).hasToString("SUSPENDED");
    }

    /** Presses, answers, comes back, leaves, nights and crashes in any order: nobody pays twice, and every end is found. */
    @TestFactory
    Stream<DynamicTest> anyMixOfPagesRunsAndCrashes() {
        var seed = Long.getLong("seed");
        var seeds = seed == null ? LongStream.range(0, Long.getLong("seeds", SEEDS)) : LongStream.of(seed);
        return seeds.mapToObj(n -> DynamicTest.dynamicTest("seed " + n, () -> mix(new Random(n))));
    }

    private void mix(Random random) {
        anotherAccount();
        var cards = List.of(ASKS, ASKS, "pm_card_visa", "pm_card_visa_chargeDeclinedInsufficientFunds");
        var invoice = open(cards.get(random.nextInt(cards.size())));
        var urls = new ArrayList<String>();
        var told = new ArrayList<String>();
        var minutes = 0L;
        for (int step = 0; step < 12; step++) {
            minutes += random.nextInt(20);
            later(Duration.ofMinutes(minutes));
            world.gateway.loseAnswerOf = random.nextInt(5) == 0 ? "confirm" : null;
            world.gateway.loseCall = random.nextInt(8) == 0 ? "get" : null;
            if (random.nextInt(3) == 0) world.application.crashes.killAfter(random.nextInt(40));
            int what = random.nextInt(10);
            told.add(minutes + " " + what);
            try {
                switch (what) {
                    case 0, 1, 2 -> {
                        if (pay(invoice) instanceof AtBank(var url) && url != null) urls.add(url);
                    }
                    case 3 -> urls.forEach(random.nextBoolean() ? Bank::confirm : Bank::fail);
                    case 4 -> back(invoice);
                    case 5 -> resolveAbandoned();
                    case 6 -> world.payments().newCard(acme, cards.get(random.nextInt(cards.size())));
                    case 7 -> world.charge();
                    case 8 -> world.cancelAtStripe(acme);
                    default -> sweep(World.ISSUED);
                }
            } catch (Killed dead) {
                told.add("killed");
            } catch (OutOfReachException silent) {
                told.add("given up");
            } catch (PagePayments.TooOftenException often) {
                told.add("too often");
            }
            world.application.crashes.revive();
        }
        world.gateway.loseAnswerOf = null;
        world.gateway.loseCall = null;
        if (random.nextBoolean()) urls.forEach(Bank::confirm);
        world.application.moveTo(World.morning(World.ISSUED.plusDays(1)));
        sweep(World.ISSUED.plusDays(1));
        world.night(World.ISSUED.plusDays(1));
        sweep(World.ISSUED.plusDays(1));

        var paid = world.chargesAtStripe(acme).stream()
                .filter(charge -> charge.startsWith("succeeded"))
                .toList();
        assertThat(paid).as("%s", told).hasSizeLessThan(2);
        assertThat(world.status(invoice.id())).as("%s", told).isEqualTo(paid.isEmpty() ? "OPEN" : "PAID");
        assertThat(world.settlements(invoice.id())).as("%s", told).isEqualTo(paid.size());
        assertThat(world.attempts(invoice.id()))
                .as("%s", told)
                .noneMatch(attempt -> attempt.endsWith("CLAIMED") || attempt.endsWith("UNKNOWN"));
        assertThat(world.notices(acme).stream().filter(notice -> notice.startsWith("payment-succeeded")))
                .as("%s", told)
                .hasSize(paid.size());
        tidy();
    }
}
