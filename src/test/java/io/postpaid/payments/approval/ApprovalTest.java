package io.postpaid.payments.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.RefundListParams;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.books.report.Verification;
import io.postpaid.credit.CreditGrant;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.GrantKind;
import io.postpaid.payments.charging.World;
import io.postpaid.payments.settlement.AccountTransfers;
import io.postpaid.payments.settlement.Refund;
import io.postpaid.payments.settlement.Refund.RefundStatus;
import io.postpaid.payments.settlement.RefundCalls;
import io.postpaid.payments.topup.TopUps;
import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.audit.AuditLog;
import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.Run;
import io.postpaid.support.Crashes;
import io.postpaid.support.Killed;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Above 100.00 a day and account, money is given back or away by two people, once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked
class ApprovalTest {
    private static final Actor ANNA = new Actor("anna", "by hand");
    private static final Actor BOB = new Actor("bob", "by mouse");
    private static final Actor CARL = new Actor("carl", "by phone");

    private World world;
    private GiveBack giveBack;
    private Approvals approvals;
    private StripeClient stripe;
    private int accounts;
    private String acme;

    @BeforeAll
    void start(@TempDir Path home) {
        world = new World(home, Map.of("POSTPAID_APPROVE_ABOVE", "100"));
        giveBack = world.application.get(GiveBack.class);
        approvals = world.application.get(Approvals.class);
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
    }

    @AfterEach
    void theBooksHold() {
        world.application.crashes.revive();
        // Events of Stripe, PDF files and the lines of invoices have no place here.
        var proved = List.of(
                "approvals",
                "settlements",
                "money-in",
                "given-back",
                "money-back",
                "account-balance",
                "pending-refunds",
                "losses",
                "settlement-postings",
                "credit-notes",
                "refunds",
                "grants",
                "audit-log");
        var checks = world.application.get(Verification.class).run().stream()
                .filter(check -> proved.contains(check.name()))
                .toList();
        assertThat(checks).hasSameSizeAs(proved);
        assertThat(checks.stream().flatMap(check -> check.examples().stream())).isEmpty();
        // What a story leaves open is not taken up by the next.
        world.jdbc
                .sql("update invoice set status = 'VOID' where status = 'OPEN'")
                .update();
        world.jdbc.sql("update account set payment_method_wanted = null").update();
    }

    private static BigDecimal usd(String amount) {
        return new BigDecimal(amount);
    }

    private String number(long invoice) {
        return world.application.get(Invoices.class).get(invoice).issuedNumber();
    }

    private long paid(String amount) {
        world.account(acme, "pm_card_visa");
        var invoice = world.invoice(acme, amount);
        world.charge();
        assertThat(world.status(invoice)).isEqualTo("PAID");
        return invoice;
    }

    private List<Long> refundsAtStripe(long invoice) throws StripeException {
        var intent = world.jdbc
                .sql("select stripe_id from payment_intent where invoice = :invoice")
                .param("invoice", invoice)
                .query(String.class)
                .single();
        var of = RefundListParams.builder().setPaymentIntent(intent).build();
        return stripe.v1().refunds().list(of).getData().stream()
                .map(com.stripe.model.Refund::getAmount)
                .toList();
    }

    private void night() {
        Alone.run(
                world.application,
                new Run("nightly", World.ISSUED, 1),
                world.application.get(RefundCalls.class)::unresolved);
    }

    private BigDecimal credit() {
        return world.application.get(CreditLedger.class).balance(acme, World.ISSUED);
    }

