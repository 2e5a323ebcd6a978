package io.postpaid.payments.reconciliation;

import static java.math.BigDecimal.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.PayoutCreateParams;
import io.postpaid.books.report.Verification;
import io.postpaid.payments.charging.World;
import io.postpaid.payments.reconciliation.ProviderTie.Tie;
import io.postpaid.payments.settlement.Freely;
import io.postpaid.payments.settlement.Refunds;
import io.postpaid.payments.stripe.StripeMovements.Movement;
import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.support.Crashes;
import io.postpaid.support.Killed;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What moves Stripe's balance, in the company's books: with the stand-in over HTTP. */
@NullUnmarked
class ProviderMovementsTest {
    private static final BillingPeriod NOVEMBER = BillingPeriod.parse("2026-11");

    private World world;
    private int accounts;

    @BeforeEach
    void start(@TempDir Path home) {
        world = new World(home, Map.of());
    }

    @AfterEach
    void prove() {
        world.application.crashes.revive();
        assertThat(world.application.get(Verification.class).run().stream()
                        .filter(check -> check.name().equals("provider-movements"))
                        .flatMap(check -> check.examples().stream()))
                .isEmpty();
        world.close();
    }

    private long paid(String card, String amount) {
        var account = "acme-" + ++accounts;
        world.account(account, card);
        var invoice = world.invoice(account, amount);
        world.charge();
        return invoice;
    }

    private void payout(long minor, String descriptor) throws StripeException {
        var stripe = StripeClient.builder()
                .setApiKey("sk_test_sandbox")
                .setApiBase(world.application.sandbox().stripeBase())
                .build();
        stripe.v1()
                .payouts()
                .create(PayoutCreateParams.builder()
                        .setAmount(minor)
                        .setCurrency("usd")
                        .setStatementDescriptor(descriptor)
                        .build());
    }

    private void night(LocalDate day) {
        world.application.moveTo(World.morning(day));
        world.sweep(day);
        Alone.run(
                world.application, new Run("nightly", day, 1), world.application.get(ProviderMovements.class)::listed);
    }

    private List<String> postings() {
        return world.jdbc
                .sql(
                        "select posted_on || ' ' || kind || ' ' || debit || ' < ' || credit || ' ' || trim_scale(amount) || ' ' || currency"
                                + " from company_posting order by at, kind, debit, amount")
                .query(String.class)
                .list();
    }

    private List<Tie> tie(BillingPeriod period) {
        return world.application.get(ProviderTie.class).of(period);
    }

    @Test
    void feesAndPayoutsAreBookedOnce() throws Exception {
        var invoice = paid("pm_card_visa", "10.00");
        world.application.get(Refunds.class).refund(number(invoice), new BigDecimal("4.00"), "An outage", Freely.GIVEN);
        paid("pm_card_createDispute", "20.00");
        payout(500, "STRIPE");
        night(World.ISSUED);
        var booked = List.of(
                "2026-11-01 fee PROVIDER_FEES < PROVIDER_CLEARING 0.59 USD",
                "2026-11-01 fee PROVIDER_FEES < PROVIDER_CLEARING 0.88 USD",
                "2026-11-01 fee PROVIDER_FEES < PROVIDER_CLEARING 15 USD",
                "2026-11-01 payout BANK < PROVIDER_CLEARING 5 USD");
        assertThat(postings()).isEqualTo(booked);
        night(World.ISSUED.plusDays(1));
        var reconciliation = world.application.get(Reconciliation.class);
        assertThat(reconciliation
                        .of(NOVEMBER.firstDay(), NOVEMBER.issuedOn().minusDays(1))
                        .explained())
                .isTrue();
        assertThat(postings()).isEqualTo(booked);
        // 10 + 20 - 4 - 20 - fees of 16.47 - 5.
        assertThat(tie(NOVEMBER)).singleElement().satisfies(tie -> {
            assertThat(tie.booked()).isEqualByComparingTo("-15.47");
            assertThat(tie.moved()).isEqualByComparingTo("-15.47");
            assertThat(tie.differences()).isEmpty();
            assertThat(tie.holds()).isTrue();
        });
    }

    @Test
    void aPayoutThatFailsComesBack() throws Exception {
        paid("pm_card_visa", "10.00");
        payout(700, "FAILS");
        night(World.ISSUED);
        night(World.ISSUED.plusDays(2));
        assertThat(postings())
                .containsExactly(
                        "2026-11-01 fee PROVIDER_FEES < PROVIDER_CLEARING 0.59 USD",
                        "2026-11-01 payout BANK < PROVIDER_CLEARING 7 USD",
                        "2026-11-03 payout PROVIDER_CLEARING < BANK 7 USD");
        assertThat(tie(NOVEMBER)).allMatch(Tie::holds);
    }

