package io.postpaid.payments.charging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.payments.settlement.AccountTransfers;
import io.postpaid.payments.settlement.Adjustments;
import io.postpaid.payments.settlement.Freely;
import io.postpaid.payments.settlement.Transfers;
import io.postpaid.payments.stripe.PaymentOutcome;
import io.postpaid.payments.stripe.PaymentOutcome.AtBank;
import io.postpaid.payments.stripe.StripeBooks;
import io.postpaid.payments.stripe.StripeEvent.Effect;
import io.postpaid.payments.webhook.Events;
import io.postpaid.platform.batch.OutOfReachException;
import io.postpaid.platform.batch.Run;
import io.postpaid.support.Killed;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Intents whose invoice was settled in another way are cancelled, and one that was cancelled has a successor. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntentLifeTest {
    private static final String ASKS = "pm_card_authenticationRequired";
    private static final BigDecimal TEN = new BigDecimal("10.00");

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

    @AfterEach
    void tidy() {
        world.application.crashes.revive();
        world.gateway.loseCall = null;
        world.gateway.loseAnswerOf = null;
        world.jdbc
                .sql("update invoice set status = 'VOID' where status = 'OPEN'")
                .update();
        world.cancelUnneeded();
    }

    private Invoice open(String card) {
        world.account(acme, card);
        world.attach(acme);
        return world.application.get(Invoices.class).get(world.invoice(acme, "10.00"));
    }

    private @Nullable PaymentOutcome pay(Invoice invoice) {
        var card = Objects.requireNonNull(
                world.application.get(Accounts.class).get(acme).card());
        return world.application
                .get(PagePayments.class)
                .pay(invoice, card.paymentMethod(), "https://pay.test/back")
                .orElse(null);
    }

    private String atBank(Invoice invoice) {
        var outcome = pay(invoice);
        assertThat(outcome).isInstanceOf(AtBank.class);
        return Objects.requireNonNull(((AtBank) outcome).url());
    }

    /** The customer has left the bank's page open, and the attempt has its end. */
    private String leftAtBank(Invoice invoice) {
        var url = atBank(invoice);
        world.application.moveTo(World.morning(World.ISSUED).plus(Duration.ofMinutes(31)));
        world.application.get(PagePayments.class).resolveAbandoned();
        assertThat(world.attempts(invoice.id())).containsExactly("1 NEEDS_CUSTOMER");
        return url;
    }

    private void transfer(Invoice invoice, String amount) {
        world.application
                .get(Transfers.class)
                .record(invoice.issuedNumber(), new BigDecimal(amount), "bank-" + acme, null);
    }

    private void sweep() {
        world.jdbc.sql("delete from stripe_sweep").update();
        world.sweep(World.ISSUED);
    }

    private List<String> intents(Invoice invoice) {
        return world.jdbc
                .sql("select n || ' ' || status from payment_intent where invoice = :i order by n")
                .param("i", invoice.id())
                .query(String.class)
                .list();
    }

    private BigDecimal balance() {
        return world.application.get(AccountTransfers.class).standing(acme).amount();
    }

    /** How an invoice comes to be settled without its intent. */
    enum Settled {
        TRANSFER,
        BALANCE,
        WRITE_OFF,
        CREDIT_NOTE
    }

    @ParameterizedTest
    @EnumSource
    void aBanksPageCannotTakeWhatWasSettledInAnotherWay(Settled how) {
        var invoice = open(ASKS);
        var url = leftAtBank(invoice);
        switch (how) {
            case TRANSFER -> transfer(invoice, "10.00");
            case BALANCE -> world.application.get(AccountTransfers.class).record(acme, TEN, "bank-" + acme, null);
            case WRITE_OFF ->
                world.application.get(Adjustments.class).writeOff(invoice.issuedNumber(), "gone", Freely.GIVEN);
            case CREDIT_NOTE ->
                world.application.get(Adjustments.class).credit(invoice.issuedNumber(), TEN, "wrong", Freely.GIVEN);
        }

        world.cancelUnneeded();

        assertThat(Bank.confirm(url)).isEqualTo(404);
        assertThat(intents(invoice)).containsExactly("1 CANCELED");
        assertThat(world.chargesAtStripe(acme)).isEmpty();
        sweep();
        assertThat(balance()).isEqualByComparingTo("0");
    }

    @Test
    void whoWasFasterThanTheCancellationHasPaid() {
        var invoice = open(ASKS);
        var url = leftAtBank(invoice);
        transfer(invoice, "10.00");
        assertThat(Bank.confirm(url)).isEqualTo(303);

        world.cancelUnneeded();
        world.cancelUnneeded();
        sweep();

        assertThat(intents(invoice)).containsExactly("1 SUCCEEDED");
        assertThat(balance()).isEqualByComparingTo("10");
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 1000");
    }

    @Test
    void aPartThatWasPaidInAnotherWayIsNotConfirmedAgain() {
        var invoice = open(ASKS);
        var url = leftAtBank(invoice);
        transfer(invoice, "6.00");

        world.cancelUnneeded();

        assertThat(Bank.confirm(url)).isEqualTo(404);
        Bank.confirm(atBank(invoice));
        sweep();
        assertThat(world.status(invoice.id())).isEqualTo("PAID");
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 400");
        assertThat(intents(invoice)).containsExactly("1 CANCELED", "2 SUCCEEDED");
    }

    @Test
    void whatIsOpenAndWhatIsPaidByTheIntentStays() {
        var open = open(ASKS);
        var url = leftAtBank(open);
        world.cancelUnneeded();
        assertThat(intents(open)).containsExactly("1 LIVE");

        assertThat(Bank.confirm(url)).isEqualTo(303);
        sweep();
        world.cancelUnneeded();

        assertThat(world.status(open.id())).isEqualTo("PAID");
        assertThat(intents(open)).containsExactly("1 SUCCEEDED");
    }

    @Test
    void whileTheCustomerIsAtTheBankNoTransferIsRecorded() {
        var invoice = open(ASKS);
        atBank(invoice);

        assertThatThrownBy(() -> transfer(invoice, "10.00")).hasMessageContaining("the customer is at the bank's page");

        assertThat(world.status(invoice.id())).isEqualTo("OPEN");
    }

    @Test
    void wheneverTheProcessDiesTheCancellationIsMadeUpFor() {
        for (int point = 0; point < 8; point++) {
            anotherAccount();
            var invoice = open(ASKS);
            var url = leftAtBank(invoice);
            transfer(invoice, "10.00");
            world.application.crashes.killAfter(point);
            try {
                world.cancelUnneeded();
            } catch (Killed dead) {
                world.application.crashes.revive();
            }
            world.application.crashes.revive();

            world.cancelUnneeded();

            assertThat(intents(invoice)).as("killed at %s", point).containsExactly("1 CANCELED");
            assertThat(Bank.confirm(url)).isEqualTo(404);
        }
    }

    @Test
    void whatIsWrongWithOneKeepsNoOther() {
        var first = open(ASKS);
        leftAtBank(first);
        transfer(first, "10.00");
        anotherAccount();
        var second = open(ASKS);
        var url = leftAtBank(second);
        transfer(second, "10.00");
        world.jdbc.sql("""
                create function poison_intent() returns trigger language plpgsql as $$
                begin
                    raise exception 'poison';
                end $$""").update();
        world.jdbc
                .sql("create trigger a_poison before update on payment_intent for each row when (new.invoice = %d)"
                                .formatted(first.id())
                        + " execute function poison_intent()")
                .update();
        try {
            world.application.get(UnneededIntents.class).cancelAll();
        } finally {
            world.jdbc
                    .sql("drop trigger a_poison on payment_intent; drop function poison_intent")
                    .update();
        }

        assertThat(intents(first)).containsExactly("1 LIVE");
        assertThat(intents(second)).containsExactly("1 CANCELED");
        assertThat(Bank.confirm(url)).isEqualTo(404);
        world.cancelUnneeded();
        assertThat(intents(first)).containsExactly("1 CANCELED");
    }

    @Test
    void anAnswerThatWasLostIsAskedForAgain() {
        var invoice = open(ASKS);
        leftAtBank(invoice);
        transfer(invoice, "10.00");
        world.gateway.loseAnswerOf = "cancel";
        assertThatThrownBy(world::cancelUnneeded).isInstanceOf(OutOfReachException.class);
        assertThat(intents(invoice)).containsExactly("1 LIVE");
        world.gateway.loseAnswerOf = null;

        world.application.get(UnneededIntents.class).cancelAll();

        assertThat(intents(invoice)).containsExactly("1 CANCELED");
    }

    @Test
    void whatTheSellerCancelsIsPaidWithItsSuccessor() {
        var invoice = open(ASKS);
        var url = atBank(invoice);
        world.cancelAtStripe(acme);

        var next = atBank(invoice);

        assertThat(Bank.confirm(url)).isEqualTo(404);
        assertThat(Bank.confirm(next)).isEqualTo(303);
        sweep();
        assertThat(world.attempts(invoice.id())).containsExactly("1 NOT_EXECUTED", "2 SUCCEEDED");
        assertThat(intents(invoice)).containsExactly("1 CANCELED", "2 SUCCEEDED");
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 1000");
        assertThat(world.notices(acme)).containsExactly("payment-succeeded " + invoice.number() + "/2");
    }

    @Test
    void anEventOfTheCancellationLeavesTheNextTryToTheSuccessor() {
        var invoice = open(ASKS);
        leftAtBank(invoice);
        world.cancelAtStripe(acme);
        sweep();
        assertThat(intents(invoice)).containsExactly("1 CANCELED");
        world.payments().newCard(acme, "pm_card_visa");

        assertThat(world.attempts(invoice.id())).containsExactly("1 NEEDS_CUSTOMER", "2 SUCCEEDED");
        assertThat(intents(invoice)).containsExactly("1 CANCELED", "2 SUCCEEDED");
    }

    @Test
    void aRunThatFindsItsIntentCancelledTriesTheSuccessorAtOnce() {
        var invoice = open("pm_card_visa_chargeDeclinedInsufficientFunds");
        world.charge();
        world.cancelAtStripe(acme);
        world.jdbc
                .sql("update account set payment_method_wanted = 'pm_card_visa' where id = :a")
                .param("a", acme)
                .update();

        world.night(World.ISSUED.plusDays(1));

        assertThat(world.attempts(invoice.id()))
                .containsExactly("1 DECLINED_RETRYABLE", "2 NOT_EXECUTED", "3 SUCCEEDED");
        assertThat(world.chargesAtStripe(acme)).containsExactly("failed 1000", "succeeded 1000");
        // Nothing is mailed of a card that nobody has tried.
        assertThat(world.notices(acme))
                .containsExactly(
                        "payment-failed " + invoice.number() + "/1", "payment-succeeded " + invoice.number() + "/3");
    }

    @Test
    void aRetryOfTheScheduleUsesUpItsDayOnceThoughItsIntentWasCancelled() {
        var invoice = open("pm_card_visa_chargeDeclinedInsufficientFunds");
        world.charge();
        world.cancelAtStripe(acme);

        world.night(World.ISSUED.plusDays(1));
        world.retry(World.ISSUED.plusDays(1));

        assertThat(world.attempts(invoice.id()))
                .containsExactly("1 DECLINED_RETRYABLE", "2 NOT_EXECUTED", "3 DECLINED_RETRYABLE");
    }

    @Test
    void aLateEventOfACancelledIntentEndsNoAttemptOnItsSuccessor() {
        var invoice = open(ASKS);
        Bank.fail(atBank(invoice));
        world.cancelAtStripe(acme);
        assertThat(pay(invoice)).isInstanceOf(AtBank.class);

        sweep();

        assertThat(world.attempts(invoice.id())).last().isEqualTo("2 CLAIMED");
    }

    @Test
    void aStaleLookEndsNoAttemptThatTheCustomerHasBegunSince() {
        var invoice = open(ASKS);
        Bank.fail(atBank(invoice));
        var intents = world.application.get(SeenIntents.class);
        var id = world.jdbc
                .sql("select stripe_id from payment_intent where invoice = :i")
                .param("i", invoice.id())
                .query(String.class)
                .single();
        var before = intents.waiting(id).orElseThrow();
        var seen = world.application.get(StripeBooks.class).intent(id);
        assertThat(seen.status()).isEqualTo("requires_payment_method");
        var url = atBank(invoice);

        var effect =
                world.application.get(AccountLock.class).hold(acme, () -> intents.seen(seen, invoice.id(), before));

        assertThat(effect).isEqualTo(Effect.NONE);
        assertThat(world.attempts(invoice.id())).containsExactly("1 NEEDS_CUSTOMER", "2 CLAIMED");
        assertThat(Bank.confirm(url)).isEqualTo(303);
        sweep();
        assertThat(world.attempts(invoice.id())).containsExactly("1 NEEDS_CUSTOMER", "2 SUCCEEDED");
    }

    @Test
    void whoLeavesTheSuccessorCanReturnToIt() {
        var invoice = open(ASKS);
        atBank(invoice);
        world.cancelAtStripe(acme);
        var url = atBank(invoice);
        world.application.moveTo(World.morning(World.ISSUED).plus(Duration.ofMinutes(31)));
        world.application.get(PagePayments.class).resolveAbandoned();
        assertThat(pay(invoice)).isInstanceOf(AtBank.class);

        assertThat(Bank.confirm(url)).isEqualTo(404);
        assertThat(intents(invoice)).containsExactly("1 CANCELED", "2 LIVE");
    }

    @Test
    void whereTheCreationOfASuccessorWasLostItIsFoundAndNotItsForerunner() {
        var invoice = open("pm_card_visa");
        world.gateway.loseCall = "confirm";
        pay(invoice);
        world.gateway.loseCall = null;
        world.cancelAtStripe(acme);
        sweep();
        world.gateway.loseAnswerOf = "create";
        pay(invoice);
        world.gateway.loseAnswerOf = null;
        // Stripe has forgotten the keys.
        world.application.moveTo(World.morning(World.ISSUED.plusDays(2)));

        Events.sweep(world.application, new Run("nightly", World.ISSUED.plusDays(2), 1));
        world.night(World.ISSUED.plusDays(2));
        world.retry(World.ISSUED.plusDays(2));

        assertThat(world.status(invoice.id())).isEqualTo("PAID");
        assertThat(intents(invoice)).containsExactly("1 CANCELED", "2 SUCCEEDED");
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 1000");
        assertThat(pay(invoice)).isNull();
    }
}
