package io.postpaid.payments.charging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.postpaid.account.Accounts;
import io.postpaid.account.CardsOnFile;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.Settlement;
import io.postpaid.billing.invoicing.SettlementKind;
import io.postpaid.payments.stripe.PaymentOutcome;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Stories of charging, against a real database and the Stripe stand-in over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PaymentStoryTest {
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
        world.gateway.loseCall = null;
        world.gateway.loseAnswerOf = null;
        world.jdbc
                .sql("update payment_attempt set status = 'NOT_EXECUTED', resolved_at = claimed_at"
                        + " where status in ('CLAIMED', 'UNKNOWN')")
                .update();
        world.jdbc
                .sql("update invoice set status = 'VOID' where status = 'OPEN'")
                .update();
        world.jdbc.sql("update account set payment_method_wanted = null").update();
    }

    private static LocalDate day(int day) {
        return World.ISSUED.plusDays(day);
    }

    private String number(long invoice) {
        return world.application.get(Invoices.class).get(invoice).issuedNumber();
    }

    @Test
    void aCardThatIsGoodPaysOnce() {
        world.account(acme, "pm_card_visa");
        var invoice = world.invoice(acme, "12.34");

        var tally = world.charge();
        world.charge();
        world.night(day(1));

        assertThat(tally.read()).isEqualTo(1);
        assertThat(tally.written()).isEqualTo(1);
        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(world.attempts(invoice)).containsExactly("1 SUCCEEDED");
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 1234");
        assertThat(world.notices(acme)).containsExactly("payment-succeeded " + number(invoice) + "/1");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        pm_card_visa_chargeDeclinedInsufficientFunds      | DECLINED_RETRYABLE | payment-failed
        pm_card_chargeCustomerFail                        | DECLINED_RETRYABLE | payment-failed
        pm_card_visa_chargeDeclinedVelocityLimitExceeded  | DECLINED_RETRYABLE | payment-failed
        pm_card_chargeDeclinedProcessingError             | DECLINED_RETRYABLE | payment-failed
        pm_card_chargeDeclinedExpiredCard                 | DECLINED_FOR_GOOD  | payment-failed
        pm_card_chargeDeclinedIncorrectCvc                | DECLINED_FOR_GOOD  | payment-failed
        pm_card_chargeDeclinedFraudulent                  | DECLINED_FOR_GOOD  | payment-failed
        pm_card_visa_chargeDeclinedLostCard               | DECLINED_FOR_GOOD  | payment-failed
        pm_card_visa_chargeDeclinedStolenCard             | DECLINED_FOR_GOOD  | payment-failed
        pm_card_authenticationRequired                    | NEEDS_CUSTOMER     | action-required
        """)
    void aDeclineIsWhatItsFamilySays(String card, PaymentAttempt.Status status, String notice) {
        world.account(acme, card);
        var invoice = world.invoice(acme, "10.00");

        var tally = world.charge();

        assertThat(tally.skipped()).isEqualTo(1);
        assertThat(world.status(invoice)).isEqualTo("OPEN");
        assertThat(world.attempts(invoice)).containsExactly("1 " + status);
        assertThat(world.notices(acme)).containsExactly(notice + " " + number(invoice) + "/1");
        for (int night = 1; night <= 8; night++) world.night(day(night));
        assertThat(world.attempts(invoice)).hasSize(status == PaymentAttempt.Status.DECLINED_RETRYABLE ? 4 : 1);
    }

    @Test
    void whatMayBeRetriedIsTriedOnDaysOneThreeAndFive() {
        world.account(acme, "pm_card_visa_chargeDeclinedInsufficientFunds");
        var invoice = world.invoice(acme, "10.00");
        world.charge();

        var tries = new StringBuilder();
        for (int night = 0; night <= 9; night++) {
            tries.append(world.night(day(night)).read());
            tries.append(world.night(day(night)).read());
        }

        assertThat(tries).hasToString("00" + "10" + "00" + "10" + "00" + "10" + "00" + "00" + "00" + "00");
        assertThat(world.jdbc
                        .sql("select view ->> 'next_try_on' from notice where account = :a order by id")
                        .param("a", acme)
                        .query(String.class)
                        .list())
                .containsExactly("2 November 2026", "4 November 2026", "6 November 2026", null);
    }

    @Test
    void nightsThatWereMissedAreMadeUpForByOneTry() {
        world.account(acme, "pm_card_visa_chargeDeclinedInsufficientFunds");
        var invoice = world.invoice(acme, "10.00");
        world.charge();

        world.night(day(4));
        world.night(day(4));
        assertThat(world.attempts(invoice)).hasSize(2);
        world.night(day(6));
        assertThat(world.attempts(invoice)).hasSize(3);
    }

    @Test
    void aNewCardPaysAtOnceAndLetsTheAccountInAgain() {
        world.account(acme, "pm_card_visa_chargeDeclinedLostCard");
        var invoice = world.invoice(acme, "10.00");
        world.charge();
        world.application.moveTo(World.morning(day(8)));
        world.application.get(Accounts.class).suspend(acme, "unpaid");

        var result = world.payments().newCard(acme, "pm_card_visa");

        assertThat(result.card()).isInstanceOf(Cards.Outcome.Attached.class);
        assertThat(result.charges())
                .singleElement()
                .satisfies(charged -> assertThat(charged.outcome()).isInstanceOf(PaymentOutcome.Succeeded.class));
        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(world.application.get(Accounts.class).get(acme).suspended()).isFalse();
        assertThat(world.notices(acme))
                .containsExactly(
                        "payment-failed " + number(invoice) + "/1",
                        "payment-succeeded " + number(invoice) + "/2",
                        "account-reactivated " + number(invoice));
        assertThat(world.chargesAtStripe(acme)).containsExactly("failed 1000", "succeeded 1000");
    }

    @Test
    void anAccountStaysSuspendedWhileAnythingIsOverdue() {
        world.account(acme, null);
        world.invoice(acme, "10.00");
        world.invoice(acme, "20.00", LocalDate.of(2026, 9, 1), LocalDate.of(2026, 10, 1));
        world.application.moveTo(World.morning(day(8)));
        world.application.get(Accounts.class).suspend(acme, "unpaid");

        world.gateway.loseCallBehind("confirm", "create");
        world.payments().newCard(acme, "pm_card_visa");

        assertThat(world.application.get(Accounts.class).get(acme).suspended()).isTrue();
    }

    @Test
    void anAccountWithoutACardIsToldOnceAndChargedWhenItHasOne() {
        world.account(acme, null);
        var invoice = world.invoice(acme, "10.00");
        var tally = world.charge();
        world.charge();
        assertThat(tally.skipped()).isEqualTo(1);
        assertThat(world.notices(acme)).containsExactly("no-card " + number(invoice));

        world.application.get(CardsOnFile.class).want(acme, "pm_card_visa");
        world.night(day(2));

        assertThat(world.status(invoice)).isEqualTo("PAID");
    }

    @Test
    void aRefusedCardIsToldAndStaysWanted() {
        world.account(acme, "pm_no_such_card");

        var outcome = world.attach(acme);
        world.attach(acme);

        assertThat(outcome).isInstanceOf(Cards.Outcome.Refused.class);
        assertThat(world.application.get(Accounts.class).get(acme).paymentMethodWanted())
                .isEqualTo("pm_no_such_card");
        assertThat(world.jdbc
                        .sql("select count(*) from account_event where account = :a and event = 'CARD_REFUSED'")
                        .param("a", acme)
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void whatIsPaidInAnotherWayIsNotChargedAgain() {
        world.account(acme, "pm_card_visa_chargeDeclinedInsufficientFunds");
        var invoice = world.invoice(acme, "10.00");
        world.charge();
        new TransactionTemplate(world.application.get(PlatformTransactionManager.class))
                .executeWithoutResult(status -> world.application
                        .get(Invoices.class)
                        .settle(
                                world.application.get(Invoices.class).get(invoice),
                                SettlementKind.TRANSFER,
                                new BigDecimal("4.00"),
                                "bank-" + invoice,
                                World.morning(day(1))));

        world.payments().newCard(acme, "pm_card_visa");

        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(world.chargesAtStripe(acme)).containsExactly("failed 1000", "succeeded 600");
    }

    @Test
    void whatIsTooSmallToChargeIsCarriedAndEndsTheSuspension() {
        world.account(acme, "pm_card_visa");
        var invoice = world.invoice(acme, "0.10");
        world.application.get(Accounts.class).suspend(acme, "unpaid");

        world.charge();
        world.night(day(1));

        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(world.attempts(invoice)).containsExactly("1 DECLINED_FOR_GOOD");
        assertThat(world.application.get(Invoices.class).settlements(invoice))
                .extracting(Settlement::kind, Settlement::amount)
                .containsExactly(tuple(SettlementKind.CARRIED, new BigDecimal("0.10")));
        assertThat(world.notices(acme))
                .containsExactly("amount-carried " + number(invoice), "account-reactivated " + number(invoice));
        assertThat(world.application.get(Accounts.class).get(acme).suspended()).isFalse();
    }

    @Test
    void whatWasBilledInWhatCannotBeChargedStopsNobody() {
        world.account(acme, "pm_card_visa");
        world.jdbc
                .sql("update account set currency = 'KWD' where id = :id")
                .param("id", acme)
                .update();
        var fraction = world.invoice(acme, "12.345");
        var vast = acme + "-vast";
        world.account(vast, "pm_card_visa");
        var beyond = world.invoice(vast, "111105000000000000.00");
        var last = acme + "-last";
        world.account(last, "pm_card_visa");
        var usual = world.invoice(last, "10.00");

        world.charge();

        assertThat(world.status(usual)).isEqualTo("PAID");
        assertThat(world.status(fraction)).isEqualTo("PAID");
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 12340");
        assertThat(world.attempts(beyond)).isEmpty();
    }

    @Test
    void aLostAnswerIsLookedUpAtOnce() {
        world.account(acme, "pm_card_visa");
        var invoice = world.invoice(acme, "10.00");
        world.gateway.loseAnswerOf = "confirm";

        var tally = world.charge();

        assertThat(tally.written()).isEqualTo(1);
        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 1000");
    }

    @Test
    void aLostDeclineIsNotTakenForThatOfTheAttemptBefore() {
        world.account(acme, "pm_card_visa_chargeDeclinedInsufficientFunds");
        var invoice = world.invoice(acme, "10.00");
        world.charge();
        world.gateway.loseCall = "confirm";
        assertThatThrownBy(() -> {
                    world.application.moveTo(World.morning(day(1)));
                    world.gateway.loseAnswerOf = "get";
                    world.retry(day(1));
                })
                .hasMessageContaining("does not answer");
        assertThat(world.attempts(invoice)).containsExactly("1 DECLINED_RETRYABLE", "2 UNKNOWN");

        world.gateway.loseCall = null;
        world.gateway.loseAnswerOf = null;
        world.night(day(1));

        assertThat(world.attempts(invoice)).containsExactly("1 DECLINED_RETRYABLE", "2 DECLINED_RETRYABLE");
        assertThat(world.chargesAtStripe(acme)).containsExactly("failed 1000", "failed 1000");
    }

    @Test
    void anAttemptThatNeverReachedStripeIsClosedAfterADayAndFollowedByAnother() {
        world.account(acme, "pm_card_visa");
        var invoice = world.invoice(acme, "10.00");
        for (var lost : List.of("create", "confirm")) {
            world.gateway.loseCall = lost;
            assertThatThrownBy(() -> {
                        world.gateway.loseAnswerOf = lost.equals("create") ? "find" : "get";
                        world.charge();
                    })
                    .hasMessageContaining("does not answer");
        }
        assertThat(world.attempts(invoice)).containsExactly("1 UNKNOWN");
        world.gateway.loseCall = null;
        world.gateway.loseAnswerOf = null;

        world.application.moveTo(World.morning(day(1)).minus(Duration.ofMinutes(30)));
        world.retry(day(1));

        assertThat(world.attempts(invoice)).containsExactly("1 NOT_EXECUTED", "2 SUCCEEDED");
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 1000");
    }

    @Test
    void stripeThatDoesNotAnswerFailsTheStepWithOneSentence(@TempDir Path home) {
        try (var dark = new World(home, Map.of("STRIPE_API_BASE", "http://127.0.0.1:1"))) {
            dark.account("acme", null);
            dark.jdbc
                    .sql("update account set stripe_customer = 'cus_1', payment_method = 'pm_1', card_brand = 'visa',"
                            + " card_last4 = '4242'")
                    .update();
            var invoice = dark.invoice("acme", "10.00");

            assertThatThrownBy(() -> dark.charge())
                    .hasMessageStartingWith("Stripe at http://127.0.0.1:1 does not answer.");
            assertThat(dark.attempts(invoice)).containsExactly("1 UNKNOWN");
        }
    }
}
