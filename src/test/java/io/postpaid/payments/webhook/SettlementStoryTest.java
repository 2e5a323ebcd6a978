package io.postpaid.payments.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.net.Webhook;
import com.stripe.param.DisputeUpdateParams;
import com.stripe.param.EventListParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PayoutCreateParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import com.stripe.param.SetupIntentCreateParams;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.books.report.Verification;
import io.postpaid.credit.CreditLedger;
import io.postpaid.payments.charging.World;
import io.postpaid.payments.reconciliation.Reconciliation;
import io.postpaid.payments.settlement.AccountTransfers;
import io.postpaid.payments.settlement.Adjustments;
import io.postpaid.payments.settlement.Freely;
import io.postpaid.payments.settlement.Refund;
import io.postpaid.payments.settlement.Refunds;
import io.postpaid.payments.settlement.Transfers;
import io.postpaid.payments.stripe.StripeEvent;
import io.postpaid.payments.webhook.Webhooks.Answer.Taken;
import io.postpaid.platform.batch.Done;
import io.postpaid.support.Crashes;
import io.postpaid.support.Killed;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stories of money that comes and goes outside of our charges, with the Stripe stand-in over HTTP and its own events. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked
class SettlementStoryTest {
    private static final Set<String> PROVED = Set.of(
            "settlements",
            "charged-once",
            "confirmed-once",
            "money-in",
            "given-back",
            "money-back",
            "account-balance",
            "pending-refunds",
            "losses",
            "settlement-postings",
            "credit-notes",
            "refunds",
            "events",
            "grants");

