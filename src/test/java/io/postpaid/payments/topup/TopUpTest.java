package io.postpaid.payments.topup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.StripeClient;
import com.stripe.model.PaymentIntent;
import com.stripe.net.Webhook;
import com.stripe.param.DisputeListParams;
import com.stripe.param.DisputeUpdateParams;
import com.stripe.param.EventListParams;
import com.stripe.param.RefundCreateParams;
import io.postpaid.account.CardsOnFile;
import io.postpaid.books.report.Verification;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.gate.access.Access;
import io.postpaid.gate.access.AccessDecision;
import io.postpaid.payments.charging.Bank;
import io.postpaid.payments.charging.World;
import io.postpaid.payments.reconciliation.Reconciliation;
import io.postpaid.payments.settlement.AccountTransfers;
import io.postpaid.payments.settlement.Freely;
import io.postpaid.payments.settlement.Refund;
import io.postpaid.payments.settlement.Refunds;
import io.postpaid.payments.stripe.Installation;
import io.postpaid.payments.topup.TopUps.Answer.Cause;
import io.postpaid.payments.topup.TopUps.Answer.Refused;
import io.postpaid.payments.topup.TopUps.Answer.Taken;
import io.postpaid.payments.webhook.Events;
import io.postpaid.payments.webhook.Webhooks;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.support.Killed;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credit is bought by card once for a reference, whatever is lost, late, declined or killed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TopUpTest {
    private static final String VISA = "pm_card_visa";
    private static final String POOR = "pm_card_visa_chargeDeclinedInsufficientFunds";
    private static final String ABSENT = "pm_card_authenticationRequired";
    private static final Set<String> PROVED = Set.of(
            "top-ups",
            "top-up-documents",
            "money-in",
            "grants",
            "events",
            "charged-once",
            "settlement-postings",
            "refunds",
            "money-back",
            "account-balance",
            "pending-refunds",
            "losses",
            "notices");

    private World world;
    private StripeClient stripe;
    private int accounts;
    private String acme;

    @BeforeAll
    void start(@TempDir Path home) {
        world = new World(home, Map.of());
        stripe = StripeClient.builder()
                .setApiKey("sk_test_sandbox")
                .setApiBase(world.application.sandbox().stripeBase())
                .build();
    }

    @AfterAll
    void stop() {
        world.close();
    }

    @BeforeEach
    void anotherAccount() {
        acme = "acme-" + ++accounts;
        world.application.moveTo(World.morning(World.ISSUED));
        world.jdbc.sql("delete from stripe_sweep").update();
    }

    /** Whatever happened, the books hold, and nothing is left for the next story. */
    @AfterEach
    void prove() {
        world.gateway.loseCall = null;
        world.gateway.loseAnswerOf = null;
        world.application.crashes.revive();
        night();
        assertThat(world.application.get(Verification.class).run().stream()
                        .filter(check -> PROVED.contains(check.name()) && !check.holds())
                        .flatMap(check -> check.examples().stream()))
                .isEmpty();
        assertThat(world.application
                        .get(TopUpStore.class)
                        .unresolved(World.morning(World.ISSUED.plusYears(1)))
                        .count(world.jdbc))
                .isZero();
    }

    private TopUps topUps() {
        return world.application.get(TopUps.class);
    }

    private TopUp buy(String amount) {
        return ((Taken) topUps().buy(acme, new BigDecimal(amount), "r1")).topUp();
    }

    private Done night() {
        return world.resolveTopUps();
    }

    private TopUp known() {
        return world.application.get(TopUpStore.class).find(acme, "r1").orElseThrow();
    }

    private List<String> grants() {
        return world.application.get(CreditLedger.class).grants(acme).stream()
                .map(grant ->
                        grant.kind() + " " + grant.amount().stripTrailingZeros().toPlainString())
                .toList();
    }

    private PaymentIntent intentAtStripe(TopUp topUp) throws Exception {
        return stripe.v1().paymentIntents().retrieve(topUp.intent());
    }

    private void mustBeChargedOnce(String how) {
        assertThat(known().status()).as(how).isEqualTo(TopUp.Status.SUCCEEDED);
        assertThat(world.chargesAtStripe(acme)).as(how).containsExactly("succeeded 2500");
        assertThat(grants()).as(how).containsExactly("TOP_UP 25");
        assertThat(world.notices(acme)).as(how).containsExactly("top-up-succeeded top-up/" + known().id());
    }

    private void mustHaveEnded(String how, TopUp.Status status, int tries) throws Exception {
        assertThat(known().status()).as(how).isEqualTo(status);
        assertThat(world.chargesAtStripe(acme)).as(how).hasSize(tries).allMatch(charge -> charge.equals("failed 2500"));
        assertThat(grants()).as(how).isEmpty();
        assertThat(world.notices(acme)).as(how).isEmpty();
        if (known().intent() != null)
            assertThat(intentAtStripe(known()).getStatus()).as(how).isEqualTo("canceled");
    }

    private String atBank() {
        var answer = topUps().buy(acme, new BigDecimal("25.00"), "r1", "https://pay.test/back");
        assertThat(answer).isInstanceOf(TopUps.Answer.AtBank.class);
        return ((TopUps.Answer.AtBank) answer).url();
    }

    @Test
    void aCustomerConfirmsItAtTheBank() throws Exception {
        world.account(acme, ABSENT);
        var url = atBank();
        night();
        assertThat(known().status()).isEqualTo(TopUp.Status.CLAIMED);
        assertThat(atBank()).isEqualTo(url);

        Bank.confirm(url);

        for (int n = 0; n < 3; n++) {
            assertThat(topUps().back(acme, "r1").orElseThrow().status()).isEqualTo(TopUp.Status.SUCCEEDED);
        }
        mustBeChargedOnce("confirmed");
    }

    @Test
    void anEventTellsOfAConfirmationWhoseCustomerStaysAway() throws Exception {
        world.account(acme, ABSENT);
        Bank.confirm(atBank());

        world.sweep(World.ISSUED);

        mustBeChargedOnce("seen");
    }

    @Test
    void theWayBackGivesNothingUpThatTheBankWaitsFor() throws Exception {
        world.account(acme, ABSENT);
        var url = atBank();
        for (int n = 0; n < 3; n++) {
            assertThat(topUps().back(acme, "r1").orElseThrow().status()).isEqualTo(TopUp.Status.CLAIMED);
        }
        assertThat(topUps().back("somebody-else", "r1")).isEmpty();
        assertThat(Bank.confirm(url)).isEqualTo(303);
        assertThat(topUps().back(acme, "r1").orElseThrow().status()).isEqualTo(TopUp.Status.SUCCEEDED);
        mustBeChargedOnce("confirmed at last");
    }

    @Test
    void aPageThatIsLeftIsGivenUpAfterHalfAnHour() throws Exception {
        world.account(acme, ABSENT);
        var url = atBank();
        topUps().resolveAbandoned();
        assertThat(known().status()).isEqualTo(TopUp.Status.CLAIMED);

        world.application.moveTo(World.morning(World.ISSUED).plusSeconds(31 * 60));
        topUps().resolveAbandoned();

        assertThat(Bank.confirm(url)).isEqualTo(404);
        mustHaveEnded("abandoned", TopUp.Status.NEEDS_CUSTOMER, 0);
    }

    @Test
    void aCardIsDeclinedOnlySoOften() {
        world.account(acme, POOR);
        for (int n = 1; n <= 10; n++) {
            var answer = topUps().buy(acme, new BigDecimal("25.00"), "try " + n);
            assertThat(((Taken) answer).topUp().status()).isEqualTo(TopUp.Status.DECLINED);
        }

        assertThat(topUps().buy(acme, new BigDecimal("25.00"), "try 11"))
                .isInstanceOfSatisfying(
                        Refused.class, no -> assertThat(no.cause()).isEqualTo(Cause.TOO_OFTEN));

        assertThat(world.chargesAtStripe(acme)).hasSize(10);
        world.application.moveTo(World.morning(World.ISSUED).plusSeconds(3601));
        assertThat(topUps().buy(acme, new BigDecimal("25.00"), "try 12")).isInstanceOf(Taken.class);
    }

    @Test
    void aReferenceIsChargedOnce() throws Exception {
        world.account(acme, VISA);

        var first = topUps().buy(acme, new BigDecimal("25.00"), "r1");
        var second = topUps().buy(acme, new BigDecimal("25"), "r1");

        assertThat(((Taken) first).known()).isFalse();
        assertThat(second).isEqualTo(new Taken(((Taken) first).topUp(), true));
        mustBeChargedOnce("bought");
        assertThat(topUps().buy(acme, new BigDecimal("26.00"), "r1"))
                .isEqualTo(new Refused(
                        Cause.REFERENCE_TAKEN,
                        "The reference 'r1' stands for a top-up of USD 25.00 already: give another top-up a reference of"
                                + " its own. Nothing was charged"));
        var intent = intentAtStripe(known());
        assertThat(intent.getMetadata())
                .isEqualTo(Map.of(
                        "top_up",
                        Long.toString(known().id()),
                        "account",
                        acme,
                        "installation",
                        world.application.get(Installation.class).id()));
        assertThat(intent.getDescription()).isEqualTo("Credit r1");
        assertThat(intent.getLatestCharge()).isNotNull();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({POOR + ",DECLINED", ABSENT + ",NEEDS_CUSTOMER"})
    void whatIsDeclinedIsOverAndCannotBePaidLater(String card, TopUp.Status status) throws Exception {
        world.account(acme, card);

        assertThat(buy("25.00").status()).isEqualTo(status);
        mustHaveEnded("declined", status, 1);
        world.payments().newCard(acme, VISA);
        assertThat(buy("25.00").status()).isEqualTo(status);
        assertThat(known().reason())
                .isEqualTo(
                        status == TopUp.Status.DECLINED
                                ? "There was not enough money available on the card."
                                : "Your bank wants you to confirm the payment.");

        var other = topUps().buy(acme, new BigDecimal("25.00"), "r2");
        assertThat(((Taken) other).topUp().status()).isEqualTo(TopUp.Status.SUCCEEDED);
        assertThat(world.chargesAtStripe(acme)).containsExactly("failed 2500", "succeeded 2500");
        assertThat(grants()).containsExactly("TOP_UP 25");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"0", "0.49", "10.001", "10000.01"})
    void whatCannotBeChargedIsRefused(String amount) {
        world.account(acme, VISA);

        assertThat(topUps().buy(acme, new BigDecimal(amount), "r1"))
                .isEqualTo(new Refused(
                        Cause.AMOUNT,
                        amount + " USD cannot be charged for a top-up: give an amount from 0.50 to 10000.00"));
        assertThat(world.application.get(TopUpStore.class).find(acme, "r1")).isEmpty();
    }

    @Test
    void withoutACardNothingIsClaimed() {
        world.account(acme, null);
        assertThat(((Refused) topUps().buy(acme, new BigDecimal("25.00"), "r1")).cause())
                .isEqualTo(Cause.NO_CARD);
        assertThat(((Refused) topUps().buy(acme, new BigDecimal("25.00"), " ")).cause())
                .isEqualTo(Cause.REFERENCE);
        world.application.get(CardsOnFile.class).want(acme, "pm_card_unheard_of");
        assertThat(((Refused) topUps().buy(acme, new BigDecimal("25.00"), "r1")).why())
                .startsWith("Stripe refuses the payment method pm_card_unheard_of of account " + acme);
        assertThat(world.application.get(TopUpStore.class).find(acme, "r1")).isEmpty();
    }

    /** Whichever answer is lost, or whichever call never gets through, the night finds out. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "call,create," + VISA,
        "call,confirm," + VISA,
        "call,get," + VISA,
        "answer,create," + VISA,
        "answer,confirm," + VISA,
        "answer,get," + VISA,
        "call,confirm," + POOR,
        "call,cancel," + POOR,
        "answer,confirm," + POOR,
        "answer,cancel," + POOR,
        "answer,cancel," + ABSENT
    })
    void whatIsNotKnownIsFoundOut(String what, String call, String card) throws Exception {
        world.account(acme, card);
        if (what.equals("call")) world.gateway.loseCall = call;
        else world.gateway.loseAnswerOf = call;

        var before = buy("25.00").status();
        if (before == TopUp.Status.UNKNOWN) {
            assertThat(night().skipped()).isEqualTo(1);
            assertThat(known().message()).isNotBlank();
        }
        world.gateway.loseCall = null;
        world.gateway.loseAnswerOf = null;
        night();

        if (card.equals(VISA)) mustBeChargedOnce(what);
        else mustHaveEnded(what, card.equals(POOR) ? TopUp.Status.DECLINED : TopUp.Status.NEEDS_CUSTOMER, 1);
        assertThat(known().decline() == null).isEqualTo(card.equals(VISA));
        assertThat(night().read()).isZero();
    }

    @Test
    void aSilentStripeIsNotAskedForAllOfThem() {
        world.gateway.loseCall = "create";
        for (int i = 0; i < 5; i++) {
            acme = "acme-" + ++accounts;
            world.account(acme, VISA);
            assertThat(buy("25.00").status()).isEqualTo(TopUp.Status.UNKNOWN);
        }
        var silent = night();
        assertThat(silent.read()).isEqualTo(3);
        assertThat(silent.skipped()).isEqualTo(3);

        world.gateway.loseCall = null;
        assertThat(night().written()).isEqualTo(5);
        mustBeChargedOnce("heard again");
    }

    /** When the key has died, a look is all that is left, and what was not tried by then never is. */
    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "call,create,NOT_EXECUTED",
        "call,confirm,NOT_EXECUTED",
        "answer,confirm,SUCCEEDED",
    })
    void afterADayItIsLookedAtOnly(String what, String call, TopUp.Status end) throws Exception {
        world.account(acme, VISA);
        if (what.equals("call")) {
            world.gateway.loseCall = call;
            buy("25.00");
            world.gateway.loseCall = null;
        } else {
            loseTheConfirmation();
            // As if the process had died behind Stripe's answer to the creation.
            world.jdbc
                    .sql("update top_up set intent = null where id = :id")
                    .param("id", known().id())
                    .update();
        }

        world.application.moveTo(World.morning(World.ISSUED).plus(Duration.ofHours(23)));
        night();

        if (end == TopUp.Status.SUCCEEDED) mustBeChargedOnce("a day later");
        else mustHaveEnded("a day later", end, 0);
        assertThat(known().resolvedAt()).isEqualTo(World.morning(World.ISSUED).plus(Duration.ofHours(23)));
    }

    @Test
    void severalProcessesAskedForOneReferenceChargeOnce() throws Exception {
        world.account(acme, VISA);
        world.attach(acme);
        Callable<TopUps.Answer> buying = () -> topUps().buy(acme, new BigDecimal("25.00"), "r1");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<TopUps.Answer> answer : threads.invokeAll(List.of(buying, buying, buying, buying))) {
                assertThat(((Taken) answer.get()).topUp().amount()).isEqualByComparingTo("25.00");
            }
        }
        night();
        mustBeChargedOnce("four at once");
    }

    /** Wherever the process dies, the next one ends with one charge, one grant and one mail, or with none of them. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {VISA, POOR})
    void everyPointOfTheWayMayBeTheLast(String card) throws Exception {
        long points = dying(card, Long.MAX_VALUE);
        assertThat(points).isGreaterThan(30);
        for (long point = 0; point < points; point++) {
            acme = "acme-" + ++accounts;
            dying(card, point);
        }
    }

    private long dying(String card, long point) throws Exception {
        world.account(acme, card);
        world.application.crashes.killAfter(point);
        long points;
        try {
            buy("25.00");
        } catch (Killed dead) {
            // Another process goes on.
        } finally {
            points = world.application.crashes.passed();
            world.application.crashes.revive();
        }
        // Either the night finds out, or who asks again by the same reference.
        if (point % 2 == 0) night();
        buy("25.00");
        if (card.equals(VISA)) mustBeChargedOnce("killed at point " + point);
        else mustHaveEnded("killed at point " + point, TopUp.Status.DECLINED, 1);
        return points;
    }

    @ParameterizedTest(name = "{0}, swept: {1}")
    @CsvSource({VISA + ",false", VISA + ",true", POOR + ",false", POOR + ",true"})
    void anEventEndsWhatIsNotKnown(String card, boolean swept) throws Exception {
        world.account(acme, card);
        loseTheConfirmation();
        assertThat(known().status()).isEqualTo(TopUp.Status.UNKNOWN);

        var type = card.equals(VISA) ? "payment_intent.succeeded" : "payment_intent.payment_failed";
        if (swept) sweep();
        assertThat(deliver(type)).containsOnly(!swept);
        assertThat(deliver(type)).containsOnly(false);

        if (card.equals(VISA)) mustBeChargedOnce("told");
        else mustHaveEnded("told", TopUp.Status.DECLINED, 1);
        sweep();
        assertThat(deliver("payment_intent.canceled")).allMatch(first -> !first);
        assertThat(world.jdbc
                        .sql("select effect from stripe_event where object = :intent and effect <> 'NONE'")
                        .param("intent", known().intent())
                        .query(String.class)
                        .list())
                .containsExactly("RESOLVED");
        assertThat(night().read()).isZero();
    }

    /** The card is tried, and nobody hears of it. */
    private void loseTheConfirmation() {
        world.gateway.loseAnswerOf = "confirm";
        world.gateway.loseCallBehind("confirm", "get");
        buy("25.00");
        world.gateway.loseAnswerOf = null;
        world.gateway.loseCall = null;
    }

    private void sweep() {
        world.sweep(World.ISSUED);
    }

    /** @return for each event of the type about the top-up's intent, whether it was new */
    private List<Boolean> deliver(String type) throws Exception {
        return stripe
                .v1()
                .events()
                .list(EventListParams.builder().setType(type).setLimit(100L).build())
                .getData()
                .stream()
                .map(event -> "{\"id\":\"%s\",\"type\":\"%s\",\"created\":%d,\"data\":{\"object\":%s}}"
                        .formatted(
                                event.getId(),
                                event.getType(),
                                event.getCreated(),
                                event.getDataObjectDeserializer().getRawJson()))
                .filter(json -> json.contains("\"" + known().intent() + "\""))
                .map(this::receive)
                .toList();
    }

    private boolean receive(String event) {
        try {
            var signature = Webhook.Signature.generateSignatureHeader(
                    event,
                    Events.SECRET,
                    world.application.get(BillingClock.class).instant().getEpochSecond());
            var answer =
                    world.application.get(Webhooks.class).receive(event.getBytes(StandardCharsets.UTF_8), signature);
            Events.processDue(world.application);
            return ((Webhooks.Answer.Taken) answer).first();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void itsChargeIsExplainedAndWhatTakesItBack() throws Exception {
        // On a day of its own.
        var day = World.ISSUED.plusDays(40);
        world.application.moveTo(World.morning(day));
        world.account(acme, VISA);
        var bought = buy("25.00");
        var reconciliation = world.application.get(Reconciliation.class);
        var clean = reconciliation.of(day, day);
        assertThat(clean.orphans()).isEmpty();
        assertThat(clean.lines())
                .extracting(line -> line.kind() + " " + line.atStripe() + " = " + line.inBooks())
                .containsExactly("CARD 25.00 = 25.00");

        stripe.v1()
                .refunds()
                .create(RefundCreateParams.builder()
                        .setPaymentIntent(bought.intent())
                        .setAmount(1000L)
                        .build());
        sweep();

        assertThat(reconciliation.of(day, day).orphans()).isEmpty();
        assertThat(credit()).isEqualByComparingTo("15.00");
        assertThat(world.notices(acme)).last().asString().startsWith("top-up-refunded top-up/");
    }

    private BigDecimal credit() {
        return world.application.get(CreditLedger.class).balance(acme, World.ISSUED);
    }

    private AccountTransfers accountTransfers() {
        return world.application.get(AccountTransfers.class);
    }

    private Refunds refunds() {
        return world.application.get(Refunds.class);
    }

    private AccessDecision access() {
        return world.application.get(Access.class).standing(acme).access();
    }

    private void use(String amount) {
        world.application
                .get(CreditLedger.class)
                .post(List.of(Posting.usage(
                        acme,
                        LedgerAccount.GRANT,
                        known().grant(),
                        new BigDecimal(amount),
                        "USD",
                        World.OCTOBER.plusMonths(1),
                        World.OCTOBER.plusMonths(1))));
    }

    @Test
    void aRefundIsAtMostWhatIsLeftOfTheCredit() {
        world.account(acme, VISA);
        buy("25.00");
        use("10.005");

        assertThatThrownBy(() -> refunds().refundTopUp(acme, "r1", new BigDecimal("15.00"), "x", Freely.GIVEN))
                .hasMessageContaining("at most USD 14.99 can be refunded");
        var refund = refunds().refundTopUp(acme, "r1", null, "No longer needed", Freely.GIVEN);

        assertThat(refund.status()).isEqualTo(Refund.RefundStatus.SUCCEEDED);
        assertThat(refund.amount()).isEqualByComparingTo("14.99");
        assertThat(credit()).isEqualByComparingTo("0.005");
        assertThatThrownBy(() -> refunds().refundTopUp(acme, "r1", null, "x", Freely.GIVEN))
                .hasMessageContaining("Nothing of the top-up r1");
    }

    @Test
    void aPendingRefundThatFailsGivesTheCreditBack() throws Exception {
        world.account(acme, "pm_card_pendingRefundFail");
        buy("25.00");
        assertThat(refunds().refundTopUp(acme, "r1", null, "x", Freely.GIVEN).status())
                .isEqualTo(Refund.RefundStatus.PENDING);
        assertThat(credit()).isZero();

        world.application.moveTo(World.morning(World.ISSUED.plusDays(1)));
        sweep();

        assertThat(credit()).isEqualByComparingTo("25.00");
        assertThat(world.notices(acme)).noneMatch(notice -> notice.startsWith("top-up-refunded"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"winning_evidence", "losing_evidence"})
    void aDisputeTakesWhatIsLeftAndTheRestIsOwed(String evidence) throws Exception {
        world.account(acme, "pm_card_createDispute");
        var bought = buy("25.00");
        use("10.00");

        sweep();
        assertThat(credit()).isZero();
        assertThat(accountTransfers().standing(acme).owed()).isEqualByComparingTo("10.00");
        assertThat(access()).isEqualTo(AccessDecision.PAYMENT_REQUIRED);
        assertThat(world.notices(acme)).last().asString().startsWith("top-up-disputed dispute/");
        assertThatThrownBy(() -> refunds().refundTopUp(acme, "r1", BigDecimal.ONE, "x", Freely.GIVEN))
                .hasMessageContaining("owes USD 10.00");
        accountTransfers().record(acme, new BigDecimal("4.00"), "part-" + acme, null);
        assertThat(accountTransfers().standing(acme).owed()).isEqualByComparingTo("6.00");

        stripe.v1()
                .disputes()
                .update(
                        disputeOf(bought),
                        DisputeUpdateParams.builder()
                                .setEvidence(DisputeUpdateParams.Evidence.builder()
                                        .setUncategorizedText(evidence)
                                        .build())
                                .build());
        sweep();

        if (evidence.equals("winning_evidence")) {
            assertThat(credit()).isEqualByComparingTo("15.00");
            assertThat(accountTransfers().standing(acme).owed()).isZero();
            assertThat(accountTransfers().standing(acme).amount()).isEqualByComparingTo("4.00");
            assertThat(access()).isEqualTo(AccessDecision.ALLOWED);
        } else {
            assertThat(access()).isEqualTo(AccessDecision.PAYMENT_REQUIRED);
            accountTransfers().record(acme, new BigDecimal("6.50"), "rest-" + acme, null);
            assertThat(accountTransfers().standing(acme).owed()).isZero();
            assertThat(accountTransfers().standing(acme).amount()).isEqualByComparingTo("0.50");
            assertThat(access()).isEqualTo(AccessDecision.ALLOWED);
        }
    }

    @Test
    void creditThatACorrectionGaveBackPaysWhatIsOwedForIt() throws Exception {
        world.account(acme, "pm_card_createDispute");
        buy("25.00");
        use("10.00");
        sweep();
        use("-7.50");
        world.useBalances();

        assertThat(credit()).isZero();
        assertThat(accountTransfers().standing(acme).owed()).isEqualByComparingTo("2.50");
        use("-2.50");
        world.useBalances();
        assertThat(accountTransfers().standing(acme).owed()).isZero();
        assertThat(access()).isEqualTo(AccessDecision.ALLOWED);
    }

    private String disputeOf(TopUp bought) throws Exception {
        return stripe.v1()
                .disputes()
                .list(DisputeListParams.builder()
                        .setPaymentIntent(bought.intent())
                        .build())
                .getData()
                .getFirst()
                .getId();
    }
}
