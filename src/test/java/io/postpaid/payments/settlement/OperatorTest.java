package io.postpaid.payments.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.PayoutCreateParams;
import io.postpaid.books.report.Verification;
import io.postpaid.payments.charging.World;
import io.postpaid.payments.reconciliation.Reconciliation;
import io.postpaid.payments.webhook.Webhooks;
import io.postpaid.platform.batch.HeldItems;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What an operator records by hand, and what is refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked
class OperatorTest {
    private static final LocalDate FIRST_OF_ACCOUNT = LocalDate.of(2026, 1, 1);

    private World world;
    private Transfers transfers;
    private Adjustments adjustments;

    @BeforeAll
    void start(@TempDir Path home) {
        world = new World(home, Map.of());
        transfers = world.application.get(Transfers.class);
        adjustments = world.application.get(Adjustments.class);
    }

    @AfterAll
    void stop() {
        world.close();
    }

    private String number(long invoice) {
        return world.jdbc
                .sql("select number from invoice where id = :id")
                .param("id", invoice)
                .query(String.class)
                .single();
    }

    @Test
    void aTransferIsMadeFromTheDayOfTheInvoiceOrTheFirstOfTheAccountUntilToday() {
        world.account("day", null);
        var invoice = number(world.invoice("day", "10.00"));
        var one = new BigDecimal("1.00");
        var today = World.ISSUED.plusDays(3);
        world.application.moveTo(World.morning(today));

        for (var wrong : new LocalDate[] {LocalDate.of(1990, 1, 1), World.ISSUED.minusDays(1), today.plusDays(1)}) {
            assertThatThrownBy(() -> transfers.record(invoice, one, "r", wrong))
                    .hasMessage(
                            "A transfer cannot have been made on " + wrong + ": invoice " + invoice
                                    + " is issued on 2026-11-01, and today is 2026-11-04. Give a day from the one to the other");
        }
        transfers.record(invoice, one, "issued", World.ISSUED);
        transfers.record(invoice, one, "today", today);
        var accountTransfers = world.application.get(AccountTransfers.class);
        for (var wrong : new LocalDate[] {FIRST_OF_ACCOUNT.minusDays(1), today.plusDays(1)}) {
            var refused = "A transfer cannot have been made on " + wrong
                    + ": account day began on 2026-01-01, and today is 2026-11-04. Give a day from the one to the other";
            assertThatThrownBy(() -> accountTransfers.record("day", one, "r", wrong))
                    .hasMessage(refused);
            assertThatThrownBy(() -> accountTransfers.sendBack("day", one, "r", wrong, "too much", Freely.GIVEN))
                    .hasMessage(refused);
        }
        accountTransfers.record("day", new BigDecimal("9.00"), "first", FIRST_OF_ACCOUNT);
        assertThat(accountTransfers
                        .sendBack("day", one, "back", FIRST_OF_ACCOUNT, "too much", Freely.GIVEN)
                        .balance())
                .isEqualByComparingTo("0.00");
    }

    @Test
    void aWrittenOffInvoiceIsNotCreditedAndAPaymentIsRecordedForIt() {
        world.account("gone", null);
        var invoice = number(world.invoice("gone", "10.00"));
        adjustments.writeOff(invoice, "gone", Freely.GIVEN);

        assertThatThrownBy(() -> adjustments.credit(invoice, new BigDecimal("1.00"), "a mistake", Freely.GIVEN))
                .hasMessage("Invoice " + invoice
                        + " is written off: what is open of it is given up already, so there is nothing to credit."
                        + " A payment for it reverses the write-off: ./postpaid payments record " + invoice
                        + " AMOUNT --reference R");
    }

    @Test
    void anEventThatNoRunCanProcessIsEndedWithAReason() {
        var webhooks = world.application.get(Webhooks.class);
        world.jdbc.sql("""
                insert into stripe_event_due (id, type, object, made_at, received_at, due_at)
                values ('evt_odd', 'payment_intent.succeeded', '', '2026-11-01', '2026-11-01', '2026-11-01')""").update();
        assertThatThrownBy(() -> webhooks.dismiss("evt_odd", "a test of Stripe's"))
                .hasMessageStartingWith("No run holds an event 'evt_odd'");
        world.jdbc.sql("""
                insert into held (step, item, reason, detail, first_at, last_at, runs)
                values ('sweep-events', 'event evt_odd payment_intent.succeeded 1793491200 ', 'UNREADABLE',
                        'it does not say what it is about', '2026-11-01', '2026-11-01', '{-1}')""").update();

        assertThatThrownBy(() -> webhooks.dismiss("evt_odd", " ")).hasMessageContaining("for a reason");
        assertThat(webhooks.dismiss("evt_odd", "a test of Stripe's").fault())
                .isEqualTo("UNREADABLE: it does not say what it is about");

        assertThat(world.application.get(HeldItems.class).open()).isEmpty();
        assertThat(world.jdbc.sql("""
                                select e.effect || ', ' || d.fault || ', ' || d.reason
                                       || (select ', ' || count(*) || ' due' from stripe_event_due)
                                  from stripe_event e
                                  join stripe_event_dismissed d on d.event = e.id""").query(String.class).list())
                .containsExactly("DISMISSED, UNREADABLE: it does not say what it is about, a test of Stripe's, 0 due");
        assertThat(world.application.get(Verification.class).run())
                .filteredOn(check -> check.name().equals("events-due"))
                .singleElement()
                .satisfies(
                        check -> assertThat(check.figure())
                                .isEqualTo(
                                        "0 delivered events wait to be processed, 0 of them for more than a day; 1 are dismissed"));
    }

    /** More than a page of Stripe's balance, and more than one of the books, on one day. */
    @Test
    void reconcileReadsAllPages() throws StripeException {
        var day = World.ISSUED.plusMonths(2);
        world.application.moveTo(World.morning(day));
        world.account("paged", null);
        var invoice = world.invoice("paged", "10.00", day.minusMonths(1), day);
        var stripe = StripeClient.builder()
                .setApiKey("sk_test_sandbox")
                .setApiBase(world.application.sandbox().stripeBase())
                .build();
        int payouts = 101;
        for (int i = 0; i < payouts; i++) {
            stripe.v1()
                    .payouts()
                    .create(PayoutCreateParams.builder()
                            .setAmount(100L)
                            .setCurrency("usd")
                            .build());
        }
        // They come before a charge that Stripe does not know, in the order of the books.
        world.jdbc.sql("""
                insert into account_payment (reference, account, currency, amount, at)
                select 'p' || n, 'paged', 'USD', 1, :at::timestamptz from generate_series(1, 10001) n""").param("at", day.toString()).update();
        world.jdbc
                .sql("""
                insert into settlement (invoice, kind, amount, reference, at)
                values (:invoice, 'CARD', 10, 'pi_nobody', :at::timestamptz)""")
                .param("invoice", invoice)
                .param("at", day.toString())
                .update();

        var result = world.application.get(Reconciliation.class).of(day, day);

        assertThat(result.lines()).singleElement().satisfies(line -> {
            assertThat(line.kind() + " " + line.count()).isEqualTo("payout " + payouts);
            assertThat(line.atStripe()).isEqualByComparingTo("-101.00");
        });
        assertThat(result.orphans())
                .singleElement()
                .satisfies(orphan -> assertThat(orphan.kind() + " " + orphan.reference() + " " + orphan.amount())
                        .isEqualTo("CARD pi_nobody -10"));
    }
}