    private static Approval waiting(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Waits.class);
        return ((Outcome.Waits<?>) outcome).approval();
    }

    private static void done(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
    }

    private List<String> audited() {
        var entries = new ArrayList<String>();
        world.application
                .get(AuditLog.class)
                .each(
                        acme,
                        null,
                        null,
                        entry -> entries.add(
                                entry.who() + " | " + entry.source() + " | " + entry.what() + " " + entry.change() + " "
                                        + entry.after().path("status").asString("")));
        return entries;
    }

    @Test
    void aRefundAboveTheAmountIsMadeOnceAnotherPersonApprovesIt() throws Exception {
        var invoice = paid("150.00");
        var number = number(invoice);

        var waits = waiting(giveBack.refund(ANNA, number, usd("120.00"), "An outage"));
        assertThat(waits.text()).isEqualTo("USD 120.00 back to the card for invoice " + number);
        assertThat(refundsAtStripe(invoice)).isEmpty();
        // Who asks again has not two of them, whoever it is.
        assertThat(waiting(giveBack.refund(CARL, number, usd("120"), "An outage"))
                        .id())
                .isEqualTo(waits.id());
        assertThat(approvals.list(false, Long.MAX_VALUE, 10)).contains(waits);

        assertThatThrownBy(() -> approvals.approve(waits.id(), ANNA))
                .hasMessage("anna asked for approval " + waits.id() + " himself: another person has to decide it");
        assertThatThrownBy(() -> approvals.reject(waits.id(), ANNA, "")).hasMessageContaining("another person");
        assertThatThrownBy(() -> approvals.approve(waits.id(), Actor.SYSTEM)).hasMessageContaining("needs a person");
        assertThatThrownBy(() -> approvals.approve(999_999, BOB)).hasMessageContaining("no approval 999999");
        assertThat(refundsAtStripe(invoice)).isEmpty();

        var approved = approvals.approve(waits.id(), BOB);
        assertThat(((Refund) approved.made()).status()).isEqualTo(RefundStatus.SUCCEEDED);
        assertThat(approved.approval().decidedBy()).isEqualTo("bob");
        assertThat(refundsAtStripe(invoice)).containsExactly(12000L);
        assertThat(world.notices(acme)).hasSize(2);

        assertThatThrownBy(() -> approvals.approve(waits.id(), CARL))
                .hasMessageStartingWith("Approval " + waits.id() + " was approved by bob on ");
        assertThatThrownBy(() -> approvals.reject(waits.id(), CARL, "too late"))
                .hasMessageContaining("approved by bob");
        assertThat(refundsAtStripe(invoice)).containsExactly(12000L);
        assertThat(approvals.list(false, Long.MAX_VALUE, 10)).doesNotContain(waits);
        assertThat(approvals.list(true, Long.MAX_VALUE, 10)).contains(approved.approval());
        assertThat(approvals.list(true, waits.id(), 10)).doesNotContain(approved.approval());
        assertThat(audited())
                .contains(
                        "anna | by hand | approval INSERT WAITING",
                        "bob | by mouse, approval " + waits.id() + " that anna asked for | approval UPDATE APPROVED");
        assertThat(world.jdbc
                        .sql("select who || ' | ' || source from audit_told where what = 'refund' and change = 'INSERT'"
                                + " order by id desc limit 1")
                        .query(String.class)
                        .single())
                .isEqualTo("bob | by mouse, approval " + waits.id() + " that anna asked for");
    }

    @Test
    void whatIsRejectedIsNotDone() throws Exception {
        var invoice = paid("150.00");
        var waits = waiting(giveBack.refund(ANNA, number(invoice), usd("120.00"), "An outage"));

        var rejected = approvals.reject(waits.id(), BOB, "There was none");

        assertThat(rejected.status()).isEqualTo(Approval.Status.REJECTED);
        assertThat(rejected.decidedBecause()).isEqualTo("There was none");
        assertThatThrownBy(() -> approvals.approve(waits.id(), CARL)).hasMessageContaining("was rejected by bob");
        assertThat(refundsAtStripe(invoice)).isEmpty();
        assertThat(audited()).contains("bob | by mouse | approval UPDATE REJECTED");
        // And can be asked for once more.
        assertThat(waiting(giveBack.refund(ANNA, number(invoice), usd("120.00"), "An outage"))
                        .id())
                .isGreaterThan(waits.id());
    }

    @Test
    void manySmallAmountsOfADayAreOneLargeOne() {
        world.account(acme, null);
        done(grant(ANNA, "60.00"));
        done(grant(ANNA, "40.00"));
        var waits = waiting(grant(ANNA, "0.01"));
        // Another person does not begin anew, and neither does another verb.
        assertThat(waiting(grant(CARL, "0.02")).askedBy()).isEqualTo("carl");
        var invoice = world.invoice(acme, "10.00");
        var writeOff = waiting(giveBack.writeOff(ANNA, number(invoice), "gone"));
        assertThat(writeOff.amount()).isEqualByComparingTo("10.00");
        assertThat(credit()).isEqualByComparingTo("100.00");

        // What two people gave counts for neither of them.
        approvals.approve(waits.id(), BOB);
        assertThat(credit()).isEqualByComparingTo("100.01");
        world.application.moveTo(World.morning(World.ISSUED.plusDays(1)));
        done(grant(ANNA, "100.00"));
        waiting(grant(ANNA, "0.01"));
    }

    private Outcome<CreditGrant> grant(Actor asker, String amount) {
        return giveBack.grant(asker, acme, usd(amount), GrantKind.GOODWILL, null, "Sorry");
    }

    @Test
    void whatIsImpossibleIsRefusedAtOnceAndWhatBecomesSoWaitsToBeRejected() {
        world.account(acme, null);
        assertThatThrownBy(
                        () -> giveBack.grant(ANNA, acme, usd("500.00"), GrantKind.PROMO, World.ISSUED.minusDays(1), ""))
                .hasMessageContaining("could never be used");
        assertThatThrownBy(() -> giveBack.refund(ANNA, "2026-999999", usd("500.00"), "x"))
                .hasMessageContaining("no invoice");
        var invoice = number(world.invoice(acme, "150.00"));
        var all = waiting(giveBack.writeOff(ANNA, invoice, "gone"));
        var note = waiting(giveBack.creditNote(ANNA, invoice, usd("110.00"), "An outage"));
        done(giveBack.creditNote(ANNA, invoice, usd("50.00"), "A mistake"));

        assertThatThrownBy(() -> approvals.approve(note.id(), BOB)).hasMessageContaining("at most 100.00 USD");
        assertThatThrownBy(() -> approvals.approve(all.id(), BOB))
                .hasMessage("Approval " + all.id() + " is for USD 150.00, and now it would be USD 100.00:"
                        + " reject it, and ask again");
        assertThat(approvals.get(note.id()).status()).isEqualTo(Approval.Status.WAITING);
        assertThat(world.status(world.application
                        .get(Invoices.class)
                        .find(invoice)
                        .orElseThrow()
                        .id()))
                .isEqualTo("OPEN");
        approvals.reject(note.id(), BOB, "");
        approvals.reject(all.id(), BOB, "");
        var rest = waiting(giveBack.writeOff(ANNA, invoice, "gone"));
        approvals.approve(rest.id(), CARL);
        assertThat(approvals.get(rest.id()).item()).isEqualTo(invoice);
    }

    @Test
    void whatWentByBankWentOnTheDayItWasAskedFor() {
        world.account(acme, null);
        world.application.get(AccountTransfers.class).record(acme, usd("400.00"), "in-" + acme, null);
        var waits = waiting(giveBack.sendBack(ANNA, acme, usd("150.00"), "out-" + acme, null, "paid twice"));
        world.application.moveTo(World.morning(World.ISSUED.plusDays(3)));
        var later = waiting(giveBack.sendBack(ANNA, acme, usd("150.00"), "out-" + acme, null, "paid twice"));
        assertThat(later.id()).isNotEqualTo(waits.id());

        approvals.approve(waits.id(), BOB);

        assertThat(world.jdbc
                        .sql("select at::date::text from account_return where reference = :reference")
                        .param("reference", "out-" + acme)
                        .query(String.class)
                        .single())
                .isEqualTo("2026-11-01");
        // The same transfer is recorded once.
        assertThatThrownBy(() -> approvals.approve(later.id(), BOB))
                .hasMessageContaining("was done before: nothing was done now");
        assertThat(approvals.get(later.id()).status()).isEqualTo(Approval.Status.WAITING);
        done(giveBack.sendBack(ANNA, acme, usd("150.00"), "out-" + acme, null, "paid twice"));
    }

    /** Approved is what was asked of Stripe; what Stripe does not do moves nothing. */
    @Test
    void anApprovedRefundThatStripeRefusesMovesNothing() throws Exception {
        world.account(acme, "pm_card_createDispute");
        var invoice = world.invoice(acme, "150.00");
        world.charge();
        var waits = waiting(giveBack.refund(ANNA, number(invoice), usd("120.00"), "An outage"));

        var approved = approvals.approve(waits.id(), BOB);

        assertThat(((Refund) approved.made()).status()).isEqualTo(RefundStatus.REFUSED);
        assertThat(refundsAtStripe(invoice)).isEmpty();
        assertThat(world.settlements(invoice)).isEqualTo(1);
    }

    @Test
    void anApprovalMayDieAnywhere() throws Exception {
        long points = approvalThatDiesAt(Long.MAX_VALUE);
        assertThat(points).isGreaterThan(20);
        for (long point = 0; point < points; point += Crashes.STEP) {
            acme = "acme-" + ++accounts;
            approvalThatDiesAt(point);
        }
    }

    private long approvalThatDiesAt(long point) throws Exception {
        var invoice = paid("150.00");
        var waits = waiting(giveBack.refund(ANNA, number(invoice), usd("120.00"), "An outage"));
        world.application.crashes.killAfter(point);
        long points;
        try {
            approvals.approve(waits.id(), BOB);
        } catch (Killed dead) {
            // Another process goes on.
        } finally {
            points = world.application.crashes.passed();
            world.application.crashes.revive();
        }
        // Either the night comes first, or somebody who approves it once more.
        if (point % 2 == 0) night();
        try {
            approvals.approve(waits.id(), CARL);
        } catch (IllegalArgumentException approvedBefore) {
            assertThat(approvedBefore).hasMessageContaining("was approved by bob");
        }
        night();
        var how = "killed at " + point;
        assertThat(refundsAtStripe(invoice)).as(how).containsExactly(12000L);
        assertThat(approvals.get(waits.id()).status()).as(how).isEqualTo(Approval.Status.APPROVED);
        assertThat(world.jdbc
                        .sql("select status from refund where invoice = :invoice")
                        .param("invoice", invoice)
                        .query(String.class)
                        .list())
                .as(how)
                .containsExactly("SUCCEEDED");
        assertThat(world.notices(acme)).as(how).hasSize(2);
        return points;
    }

    @Test
    void aTopUpGoesBackWithWhatIsLeftOfItWhenItIsAskedFor() {
        world.account(acme, "pm_card_visa");
        world.attach(acme);
        var bought = world.application.get(TopUps.class).buy(acme, usd("180.00"), "r");
        assertThat(bought).isInstanceOf(TopUps.Answer.Taken.class);

        var waits = waiting(giveBack.refundTopUp(ANNA, acme, "r", null, "Closed"));
        assertThat(waits.amount()).isEqualByComparingTo("180.00");
        done(giveBack.refundTopUp(ANNA, acme, "r", usd("30.00"), "Closed"));
        assertThatThrownBy(() -> approvals.approve(waits.id(), BOB))
                .hasMessageContaining("so 180.00 cannot be refunded");
        approvals.approve(
                waiting(giveBack.refundTopUp(ANNA, acme, "r", null, "Closed")).id(), BOB);
        assertThat(credit()).isEqualByComparingTo("0.00");
    }

    @Test
    void aGrantMayDieAnywhereToo() {
        for (long point = 0, points = 1; point < points; point++) {
            acme = "acme-" + ++accounts;
            world.account(acme, null);
            var waits = waiting(grant(ANNA, "200.00"));
            world.application.crashes.killAfter(point);
            try {
                approvals.approve(waits.id(), BOB);
            } catch (Killed dead) {
                points = point + 2;
            } finally {
                world.application.crashes.revive();
            }
            if (approvals.get(waits.id()).status() == Approval.Status.WAITING) {
                assertThat(credit()).as("killed at " + point).isEqualByComparingTo("0");
                approvals.approve(waits.id(), CARL);
            }
            assertThat(credit()).as("killed at " + point).isEqualByComparingTo("200.00");
        }
    }

    @Test
    void ofTwoWhoApproveAtOnceOneDoes() throws Exception {
        for (int round = 0; round < 8; round++) {
            acme = "acme-" + ++accounts;
            var invoice = paid("150.00");
            var refund = waiting(giveBack.refund(ANNA, number(invoice), usd("120.00"), "An outage"));
            var given = waiting(grant(ANNA, "200.00"));

            for (var waits : List.of(refund, given)) {
                var told = atOnce(
                        () -> approvals.approve(waits.id(), BOB).approval().decidedBy(),
                        () -> approvals.approve(waits.id(), CARL).approval().decidedBy(),
                        () -> approvals.reject(waits.id(), CARL, "").decidedBy());
                assertThat(told)
                        .filteredOn(one -> List.of("bob", "carl").contains(one))
                        .hasSize(1);
                assertThat(told)
                        .filteredOn(one -> one.contains("nothing was done now"))
                        .hasSize(2);
            }
            var refunded = approvals.get(refund.id()).status() == Approval.Status.APPROVED;
            assertThat(refundsAtStripe(invoice)).hasSize(refunded ? 1 : 0);
            var granted = approvals.get(given.id()).status() == Approval.Status.APPROVED;
            assertThat(credit()).isEqualByComparingTo(granted ? "200.00" : "0.00");
        }
    }

    @Test
    void smallAmountsAtOnceDoNotPassTogether() throws Exception {
        for (int round = 0; round < 10; round++) {
            acme = "acme-" + ++accounts;
            world.account(acme, null);
            Callable<String> sixty = () -> grant(ANNA, "60.00").getClass().getSimpleName();
            assertThat(atOnce(sixty, sixty, sixty)).containsExactlyInAnyOrder("Done", "Waits", "Waits");
            assertThat(credit()).isEqualByComparingTo("60.00");
            assertThat(approvals.list(false, Long.MAX_VALUE, 100).stream()
                            .filter(approval -> approval.account().equals(acme)))
                    .hasSize(1);
        }
    }

    @SafeVarargs
    private static List<String> atOnce(Callable<String>... works) throws InterruptedException {
        var told = new ArrayList<String>();
        try (var crew = Executors.newFixedThreadPool(works.length)) {
            var begun = new ArrayList<Future<String>>();
            var together = new CyclicBarrier(works.length);
            for (var work : works) {
                begun.add(crew.submit(() -> {
                    together.await();
                    return work.call();
                }));
            }
            for (var one : begun) {
                try {
                    told.add(one.get());
                } catch (ExecutionException refused) {
                    told.add(refused.getCause().getMessage());
                }
            }
        }
        return told;
    }
}