    /** Money that Stripe has on the last of a month, and the books on the first of the next, is named with both days. */
    @Test
    void whatIsOnBothSidesOfAMonthIsNamed() {
        paid("pm_card_visa", "10.00");
        night(World.ISSUED);
        var intent = world.jdbc
                .sql("select stripe_id from payment_intent")
                .query(String.class)
                .single();
        world.application
                .get(ProviderMovements.class)
                .take(List.of(charge("txn_late", "pi_late", "3.00", "USD", "3.00", "USD", "2026-11-30T23:59:59Z")));
        post("CARD/pi_late", "3.00", "USD", "2026-12-01T00:00:10Z");
        assertThat(tie(NOVEMBER)).singleElement().satisfies(tie -> {
            assertThat(tie.differences())
                    .extracting(
                            one -> one.reference() + " " + one.amount() + " " + one.movedOn() + " " + one.bookedOn())
                    .containsExactly("pi_late -3 2026-11-30 2026-12-01");
            assertThat(tie.unexplained()).isZero();
            assertThat(tie.holds()).isTrue();
        });
        assertThat(tie(NOVEMBER.next())).singleElement().satisfies(tie -> {
            assertThat(tie.differences())
                    .extracting(one -> one.amount().toPlainString())
                    .containsExactly("3");
            assertThat(tie.holds()).isTrue();
        });
        assertThat(intent).startsWith("pi_");
    }

    /** A charge in euros that is paid out in dollars: what it is worth there is Stripe's word. */
    @Test
    void aConvertedChargeChangesTheCurrencyOfWhatIsAtStripe() {
        paid("pm_card_visa", "10.00");
        night(World.ISSUED);
        world.application
                .get(ProviderMovements.class)
                .take(List.of(charge("txn_eur", "pi_eur", "100.00", "EUR", "117.23", "USD", "2026-11-05T10:00:00Z")));
        post("CARD/pi_eur", "100.00", "EUR", "2026-11-05T10:00:03Z");
        assertThat(postings())
                .contains(
                        "2026-11-05 exchange FOREIGN_EXCHANGE < PROVIDER_CLEARING 100 EUR",
                        "2026-11-05 exchange PROVIDER_CLEARING < FOREIGN_EXCHANGE 117.23 USD",
                        "2026-11-05 fee PROVIDER_FEES < PROVIDER_CLEARING 0.5 USD");
        assertThat(tie(NOVEMBER)).hasSize(2).allMatch(Tie::holds);
    }

    /** A charge that another program made: its fee is ours, and its amount waits for a person. */
    @Test
    void whatTheBooksDoNotKnowIsNoMatterOfTime() {
        paid("pm_card_visa", "10.00");
        night(World.ISSUED);
        var movements = world.application.get(ProviderMovements.class);
        movements.take(List.of(charge("txn_x", "pi_x", "8.00", "USD", "8.00", "USD", "2026-11-07T10:00:00Z")));
        movements.take(List.of(new Movement(
                "txn_fee",
                "stripe_fee",
                "fee",
                "",
                "",
                amount("-2.50"),
                "USD",
                amount("-2.50"),
                ZERO,
                "USD",
                Instant.parse("2026-11-07T11:00:00Z"))));
        movements.take(List.of(new Movement(
                "txn_back",
                "stripe_fee",
                "fee",
                "",
                "",
                amount("0.50"),
                "USD",
                amount("0.50"),
                ZERO,
                "USD",
                Instant.parse("2026-11-08T11:00:00Z"))));
        assertThat(postings())
                .contains(
                        "2026-11-07 fee PROVIDER_FEES < PROVIDER_CLEARING 0.5 USD",
                        "2026-11-07 fee PROVIDER_FEES < PROVIDER_CLEARING 2.5 USD",
                        "2026-11-08 fee PROVIDER_CLEARING < PROVIDER_FEES 0.5 USD");
        assertThat(tie(NOVEMBER)).singleElement().satisfies(tie -> {
            assertThat(tie.unexplained()).isEqualByComparingTo("-8.00");
            assertThat(tie.holds()).isFalse();
        });
    }

    /** Whenever the process dies, the next night has each movement once. */
    @Test
    void aKilledNightIsDoneAgain() throws Exception {
        paid("pm_card_visa", "10.00");
        paid("pm_card_visa", "30.00");
        payout(500, "STRIPE");
        world.sweep(World.ISSUED);
        long last = 0;
        for (long points = 0; ; points += Crashes.STEP) {
            world.application.crashes.killAfter(points);
            try {
                night(World.ISSUED);
                break;
            } catch (Killed | RuntimeException e) {
                last = points;
            }
        }
        world.application.crashes.revive();
        night(World.ISSUED.plusDays(1));
        assertThat(last).isPositive();
        assertThat(postings()).hasSize(3);
        assertThat(tie(NOVEMBER)).allMatch(Tie::holds);
    }

    private String number(long invoice) {
        return world.jdbc
                .sql("select number from invoice where id = :id")
                .param("id", invoice)
                .query(String.class)
                .single();
    }

    private static BigDecimal amount(String amount) {
        return new BigDecimal(amount);
    }

    private static Movement charge(
            String id, String intent, String own, String ownCurrency, String gross, String currency, String at) {
        return new Movement(
                id,
                "charge",
                "charge",
                "ch_" + id,
                intent,
                amount(own),
                ownCurrency,
                amount(gross),
                amount("0.50"),
                currency,
                Instant.parse(at));
    }

    private void post(String reference, String amount, String currency, String at) {
        world.jdbc
                .sql(
                        "insert into posting (at, account, kind, debit, credit, amount, currency, reference)"
                                + " values (:at::timestamptz, 'acme-1', 'paid', 'CASH', 'RECEIVABLE', :amount, :currency, :reference)")
                .param("at", at)
                .param("amount", amount(amount))
                .param("currency", currency)
                .param("reference", reference)
                .update();
    }
}