    private World world;
    private StripeClient stripe;
    private int accounts;
    private String acme;
    private int references;

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
        // Time goes back from story to story.
        world.jdbc.sql("delete from stripe_sweep").update();
    }

    /** Whatever happened, the books must hold; and what a story leaves open must not be taken up by the next. */
    @AfterEach
    void proveAndTidy() {
        world.gateway.loseCall = null;
        world.gateway.loseAnswerOf = null;
        world.application.crashes.revive();
        assertThat(world.application.get(Verification.class).run().stream()
                        .filter(check -> PROVED.contains(check.name()) && !check.holds())
                        .flatMap(check -> check.examples().stream()))
                .isEmpty();
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

    private Transfers transfers() {
        return world.application.get(Transfers.class);
    }

    private AccountTransfers accountTransfers() {
        return world.application.get(AccountTransfers.class);
    }

    private Adjustments adjustments() {
        return world.application.get(Adjustments.class);
    }

    private Refunds refunds() {
        return world.application.get(Refunds.class);
    }

    private boolean overdue() {
        return world.jdbc
                .sql(
                        "select exists (select from invoice where account = :account and status = 'OPEN' and not under_review(id))")
                .param("account", acme)
                .query(Boolean.class)
                .single();
    }

    private Webhooks webhooks() {
        return world.application.get(Webhooks.class);
    }

    private String number(long invoice) {
        return world.application.get(Invoices.class).get(invoice).issuedNumber();
    }

    private BigDecimal open(long invoice) {
        var invoices = world.application.get(Invoices.class);
        return invoices.openAmount(invoices.get(invoice));
    }

    private static BigDecimal usd(String amount) {
        return new BigDecimal(amount);
    }

    private String reference() {
        return "bank-" + ++references;
    }

    private BigDecimal balance() {
        assertThat(world.application.get(CreditLedger.class).balance(acme, day(0)))
                .as("nothing becomes credit")
                .isZero();
        return accountTransfers().standing(acme).amount();
    }

    private BigDecimal losses() {
        return world.jdbc
                .sql("select coalesce(sum(amount), 0) from report_loss where account = :a")
                .param("a", acme)
                .query(BigDecimal.class)
                .single();
    }

    private String intent(long invoice) {
        return world.jdbc
                .sql("select stripe_id from payment_intent where invoice = :i")
                .param("i", invoice)
                .query(String.class)
                .single();
    }

    private String accountStatus() {
        return world.application.get(Accounts.class).get(acme).status().name();
    }

    /** Stripe's events of a type about an object, or of all objects, as it would deliver them. */
    private List<String> events(String type, String object) {
        try {
            return stripe
                    .v1()
                    .events()
                    .list(EventListParams.builder().setType(type).setLimit(100L).build())
                    .getData()
                    .stream()
                    .map(event ->
                            "{\"id\":\"%s\",\"object\":\"event\",\"type\":\"%s\",\"created\":%d,\"data\":{\"object\":%s}}"
                                    .formatted(
                                            event.getId(),
                                            event.getType(),
                                            event.getCreated(),
                                            event.getDataObjectDeserializer().getRawJson()))
                    .filter(json -> json.contains("\"" + object + "\""))
                    .toList();
        } catch (StripeException e) {
            throw new IllegalStateException(e);
        }
    }

    private Webhooks.Answer deliver(String event) {
        return deliver(event, Webhooks.SANDBOX_SECRET, 0);
    }

    private Webhooks.Answer deliver(String event, String secret, long ageSeconds) {
        var answer = webhooks().receive(event.getBytes(StandardCharsets.UTF_8), sign(event, secret, ageSeconds));
        Events.processDue(world.application);
        return answer;
    }

    private String sign(String event, String secret, long ageSeconds) {
        try {
            return Webhook.Signature.generateSignatureHeader(event, secret, now() - ageSeconds);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private long now() {
        return world.application
                .get(io.postpaid.platform.calendar.BillingClock.class)
                .instant()
                .getEpochSecond();
    }

    /** All events of a type about an object, each twice, as Stripe may. */
    private List<Boolean> deliverAll(String type, String object) {
        var first = new ArrayList<Boolean>();
        for (var event : events(type, object)) {
            first.add(((Taken) deliver(event)).first());
            assertThat(((Taken) deliver(event)).first()).isFalse();
        }
        return first;
    }

    private Done sweep() {
        return world.sweep(day(0));
    }

    private List<String> settled(long invoice) {
        return transfers().list(number(invoice), 100).reversed().stream()
                .map(entry -> entry.kind() + " " + entry.amount() + (entry.balance() ? " of balance" : ""))
                .sorted()
                .toList();
    }

    /** An invoice that its card has paid. */
    private long paid(String card, String amount) {
        world.account(acme, card);
        var invoice = world.invoice(acme, amount);
        world.charge();
        assertThat(world.status(invoice)).isEqualTo("PAID");
        return invoice;
    }

    // Bank transfers

    @Test
    void aTransferInPartsPaysOnce() {
        world.account(acme, null);
        var invoice = world.invoice(acme, "10.00");
        var first = reference();

        var part = transfers().record(number(invoice), usd("4.00"), first, day(0));
        assertThat(world.status(invoice)).isEqualTo("OPEN");
        assertThat(part.open()).isEqualByComparingTo("6.00");
        assertThat(world.notices(acme)).isEmpty();

        var again = transfers().record(number(invoice), usd("4.00"), first, day(0));
        assertThat(again.known()).isTrue();
        assertThatThrownBy(() -> transfers().record(number(invoice), usd("6.00"), first, null))
                .hasMessageContaining("stands for another payment already");

        var second = reference();
        transfers().record(number(invoice), usd("6.00"), second, null);
        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(transfers()
                        .record(number(invoice), usd("6.00"), second, null)
                        .known())
                .isTrue();
        assertThat(settled(invoice)).containsExactly("TRANSFER 4.00", "TRANSFER 6.00");
        assertThat(world.notices(acme)).containsExactly("payment-succeeded " + number(invoice) + "/transfer/" + second);
        assertThat(balance()).isZero();
    }

    /** Three decimals are right for a dinar at the bank, though a card pays in steps of 0.010. */
    @Test
    void aTransferHasTheDecimalsOfItsCurrency() {
        for (var currency : List.of("KWD", "JPY")) {
            world.account(acme + currency, null);
            world.jdbc
                    .sql("update account set currency = :currency where id = :id")
                    .param("currency", currency)
                    .param("id", acme + currency)
                    .update();
        }
        var dinars = world.invoice(acme + "KWD", "20.000");
        var yen = world.invoice(acme + "JPY", "20");

        var part = transfers().record(number(dinars), usd("12.345"), reference(), null);
        assertThat(part.open()).isEqualByComparingTo("7.655");
        assertThatThrownBy(() -> transfers().record(number(dinars), usd("1.2345"), reference(), null))
                .hasMessageStartingWith("1.2345 KWD has more than 3 decimals");
        assertThatThrownBy(() -> transfers().record(number(yen), usd("12.5"), reference(), null))
                .hasMessageStartingWith("12.5 JPY has decimals, which the currency has not");
        accountTransfers().record(acme + "KWD", usd("0.005"), reference(), null);
        var rest = transfers().record(number(dinars), usd("7.650"), reference(), null);

        assertThat(rest.open()).isZero();
        assertThat(world.status(dinars)).isEqualTo("PAID");
        assertThat(settled(dinars)).containsExactly("CARRIED 0.005", "TRANSFER 12.345", "TRANSFER 7.650");
        assertThat(accountTransfers().standing(acme + "KWD").amount()).isEqualByComparingTo("0.005");
        assertThatThrownBy(() -> refunds().refund(number(dinars), usd("1.005"), "Sorry", Freely.GIVEN))
                .hasMessageContaining("is no amount that Stripe can give back: give a multiple of 0.010");
    }

    @Test
    void whatIsMoreThanOpenGoesToTheBalance() {
        world.account(acme, null);
        var invoice = world.invoice(acme, "10.00");

        var result = transfers().record(number(invoice), usd("12.50"), reference(), null);
        transfers().record(number(invoice), usd("10.00"), reference(), null);

        assertThat(result.balance()).isEqualByComparingTo("2.50");
        assertThat(settled(invoice))
                .containsExactly("TRANSFER 10.00", "TRANSFER 10.00 of balance", "TRANSFER 2.50 of balance");
        assertThat(balance()).isEqualByComparingTo("12.50");
        assertThat(world.notices(acme)).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = "VOID")
    void whatOwesNothingTakesNoTransfer(String status) {
        world.account(acme, null);
        var invoice = world.invoice(acme, "10.00");
        world.jdbc
                .sql("update invoice set status = :s where id = :i")
                .param("s", status)
                .param("i", invoice)
                .update();

        assertThatThrownBy(() -> transfers().record(number(invoice), usd("10.00"), reference(), null))
                .hasMessageContaining("is " + status + " and owes nothing")
                .hasMessageContaining("payments record " + acme + " 10.00 --reference R");
        assertThatThrownBy(() -> transfers().record("2026-999999", usd("1.00"), "r", null))
                .hasMessageContaining("There is no invoice '2026-999999'");
    }

    @Test
    void aTransferWaitsForAChargeThatIsNotKnown() {
        world.account(acme, "pm_card_visa");
        var invoice = world.invoice(acme, "10.00");
        world.attach(acme);
        world.gateway.loseAnswerOf = "confirm";
        world.gateway.loseCall = "get";
        assertThatThrownBy(world::charge).hasMessageContaining("does not answer");
        world.gateway.loseAnswerOf = null;

        assertThatThrownBy(() -> transfers().record(number(invoice), usd("10.00"), reference(), null))
                .hasMessageContaining("It is not known yet whether invoice " + number(invoice))
                .hasMessageContaining("Nothing was changed");
        assertThat(settled(invoice)).isEmpty();

        world.gateway.loseCall = null;
        transfers().record(number(invoice), usd("10.00"), reference(), null);
        assertThat(settled(invoice)).containsExactly("CARD 10.00", "TRANSFER 10.00 of balance");
        assertThat(world.attempts(invoice)).containsExactly("1 SUCCEEDED");
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 1000");
    }

    @Test
    void whatATransferLeavesIsChargedToTheCard() {
        world.account(acme, "pm_card_visa_chargeDeclinedInsufficientFunds");
        var invoice = world.invoice(acme, "10.00");
        world.charge();
        transfers().record(number(invoice), usd("7.00"), reference(), null);

        world.payments().newCard(acme, "pm_card_visa");

        assertThat(settled(invoice)).containsExactly("CARD 3.00", "TRANSFER 7.00");
        assertThat(world.chargesAtStripe(acme)).containsExactly("failed 1000", "succeeded 300");
    }

    @Test
    void theAccountIsBackAtOnce() {
        world.account(acme, null);
        var invoice = world.invoice(acme, "10.00");
        var other = world.invoice(acme, "5.00", LocalDate.of(2026, 9, 1), LocalDate.of(2026, 10, 1));
        world.application.moveTo(World.morning(day(9)));
        world.application.get(Accounts.class).suspend(acme, "unpaid");

        transfers().record(number(invoice), usd("10.00"), reference(), null);
        assertThat(accountStatus()).isEqualTo("SUSPENDED");
        adjustments().writeOff(number(other), "not worth the stamp", Freely.GIVEN);

        assertThat(world.status(other)).isEqualTo("UNCOLLECTIBLE");
        assertThat(settled(other)).containsExactly("WRITE_OFF 5.00");
        assertThat(accountStatus()).isEqualTo("ACTIVE");
        assertThat(world.notices(acme)).last().isEqualTo("account-reactivated " + number(other));
        assertThatThrownBy(() -> adjustments().writeOff(number(other), "again", Freely.GIVEN))
                .hasMessageContaining("is UNCOLLECTIBLE: only an OPEN one can be written off");
    }

    // Credit notes

    @Test
    void aCreditNoteTakesOffWhatIsOpenAndFreesWhatIsPaid() {
        world.account(acme, null);
        var invoice = world.invoice(acme, "10.00");
        transfers().record(number(invoice), usd("7.00"), reference(), null);

        var note = adjustments().credit(number(invoice), usd("4.00"), "An outage on 12 October", Freely.GIVEN);

        assertThat(note.number()).matches("CN-2026-\\d{6}");
        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(settled(invoice))
                .containsExactly("CREDIT_NOTE 1.00 of balance", "CREDIT_NOTE 3.00", "TRANSFER 7.00");
        assertThat(balance()).isEqualByComparingTo("1.00");
        assertThat(world.notices(acme)).containsExactly("credit-note " + note.number());
        assertThatThrownBy(() -> adjustments().credit(number(invoice), usd("6.01"), "More", Freely.GIVEN))
                .hasMessageContaining("at most 6.00 USD can be credited");
        assertThatThrownBy(() -> adjustments().credit(number(invoice), usd("1.00"), "\u0378", Freely.GIVEN))
                .hasMessageContaining("The reason cannot be printed");
    }

    /** More of one rate was taken back than used: its tax is below zero, and is returned as that. */
    @Test
    void aTaxBelowZeroIsReturnedToo() {
        world.account(acme, null);
        var plain = world.invoice(acme, "1.00");
        var invoice =
                world.jdbc.sql("""
                        insert into invoice (account, period, currency, status, year, number, customer, issued_on, due_on,
                                             subtotal, credits, tax, total, amount_due)
                        select account, date '2026-08-01', currency, 'OPEN', 2026, 'T' || number, customer, issued_on,
                               due_on, 100.00, 0, -30.00, 70.00, 70.00
                          from invoice where id = :plain
                        returning id""").param("plain", plain).query(Long.class).single();
        world.jdbc.sql("""
                set session_replication_role = replica;
                insert into invoice_tax (invoice, position, category, name, percent, base, tax)
                values (%1$d, 1, 'S', 'VAT', 10, 200.00, 20.00), (%1$d, 2, 'S', 'VAT', 50, -100.00, -50.00);
                insert into invoice_line (invoice, position, product, usage_period, price, tier, quantity, unit, unit_price,
                                          listed_unit, amount, tax)
                values (%1$d, 1, 'a', '2026-08-01', 1, 1, 1, 'u', 1, 'u', 200.00, 1),
                       (%1$d, 2, 'b', '2026-08-01', 1, 1, 1, 'u', 1, 'u', -100.00, 2);
                set session_replication_role = origin""".formatted(invoice)).update();
        transfers().record(number(invoice), usd("50.00"), reference(), null);

        adjustments().credit(number(invoice), usd("30.00"), "A", Freely.GIVEN);
        adjustments().credit(number(invoice), usd("40.00"), "B", Freely.GIVEN);

        assertThat(world.application.get(CreditNotes.class).of(invoice))
                .extracting(note -> note.amount() + " with " + note.tax() + ", settles " + note.settled())
                .containsExactly("30.00 with -12.86, settles 20.00", "40.00 with -17.14, settles 0.00");
        for (var proof : List.of(
                "verify_credit_notes()", "verify_taxes('2026-01-01')", "verify_settlement_postings('2026-01-01')")) {
            assertThat(world.jdbc
                            .sql("select array_to_string(examples, '; ') from " + proof)
                            .query(String.class)
                            .single())
                    .as(proof)
                    .doesNotContain(number(invoice), "CN-2026");
        }
    }

    /** Three notes of a third each: their tax is together that of the invoice, to the cent. */
    @Test
    void theTaxOfCreditNotesAddsUp() {
        world.account(acme, null);
        var plain = world.invoice(acme, "1.00");
        var invoice =
                world.jdbc.sql("""
                        insert into invoice (account, period, currency, status, year, number, customer, issued_on, due_on,
                                             subtotal, credits, tax, total, amount_due)
                        select account, date '2026-08-01', currency, 'OPEN', 2026, 'T' || number, customer, issued_on,
                               due_on, 10.00, 0, 1.00, 11.00, 11.00
                          from invoice where id = :plain
                        returning id""").param("plain", plain).query(Long.class).single();
        world.jdbc.sql("""
                set session_replication_role = replica;
                insert into invoice_tax (invoice, position, category, name, percent, base, tax)
                values (%d, 1, 'S', 'VAT', 10, 10.00, 1.00);
                set session_replication_role = origin""".formatted(invoice)).update();
        transfers().record(number(invoice), usd("5.00"), reference(), null);

        adjustments().credit(number(invoice), usd("3.67"), "A", Freely.GIVEN);
        adjustments().credit(number(invoice), usd("3.67"), "B", Freely.GIVEN);
        adjustments().credit(number(invoice), usd("3.66"), "C", Freely.GIVEN);

        assertThat(world.application.get(CreditNotes.class).of(invoice))
                .extracting(note -> note.amount() + " with " + note.tax() + ", settles " + note.settled())
                .containsExactly(
                        "3.67 with 0.33, settles 3.67", "3.67 with 0.34, settles 2.33", "3.66 with 0.33, settles 0.00");
        // The invoice beside it is paid by what was freed.
        assertThat(world.status(plain)).isEqualTo("PAID");
        assertThat(balance()).isEqualByComparingTo("4.00");
    }

    // Webhooks

    @Test
    void onlyStripeIsBelieved() {
        var event = "{\"id\":\"evt_none\",\"type\":\"customer.created\",\"data\":{\"object\":{\"id\":\"cus_1\"}}}";
        var signature = sign(event, Webhooks.SANDBOX_SECRET, 0);

        assertThat(deliver(event, "whsec_forged", 0)).isInstanceOf(Webhooks.Answer.Refused.class);
        assertThat(deliver(event, Webhooks.SANDBOX_SECRET, 301)).isInstanceOf(Webhooks.Answer.Refused.class);
        assertThat(webhooks().receive(event.getBytes(StandardCharsets.UTF_8), null))
                .isInstanceOf(Webhooks.Answer.Refused.class);
        assertThat(webhooks().receive((event + " ").getBytes(StandardCharsets.UTF_8), signature))
                .isInstanceOf(Webhooks.Answer.Refused.class);
        assertThat(deliver("no json")).isInstanceOf(Webhooks.Answer.Unreadable.class);

        // While a secret is rotated there are two signatures, and one of them is ours.
        assertThat(webhooks()
                        .receive(
                                event.getBytes(StandardCharsets.UTF_8),
                                signature.replace(",v1=", ",v1=" + "0".repeat(64) + ",v1=")))
                .isEqualTo(new Taken("evt_none", true));
        assertThat(deliver(event, Webhooks.SANDBOX_SECRET, 299)).isEqualTo(new Taken("evt_none", false));
        // The same bytes sent again later are too old.
        world.application.moveTo(World.morning(World.ISSUED).plus(Duration.ofMinutes(6)));
        assertThat(webhooks().receive(event.getBytes(StandardCharsets.UTF_8), signature))
                .isInstanceOf(Webhooks.Answer.Refused.class);
    }

    @Test
    void withoutASecretTheSettingIsNamed(@TempDir Path home) {
        try (var live = new World(home, Map.of("STRIPE_API_KEY", "sk_test_other"))) {
            assertThat(live.application.get(Webhooks.class).receive(new byte[0], null))
                    .isInstanceOfSatisfying(
                            Webhooks.Answer.Later.class,
                            later -> assertThat(later.why()).startsWith("STRIPE_WEBHOOK_SECRET is not set"));
        }
    }

    @Test
    void whatCannotBeAskedForIsKeptUntilItCan(@TempDir Path home) {
        try (var dark = new World(home, Map.of("STRIPE_API_BASE", "http://127.0.0.1:1"))) {
            var event = "{\"id\":\"evt_1\",\"type\":\"refund.updated\",\"data\":{\"object\":{\"id\":\"re_1\"}}}";
            var hooks = dark.application.get(Webhooks.class);
            for (boolean first : List.of(true, false)) {
                assertThat(hooks.receive(
                                event.getBytes(StandardCharsets.UTF_8), sign(event, Webhooks.SANDBOX_SECRET, 0)))
                        .isEqualTo(new Taken("evt_1", first));
                Events.processDue(dark.application);
            }
            assertThat(dark.jdbc.sql("""
                            select (select count(*) from stripe_event) || ' taken, '
                                   || string_agg(id || ' again after ' || (due_at - received_at), ', ')
                              from stripe_event_due""").query(String.class).single())
                    .isEqualTo("0 taken, evt_1 again after 00:01:00");
        }
    }

    /** Wherever the process dies once Stripe was answered, the night ends what the event began, once. */
    @Test
    void aProcessMayDieBetweenTheAnswerToStripeAndWhatFollowsFromTheEvent() throws Exception {
        long points = newCardThatDiesAt(Long.MAX_VALUE);
        assertThat(points).isGreaterThan(20);
        for (long point = 0; point < points; point += Crashes.STEP) {
            acme = "acme-" + ++accounts;
            newCardThatDiesAt(point);
        }
    }

    private long newCardThatDiesAt(long point) throws Exception {
        world.account(acme, "pm_card_visa_chargeDeclinedLostCard");
        var invoice = world.invoice(acme, "10.00");
        world.charge();
        var setup = stripe.v1()
                .setupIntents()
                .create(SetupIntentCreateParams.builder()
                        .setCustomer(
                                world.application.get(Accounts.class).get(acme).stripeCustomer())
                        .setPaymentMethod("pm_card_mastercard")
                        .setUsage(SetupIntentCreateParams.Usage.OFF_SESSION)
                        .setConfirm(true)
                        .build());
        var event = events("setup_intent.succeeded", setup.getId()).getFirst();
        assertThat(webhooks().receive(event.getBytes(StandardCharsets.UTF_8), sign(event, Webhooks.SANDBOX_SECRET, 0)))
                .isInstanceOf(Taken.class);
        assertThat(world.status(invoice)).isEqualTo("OPEN");
        world.application.crashes.killAfter(point);
        long points;
        try {
            Events.processDue(world.application);
        } catch (Killed dead) {
            // Another process goes on.
        } finally {
            points = world.application.crashes.passed();
            world.application.crashes.revive();
        }
        sweep();
        world.retry(day(1));

        assertThat(world.status(invoice)).as("killed at " + point).isEqualTo("PAID");
        assertThat(world.jdbc
                        .sql("select count(*) from payment_attempt where invoice = :i and status = 'SUCCEEDED'")
                        .param("i", invoice)
                        .query(Long.class)
                        .single())
                .as("killed at " + point)
                .isEqualTo(1);
        assertThat(world.jdbc
                        .sql("select count(*) from stripe_event_due where id = :id")
                        .param("id", StripeEvent.parse(event).id())
                        .query(Long.class)
                        .single())
                .as("killed at " + point)
                .isZero();
        return points;
    }

    @ParameterizedTest(name = "swept: {0}")
    @ValueSource(booleans = {false, true})
    void aCustomerWhoPaysByHimselfSettlesOnce(boolean swept) throws Exception {
        world.account(acme, "pm_card_visa_chargeDeclinedInsufficientFunds");
        var invoice = world.invoice(acme, "10.00");
        world.charge();
        world.application.moveTo(World.morning(day(8)));
        world.application.get(Accounts.class).suspend(acme, "unpaid");
        stripe.v1()
                .paymentIntents()
                .confirm(
                        intent(invoice),
                        PaymentIntentConfirmParams.builder()
                                .setPaymentMethod("pm_card_mastercard")
                                .build());
        assertThat(world.status(invoice)).isEqualTo("OPEN");

        if (swept) {
            assertThat(sweep().written()).isPositive();
            assertThat(deliverAll("payment_intent.succeeded", intent(invoice))).containsExactly(false);
        } else {
            // Late, and in the wrong order.
            assertThat(deliverAll("payment_intent.succeeded", intent(invoice))).containsExactly(true);
            assertThat(deliverAll("payment_intent.payment_failed", intent(invoice)))
                    .containsExactly(true);
        }
        sweep();

        assertThat(settled(invoice)).containsExactly("CARD 10.00");
        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(accountStatus()).isEqualTo("ACTIVE");
        assertThat(world.notices(acme))
                .containsExactly(
                        "payment-failed " + number(invoice) + "/1",
                        "payment-succeeded " + number(invoice) + "/" + intent(invoice),
                        "account-reactivated " + number(invoice));
        assertThat(world.night(day(9)).read()).isZero();
    }

    @Test
    void aPaymentByTheLinkOfWhatATransferHasPaidGoesToTheBalance() throws Exception {
        world.account(acme, "pm_card_visa_chargeDeclinedInsufficientFunds");
        var invoice = world.invoice(acme, "10.00");
        world.charge();
        transfers().record(number(invoice), usd("4.00"), reference(), null);
        stripe.v1()
                .paymentIntents()
                .confirm(
                        intent(invoice),
                        PaymentIntentConfirmParams.builder()
                                .setPaymentMethod("pm_card_visa")
                                .build());

        deliverAll("payment_intent.succeeded", intent(invoice));
        assertThat(settled(invoice)).containsExactly("CARD 4.00 of balance", "CARD 6.00", "TRANSFER 4.00");
        assertThat(balance()).isEqualByComparingTo("4.00");

        // The customer wants it back: the credit goes first, and nothing is owed again.
        var refund = refunds().refund(number(invoice), usd("5.00"), "Paid twice", Freely.GIVEN);
        assertThat(refund.status()).isEqualTo(Refund.RefundStatus.SUCCEEDED);
        assertThat(balance()).isZero();
        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(settled(invoice))
                .containsExactly(
                        "CARD 4.00 of balance",
                        "CARD 6.00",
                        "CREDIT_NOTE 1.00 of balance",
                        "REFUND -5.00 of balance",
                        "TRANSFER 4.00");
    }

    @Test
    void anAnswerThatWasLostIsToldByTheEvent() {
        world.account(acme, "pm_card_visa_chargeDeclinedLostCard");
        var invoice = world.invoice(acme, "10.00");
        world.attach(acme);
        world.gateway.loseAnswerOf = "confirm";
        world.gateway.loseCall = "get";
        assertThatThrownBy(world::charge).hasMessageContaining("does not answer");
        assertThat(world.attempts(invoice)).containsExactly("1 UNKNOWN");

        deliverAll("payment_intent.payment_failed", intent(invoice));

        assertThat(world.attempts(invoice)).containsExactly("1 DECLINED_FOR_GOOD");
        assertThat(world.notices(acme)).containsExactly("payment-failed " + number(invoice) + "/1");
    }

    @Test
    void whatIsNotOursIsLeftAlone() throws Exception {
        world.account(acme, "pm_card_visa");
        world.attach(acme);
        var other = stripe.v1()
                .paymentIntents()
                .create(PaymentIntentCreateParams.builder()
                        .setAmount(500L)
                        .setCurrency("usd")
                        .setPaymentMethod("pm_card_visa")
                        .setConfirm(true)
                        .build());
        assertThat(deliverAll("payment_intent.succeeded", other.getId())).containsExactly(true);
        var gone =
                "{\"id\":\"evt_gone\",\"type\":\"charge.dispute.created\",\"data\":{\"object\":{\"id\":\"dp_gone\"}}}";
        assertThat(deliver(gone)).isEqualTo(new Taken("evt_gone", true));
        assertThat(transfers().list(null, 1_000))
                .noneMatch(entry -> entry.reference().equals(other.getId()));
    }

    @Test
    void cardsFollowWhatTheCustomerDoesAtStripe() throws Exception {
        world.account(acme, "pm_card_visa_chargeDeclinedLostCard");
        var invoice = world.invoice(acme, "10.00");
        world.charge();
        var accounts = world.application.get(Accounts.class);
        var customer = accounts.get(acme).stripeCustomer();
        var setup = stripe.v1()
                .setupIntents()
                .create(SetupIntentCreateParams.builder()
                        .setCustomer(customer)
                        .setPaymentMethod("pm_card_mastercard")
                        .setUsage(SetupIntentCreateParams.Usage.OFF_SESSION)
                        .setConfirm(true)
                        .build());

        deliverAll("setup_intent.succeeded", setup.getId());
        var card = accounts.get(acme).card();
        assertThat(card.paymentMethod()).isEqualTo(setup.getPaymentMethod());
        assertThat(world.status(invoice)).isEqualTo("PAID");

        world.jdbc
                .sql("update account set card_last4 = '0000' where id = :a")
                .param("a", acme)
                .update();
        var renewed = ("{\"id\":\"evt_renewed-%s\",\"type\":\"payment_method.automatically_updated\","
                        + "\"data\":{\"object\":{\"id\":\"%s\"}}}")
                .formatted(acme, setup.getPaymentMethod());
        assertThat(deliver(renewed)).isInstanceOf(Taken.class);
        assertThat(accounts.get(acme).card().last4()).isEqualTo("4444");

        stripe.v1().paymentMethods().detach(setup.getPaymentMethod());
        deliverAll("payment_method.detached", setup.getPaymentMethod());
        assertThat(accounts.get(acme).card()).isNull();
        assertThat(deliver(renewed.replace("evt_renewed", "evt_too_late"))).isInstanceOf(Taken.class);
        assertThat(accounts.get(acme).card()).isNull();
    }

    @Test
    void aPayoutIsRemembered() throws Exception {
        var payout = stripe.v1()
                .payouts()
                .create(PayoutCreateParams.builder()
                        .setAmount(1234L)
                        .setCurrency("usd")
                        .build());
        var event =
                "{\"id\":\"evt_%s\",\"type\":\"payout.reconciliation_completed\",\"data\":{\"object\":{\"id\":\"%s\"}}}"
                        .formatted(payout.getId(), payout.getId());
        assertThat(deliver(event)).isEqualTo(new Taken("evt_" + payout.getId(), true));
        assertThat(world.jdbc
                        .sql("select amount || ' ' || currency from stripe_payout where id = :id")
                        .param("id", payout.getId())
                        .query(String.class)
                        .single())
                .isEqualTo("12.34 USD");
    }

    // Refunds

    @Test
    void aRefundGivesBackWhatWasOwedWithIt() throws Exception {
        var invoice = paid("pm_card_visa", "10.00");

        var refund = refunds().refund(number(invoice), usd("4.00"), "An outage", Freely.GIVEN);

        assertThat(refund.status()).isEqualTo(Refund.RefundStatus.SUCCEEDED);
        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(settled(invoice))
                .containsExactly("CARD 10.00", "CREDIT_NOTE 4.00 of balance", "REFUND -4.00 of balance");
        var note = world.application.get(CreditNotes.class).of(invoice).getFirst();
        assertThat(note.reason()).isEqualTo("An outage");
        assertThat(world.notices(acme))
                .last()
                .isEqualTo("payment-refunded " + number(invoice) + "/" + refund.stripeId());

        // Stripe tells of it, too.
        deliverAll("charge.refunded", intent(invoice));
        deliverAll("refund.created", Objects.requireNonNull(refund.stripeId()));
        sweep();
        assertThat(settled(invoice)).hasSize(3);
        assertThat(refundsAtStripe(invoice)).containsExactly(400L);
        assertThatThrownBy(() -> refunds().refund(number(invoice), usd("6.01"), "More", Freely.GIVEN))
                .hasMessageContaining("6.00 USD is paid by card and not given back, so 6.01 cannot be refunded");
    }

    private List<Long> refundsAtStripe(long invoice) throws StripeException {
        return stripe
                .v1()
                .refunds()
                .list(RefundListParams.builder()
                        .setPaymentIntent(intent(invoice))
                        .build())
                .getData()
                .stream()
                .map(com.stripe.model.Refund::getAmount)
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"charge.refunded,refund.created", "refund.created,charge.refunded", "sweep,charge.refunded"})
    void aRefundFromTheDashboardIsBookedOnce(String first, String second) throws Exception {
        var invoice = paid("pm_card_visa", "10.00");
        stripe.v1()
                .refunds()
                .create(RefundCreateParams.builder()
                        .setPaymentIntent(intent(invoice))
                        .setAmount(250L)
                        .setReason(RefundCreateParams.Reason.REQUESTED_BY_CUSTOMER)
                        .build());

        if (first.equals("sweep")) sweep();
        else deliverAll(first, intent(invoice));
        deliverAll(second, intent(invoice));

        assertThat(settled(invoice))
                .containsExactly("CARD 10.00", "CREDIT_NOTE 2.50 of balance", "REFUND -2.50 of balance");
        assertThat(world.notices(acme)).hasSize(2);
        assertThat(world.application
                        .get(CreditNotes.class)
                        .of(invoice)
                        .getFirst()
                        .reason())
                .isEqualTo("requested by customer");
    }

    @Test
    void aRefundThatComesBackGoesToTheBalance() throws Exception {
        var invoice = paid("pm_card_refundFail", "10.00");
        var refund = refunds().refund(number(invoice), usd("10.00"), "Closed", Freely.GIVEN);
        assertThat(refund.status()).isEqualTo(Refund.RefundStatus.SUCCEEDED);

        assertThat(deliverAll("refund.failed", Objects.requireNonNull(refund.stripeId())))
                .containsExactly(true);

        assertThat(settled(invoice))
                .containsExactly(
                        "CARD 10.00",
                        "CREDIT_NOTE 10.00 of balance",
                        "REFUND -10.00 of balance",
                        "REFUND_FAILED 10.00 of balance");
        assertThat(balance()).isEqualByComparingTo("10.00");
    }

    @Test
    void aRefundThatStripeRefusesMovesNothing() {
        var invoice = paid("pm_card_createDispute", "10.00");

        var refund = refunds().refund(number(invoice), usd("10.00"), "Sorry", Freely.GIVEN);

        assertThat(refund.status()).isEqualTo(Refund.RefundStatus.REFUSED);
        assertThat(refund.message()).contains("has been charged back");
        assertThat(settled(invoice)).containsExactly("CARD 10.00");
    }

    /** Wherever the process dies, the refund is made once, and booked, credited and told once. */
    @Test
    void aRefundMayDieAnywhere() throws Exception {
        long points = refundThatDiesAt(Long.MAX_VALUE);
        assertThat(points).isGreaterThan(20);
        for (long point = 0; point < points; point += Crashes.STEP) {
            acme = "acme-" + ++accounts;
            refundThatDiesAt(point);
        }
    }

    private long refundThatDiesAt(long point) throws Exception {
        var invoice = paid("pm_card_visa", "10.00");
        world.application.crashes.killAfter(point);
        long points;
        try {
            refunds().refund(number(invoice), usd("3.00"), "An outage", Freely.GIVEN);
        } catch (Killed dead) {
            // Another process goes on.
        } finally {
            points = world.application.crashes.passed();
            world.application.crashes.revive();
        }
        // Either the night finds out, or the operator who runs the command again.
        if (point % 2 == 0) sweep();
        if (settled(invoice).size() == 1) refunds().refund(number(invoice), usd("3.00"), "An outage", Freely.GIVEN);
        sweep();

        assertThat(refundsAtStripe(invoice)).as("killed at " + point).containsExactly(300L);
        assertThat(settled(invoice))
                .as("killed at " + point)
                .containsExactly("CARD 10.00", "CREDIT_NOTE 3.00 of balance", "REFUND -3.00 of balance");
        assertThat(world.notices(acme)).as("killed at " + point).hasSize(2);
        return points;
    }

    @Test
    void aRefundThatIsNotKnownForADayIsLookedUp() throws Exception {
        var invoice = paid("pm_card_visa", "10.00");
        world.jdbc
                .sql(
                        "insert into refund (invoice, amount, reason, status, claimed_at) values (:i, 3, 'x', 'UNKNOWN', :at)")
                .param("i", invoice)
                .param("at", java.sql.Timestamp.from(World.morning(day(-2))))
                .update();

        sweep();

        assertThat(world.jdbc
                        .sql("select status || ': ' || message from refund where invoice = :i")
                        .param("i", invoice)
                        .query(String.class)
                        .single())
                .isEqualTo("REFUSED: It never reached Stripe");
        assertThat(refundsAtStripe(invoice)).isEmpty();
    }

    // Disputes

    @ParameterizedTest(name = "{0}, swept: {1}")
    @CsvSource({"winning_evidence,false", "winning_evidence,true", "losing_evidence,false", "losing_evidence,true"})
    void aDisputeTakesTheMoneyUntilItIsDecided(String evidence, boolean swept) throws Exception {
        var invoice = paid("pm_card_createDispute", "10.00");
        var dispute = disputeOf(invoice);

        if (swept) sweep();
        else deliverAll("charge.dispute.created", dispute);
        // It stays paid while it is under review: nobody is charged, reminded or suspended for it.
        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(open(invoice)).isZero();
        assertThat(world.night(day(8)).read()).isZero();
        assertThat(overdue()).isFalse();
        assertThatThrownBy(() -> refunds().refund(number(invoice), usd("1.00"), "x", Freely.GIVEN))
                .hasMessageContaining("0.00 USD is paid by card and not given back");
        assertThatThrownBy(() -> adjustments().credit(number(invoice), usd("1.00"), "x", Freely.GIVEN))
                .hasMessageContaining("at most 0.00 USD can be credited");

        stripe.v1()
                .disputes()
                .update(
                        dispute,
                        DisputeUpdateParams.builder()
                                .setEvidence(DisputeUpdateParams.Evidence.builder()
                                        .setUncategorizedText(evidence)
                                        .build())
                                .build());
        if (swept) sweep();
        deliverAll("charge.dispute.closed", dispute);
        deliverAll("charge.dispute.created", dispute);
        sweep();

        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(overdue()).isFalse();
        if (evidence.equals("winning_evidence")) {
            assertThat(settled(invoice))
                    .containsExactly("CARD 10.00", "DISPUTE -10.00 of balance", "DISPUTE_WON 10.00 of balance");
            assertThat(losses()).isZero();
        } else {
            assertThat(settled(invoice)).containsExactly("CARD 10.00", "DISPUTE -10.00 of balance");
            assertThat(losses()).isEqualByComparingTo("10.00");
        }
        assertThat(world.notices(acme).stream()
                        .filter(notice -> notice.startsWith("payment-succeeded " + number(invoice) + "/1")))
                .hasSize(1);
    }

    private String disputeOf(long invoice) throws StripeException {
        return stripe.v1()
                .disputes()
                .list(com.stripe.param.DisputeListParams.builder()
                        .setPaymentIntent(intent(invoice))
                        .build())
                .getData()
                .getFirst()
                .getId();
    }

    @Test
    void aDisputeThatIsHeardOfWhenItIsOverIsBookedWhole() throws Exception {
        var invoice = paid("pm_card_createDispute", "10.00");
        var dispute = disputeOf(invoice);
        stripe.v1().disputes().close(dispute);

        deliverAll("charge.dispute.closed", dispute);
        deliverAll("charge.dispute.created", dispute);

        assertThat(settled(invoice)).containsExactly("CARD 10.00", "DISPUTE -10.00 of balance");
        assertThat(world.jdbc
                        .sql("select status from dispute where id = :id")
                        .param("id", dispute)
                        .query(String.class)
                        .single())
                .isEqualTo("LOST");
    }

    // What is given back, together

    /** A credit note of all and a refund of all would give the same money back twice. */
    @Test
    void aRefundBehindACreditNoteTakesTheBalanceBackAndNothingElse() throws Exception {
        var invoice = paid("pm_card_visa", "100.00");
        adjustments().credit(number(invoice), usd("100.00"), "Sorry", Freely.GIVEN);
        assertThat(balance()).isEqualByComparingTo("100.00");

        refunds().refund(number(invoice), usd("100.00"), "In money, please", Freely.GIVEN);

        assertThat(balance()).isZero();
        assertThat(refundsAtStripe(invoice)).containsExactly(10000L);
        assertThat(world.application.get(CreditNotes.class).of(invoice)).hasSize(1);
        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThatThrownBy(() -> refunds().refund(number(invoice), usd("0.01"), "More", Freely.GIVEN))
                .hasMessageContaining("0.00 USD is paid by card and not given back");
        assertThatThrownBy(() -> adjustments().credit(number(invoice), usd("0.01"), "More", Freely.GIVEN))
                .hasMessageContaining("at most 0.00 USD can be credited");
        world.night(day(9));
        assertThat(accountStatus()).isEqualTo("ACTIVE");
    }

    @Test
    void aRefundOfWhatIsCreditedAndSpentIsRefusedWithWhatIsLeft() {
        var invoice = paid("pm_card_visa", "100.00");
        adjustments().credit(number(invoice), usd("70.00"), "Sorry", Freely.GIVEN);
        var next = world.invoice(acme, "60.00", LocalDate.of(2026, 9, 1), World.ISSUED);
        transfers().record(number(next), usd("1.00"), reference(), null);
        world.night(day(0));
        // What was freed has paid the rest of the next invoice.
        assertThat(world.status(next)).isEqualTo("PAID");
        assertThat(balance()).isEqualByComparingTo("11.00");

        assertThatThrownBy(() -> refunds().refund(number(invoice), usd("41.01"), "More", Freely.GIVEN))
                .hasMessageContaining("at most USD 41.00 can be refunded, not 41.01: USD 70.00 is credited already");
        refunds().refund(number(invoice), usd("41.00"), "All that is left", Freely.GIVEN);
        assertThat(balance()).isZero();
        assertThat(settled(invoice))
                .containsExactly(
                        "CARD 100.00",
                        "CREDIT_NOTE 30.00 of balance",
                        "CREDIT_NOTE 70.00 of balance",
                        "REFUND -41.00 of balance");
    }

    @Test
    void aRefundOfTheDashboardBeyondWhatIsLeftIsALoss() throws Exception {
        var invoice = paid("pm_card_visa", "10.00");
        adjustments().credit(number(invoice), usd("10.00"), "Sorry", Freely.GIVEN);
        world.invoice(acme, "8.00", LocalDate.of(2026, 9, 1), World.ISSUED);
        world.night(day(0));
        assertThat(balance()).isEqualByComparingTo("2.00");
        stripe.v1()
                .refunds()
                .create(RefundCreateParams.builder()
                        .setPaymentIntent(intent(invoice))
                        .build());

        deliverAll("charge.refunded", intent(invoice));

        assertThat(balance()).isZero();
        assertThat(losses()).isEqualByComparingTo("8.00");
        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(accountTransfers().standing(acme).owed()).isZero();
    }

    @Test
    void aPendingRefundIsNothingFinal() throws Exception {
        var invoice = paid("pm_card_pendingRefund", "10.00");
        adjustments().credit(number(invoice), usd("4.00"), "Sorry", Freely.GIVEN);

        var refund = refunds().refund(number(invoice), usd("7.00"), "An outage", Freely.GIVEN);

        assertThat(refund.status()).isEqualTo(Refund.RefundStatus.PENDING);
        assertThat(balance()).isZero();
        assertThat(settled(invoice)).containsExactly("CARD 10.00", "CREDIT_NOTE 4.00 of balance");
        assertThat(world.notices(acme)).noneMatch(notice -> notice.startsWith("payment-refunded"));
        // What it will take is reserved.
        assertThatThrownBy(() -> adjustments().credit(number(invoice), usd("3.01"), "x", Freely.GIVEN))
                .hasMessageContaining("at most 3.00 USD can be credited");
        assertThatThrownBy(() -> refunds().refund(number(invoice), usd("3.01"), "x", Freely.GIVEN))
                .hasMessageContaining("3.00 USD is paid by card and not given back");

        world.application.moveTo(World.morning(World.ISSUED).plus(Duration.ofHours(2)));
        sweep();
        sweep();

        assertThat(settled(invoice))
                .containsExactly(
                        "CARD 10.00",
                        "CREDIT_NOTE 3.00 of balance",
                        "CREDIT_NOTE 4.00 of balance",
                        "REFUND -7.00 of balance");
        assertThat(world.notices(acme))
                .filteredOn(notice -> notice.startsWith("payment-refunded"))
                .hasSize(1);
        assertThat(world.application.get(Reconciliation.class).of(day(0), day(0)).orphans().stream()
                        .filter(orphan -> orphan.reference().equals(refund.stripeId())))
                .isEmpty();
    }

    @Test
    void aPendingRefundThatFailsLiftsWhatItReserved() throws Exception {
        var invoice = paid("pm_card_pendingRefundFail", "10.00");
        adjustments().credit(number(invoice), usd("4.00"), "Sorry", Freely.GIVEN);
        var refund = refunds().refund(number(invoice), usd("7.00"), "An outage", Freely.GIVEN);
        assertThat(refund.status()).isEqualTo(Refund.RefundStatus.PENDING);
        assertThat(balance()).isZero();

        world.application.moveTo(World.morning(World.ISSUED).plus(Duration.ofHours(2)));
        sweep();

        assertThat(balance()).isEqualByComparingTo("4.00");
        assertThat(settled(invoice)).containsExactly("CARD 10.00", "CREDIT_NOTE 4.00 of balance");
        assertThat(world.notices(acme)).noneMatch(notice -> notice.startsWith("payment-refunded"));
        assertThatThrownBy(() -> refunds().refund(number(invoice), usd("10.01"), "too much", Freely.GIVEN))
                .hasMessageContaining("10.00 USD is paid by card and not given back");
        assertThat(refunds()
                        .refund(number(invoice), usd("10.00"), "An outage", Freely.GIVEN)
                        .status())
                .isEqualTo(Refund.RefundStatus.PENDING);
    }

    @Test
    void aWriteOffThatIsPaidAfterAllIsReversed() {
        world.account(acme, null);
        var invoice = world.invoice(acme, "10.00");
        adjustments().writeOff(number(invoice), "gone", Freely.GIVEN);
        assertThat(badDebt()).isEqualByComparingTo("10.00");

        transfers().record(number(invoice), usd("4.00"), reference(), null);
        assertThat(world.status(invoice)).isEqualTo("UNCOLLECTIBLE");
        assertThat(badDebt()).isEqualByComparingTo("6.00");
        transfers().record(number(invoice), usd("7.00"), reference(), null);

        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(badDebt()).isZero();
        assertThat(balance()).isEqualByComparingTo("1.00");
    }

    private BigDecimal badDebt() {
        return world.jdbc
                .sql("select coalesce(sum(case when debit = 'BAD_DEBT' then amount else -amount end), 0) from posting"
                        + " where account = :a and 'BAD_DEBT' in (debit, credit)")
                .param("a", acme)
                .query(BigDecimal.class)
                .single();
    }

    @Test
    void whatComesForAWrittenOffInvoiceBeyondItGoesBackToWhomItCameFrom() {
        world.account(acme, null);
        var invoice = world.invoice(acme, "10.00");
        transfers().record(number(invoice), usd("4.00"), reference(), null);
        adjustments().writeOff(number(invoice), "gone", Freely.GIVEN);
        transfers().record(number(invoice), usd("9.00"), reference(), null);
        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(badDebt()).isZero();
        assertThat(balance()).isEqualByComparingTo("3.00");

        assertThatThrownBy(() ->
                        accountTransfers().sendBack(acme, usd("3.01"), reference(), null, "paid twice", Freely.GIVEN))
                .hasMessage("The account balance of " + acme + " is USD 3.00: no more than that can be sent back");
        assertThatThrownBy(() ->
                        accountTransfers().sendBack(acme, usd("1.00"), reference(), day(1), "paid twice", Freely.GIVEN))
                .hasMessageContaining("today is");
        var reference = reference();
        var first = accountTransfers().sendBack(acme, usd("2.00"), reference, null, "paid twice", Freely.GIVEN);
        assertThat(first.known()).isFalse();
        assertThat(first.balance()).isEqualByComparingTo("1.00");
        assertThat(accountTransfers()
                        .sendBack(acme, usd("2.00"), reference, null, "paid twice", Freely.GIVEN)
                        .known())
                .isTrue();
        assertThatThrownBy(() ->
                        accountTransfers().sendBack(acme, usd("1.00"), reference, null, "paid twice", Freely.GIVEN))
                .hasMessageContaining("stands for another payment already");

        assertThat(balance()).isEqualByComparingTo("1.00");
        assertThat(world.jdbc
                        .sql("select detail from account_event where account = :id and event = 'SENT_BACK'")
                        .param("id", acme)
                        .query(String.class)
                        .list())
                .containsExactly("USD 2.00 (" + reference + "): paid twice");
        assertThat(world.application
                        .get(Reconciliation.class)
                        .of(day(0), day(0))
                        .orphans())
                .noneMatch(orphan -> orphan.kind().equals("RETURN"));
    }

    /** The balance pays what is open before any of it is sent back. */
    @Test
    void nothingIsSentBackThatPaysAnInvoice() {
        world.account(acme, null);
        accountTransfers().record(acme, usd("5.00"), reference(), null);
        var invoice = world.invoice(acme, "4.00");

        accountTransfers().sendBack(acme, usd("1.00"), reference(), null, "too much", Freely.GIVEN);

        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(balance()).isZero();
    }

    @Test
    void moneyForAnAccountPaysWhatIsOpenAndTheRestStays() {
        world.account(acme, null);
        var invoice = world.invoice(acme, "10.00");

        var recorded = accountTransfers().record(acme, usd("12.50"), "for-" + acme, null);
        var again = accountTransfers().record(acme, usd("12.50"), "for-" + acme, null);

        assertThat(world.status(invoice)).isEqualTo("PAID");
        assertThat(settled(invoice)).containsExactly("BALANCE 10.00");
        assertThat(recorded.balance()).isEqualByComparingTo("2.50");
        assertThat(again.known()).isTrue();
        assertThat(balance()).isEqualByComparingTo("2.50");
        assertThatThrownBy(() -> accountTransfers().record(acme, usd("1.00"), "for-" + acme, null))
                .hasMessageContaining("stands for another payment already");
    }

    /** Two credit notes, two refunds, at once: what they give together is what was paid. */
    @Test
    void whatIsAskedForAtOnceIsGivenOnce() throws Exception {
        var invoice = paid("pm_card_visa", "10.00");
        var number = number(invoice);
        try (var crew = Executors.newFixedThreadPool(4)) {
            var asked = new ArrayList<Future<?>>();
            for (int i = 0; i < 4; i++) {
                boolean refund = i % 2 == 0;
                asked.add(crew.submit(() -> refund
                        ? refunds().refund(number, usd("6.00"), "Sorry", Freely.GIVEN)
                        : adjustments().credit(number, usd("6.00"), "Sorry", Freely.GIVEN)));
            }
            for (var one : asked) {
                try {
                    one.get();
                } catch (ExecutionException refused) {
                    assertThat(refused.getCause())
                            .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class);
                }
            }
        }
        assertThat(refundsAtStripe(invoice).stream().mapToLong(Long::longValue).sum())
                .isLessThanOrEqualTo(1000);
        assertThat(world.application.get(CreditNotes.class).of(invoice).stream()
                        .map(note -> note.amount())
                        .reduce(BigDecimal.ZERO, BigDecimal::add))
                .isLessThanOrEqualTo(usd("10.00"));
        assertThat(world.status(invoice)).isEqualTo("PAID");
    }

    // Reconciliation

    @Test
    void everyMovementAtStripeIsExplainedOrNamed(@TempDir Path home) throws Exception {
        try (var fresh = new World(home, Map.of())) {
            var before = world;
            var stripeBefore = stripe;
            world = fresh;
            stripe = StripeClient.builder()
                    .setApiKey("sk_test_sandbox")
                    .setApiBase(fresh.application.sandbox().stripeBase())
                    .build();
            try {
                reconcile();
            } finally {
                world = before;
                stripe = stripeBefore;
            }
        }
    }

    private void reconcile() throws Exception {
        var invoice = paid("pm_card_visa", "10.00");
        refunds().refund(number(invoice), usd("4.00"), "An outage", Freely.GIVEN);
        transfers().record(number(invoice), usd("1.00"), reference(), null);
        acme = "acme-" + ++accounts;
        var disputed = paid("pm_card_createDispute", "20.00");
        stripe.v1()
                .payouts()
                .create(PayoutCreateParams.builder()
                        .setAmount(500L)
                        .setCurrency("usd")
                        .build());
        var reconciliation = world.application.get(Reconciliation.class);
        assertThat(reconciliation.of(day(0), day(0)).orphans())
                .extracting(orphan -> orphan.kind() + " " + orphan.amount() + " " + orphan.why())
                .singleElement()
                .asString()
                .startsWith("DISPUTE -20.00 no invoice has it");

        sweep();
        var done = reconciliation.of(day(0), day(0));
        assertThat(done.orphans()).isEmpty();
        assertThat(done.lines())
                .extracting(line -> "%s %d: %s = %s, fees %s"
                        .formatted(line.kind(), line.count(), line.atStripe(), line.inBooks(), line.fees()))
                .containsExactly(
                        "CARD 2: 30.00 = 30.00, fees 1.47",
                        "DISPUTE 1: -20.00 = -20.00, fees 15.00",
                        "REFUND 1: -4.00 = -4.00, fees 0.00",
                        "payout 1: -5.00 = -5.00, fees 0.00");
        assertThat(open(disputed)).isZero();

        // A charge that nobody here knows, and money here that Stripe does not know.
        stripe.v1()
                .paymentIntents()
                .create(PaymentIntentCreateParams.builder()
                        .setAmount(700L)
                        .setCurrency("usd")
                        .setPaymentMethod("pm_card_visa")
                        .setConfirm(true)
                        .build());
        world.jdbc
                .sql("insert into refund (invoice, amount, reason, status, stripe_id, claimed_at, resolved_at)"
                        + " values (:i, 0.5, 'x', 'SUCCEEDED', 're_none', :at, :at)")
                .param("i", invoice)
                .param("at", java.sql.Timestamp.from(World.morning(day(0))))
                .update();
        var broken = reconciliation.of(day(0), day(0));
        assertThat(broken.orphans())
                .extracting(orphan -> orphan.kind() + " " + orphan.amount())
                .containsExactly("CARD 7.00", "REFUND 0.5");
        assertThat(broken.unexplained()).containsExactly(Map.entry("USD", usd("7.50")));
        assertThat(reconciliation.of(day(1), day(1)).explained()).isTrue();
    }
}
