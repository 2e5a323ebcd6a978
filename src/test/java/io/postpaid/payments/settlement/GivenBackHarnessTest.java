package io.postpaid.payments.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.Dispute;
import com.stripe.param.ChargeListParams;
import com.stripe.param.DisputeListParams;
import com.stripe.param.DisputeUpdateParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.books.report.Verification;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.payments.charging.World;
import io.postpaid.payments.topup.TopUps;
import io.postpaid.support.Killed;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Money given back in any order: in each seed another mix of credit notes, refunds, refunds of the dashboard, write-offs,
 * disputes (lost for good, or owed again), transfers in and back, top-ups, crashes, and two things at once. In the end each cent that Stripe and the bank moved is
 * explained by what was earned, what is still owed to the customer, and what was lost.
 *
 * <p>{@code -Dseed=N} replays a seed, {@code -Dseeds=1000} plays so many.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GivenBackHarnessTest {
    private static final int SEEDS = 12;
    private static final int STEPS = 25;
    private static final List<String> CARDS = List.of(
            "pm_card_visa",
            "pm_card_visa",
            "pm_card_visa",
            "pm_card_pendingRefund",
            "pm_card_pendingRefundFail",
            "pm_card_createDispute");

    private static final List<String> COUNTRIES = List.of("FI", "CH", "HU");

    /** All but what is rated and printed: here invoices come from nowhere. */
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
            "top-ups",
            "top-up-documents",
            "events",
            "grants");

    /** With each value of the setting {@code write_off_lost_disputes}; a seed draws one. */
    private final Map<Boolean, World> worlds = new HashMap<>();

    private World world;
    private StripeClient stripe;

    @BeforeAll
    void start(@TempDir Path home) {
        var settings = Map.of("POSTPAID_STRIPE_RATE", "1000000");
        world = new World(home.resolve("lost"), settings, true);
        stripe = stripeOf(world);
        worlds.put(true, world);
        worlds.put(false, new World(home.resolve("owed"), settings, false));
        for (var each : worlds.values()) {
            each.taxes("""
                    rates:
                      - {country: FI, percent: "25.5", name: VAT, effective_from: 2024-09-01}
                      - {country: HU, percent: "27", name: VAT, effective_from: 2024-09-01}
                    """);
            each.application.moveTo(World.morning(World.ISSUED.plusYears(1)));
            each.rates(World.ISSUED
                    .datesUntil(World.ISSUED.plusYears(1), Period.ofDays(5))
                    .map(day -> "%s,1.1%d,39%d.15\n".formatted(day, day.getDayOfMonth(), day.getDayOfMonth()))
                    .collect(Collectors.joining("", "Date,USD,HUF\n", "")));
            each.application.moveTo(World.morning(World.ISSUED));
        }
    }

    private static StripeClient stripeOf(World world) {
        return StripeClient.builder()
                .setApiKey("sk_test_sandbox")
                .setApiBase(world.application.sandbox().stripeBase())
                .build();
    }

    @AfterAll
    void stop() {
        worlds.values().forEach(World::close);
    }

    @TestFactory
    Stream<DynamicTest> anyOrder() {
        var seed = Long.getLong("seed");
        return (seed == null ? LongStream.range(0, Long.getLong("seeds", SEEDS)) : LongStream.of(seed))
                .mapToObj(n -> dynamicTest("seed " + n, () -> play(n)));
    }

    private void play(long seed) throws Exception {
        world = Objects.requireNonNull(worlds.get(new Random(~seed).nextBoolean()));
        stripe = stripeOf(world);
        var story = new Story(seed);
        try {
            story.play();
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "-Dseed=" + seed + " replays this story:\n" + String.join("\n", story.told) + "\n" + e, e);
        } finally {
            world.application.crashes.revive();
        }
    }

    /** What a step does; refused, it throws, and must have changed nothing that is checked. */
    @FunctionalInterface
    private interface Step {
        void take() throws Exception;
    }

    private final class Story {
        private final Random random;
        private final String account;
        private final List<String> told = new ArrayList<>();
        private final List<String> numbers = new ArrayList<>();
        private final List<String> topUps = new ArrayList<>();
        private BigDecimal transferred = BigDecimal.ZERO;
        private Instant now;
        private int references;

        Story(long seed) {
            random = new Random(seed);
            account = "acme-" + seed;
            now = world.application
                    .get(io.postpaid.platform.calendar.BillingClock.class)
                    .instant()
                    .plus(Duration.ofHours(3));
        }

        void play() throws Exception {
            world.application.moveTo(now);
            world.account(account, card());
            // Credit is bought with tax of two rates, and without any.
            world.country(account, COUNTRIES.get(random.nextInt(COUNTRIES.size())));
            invoice();
            world.charge();
            for (int n = 0; n < STEPS; n++) {
                var debt = debt();
                boolean gives = step();
                assertThat(gives && debt().compareTo(debt) > 0)
                        .as("a debt made by giving")
                        .isFalse();
            }
            end();
            prove();
        }

        /** @return whether it only gives, and so can make no debt */
        private boolean step() throws Exception {
            var number = numbers.get(random.nextInt(numbers.size()));
            var amount = amount();
            switch (random.nextInt(15)) {
                case 0, 1 -> {
                    attempt(
                            "credit " + number + " " + amount,
                            () -> adjustments().credit(number, amount, "Sorry", Freely.GIVEN));
                    return true;
                }
                case 2, 3 -> {
                    attempt(
                            "refund " + number + " " + amount,
                            () -> refunds().refund(number, amount, "Sorry", Freely.GIVEN));
                    return true;
                }
                case 4 -> transfer(number, amount);
                case 5 -> attempt("write off " + number, () -> adjustments().writeOff(number, "gone", Freely.GIVEN));
                case 6 -> invoice();
                case 7 -> {
                    var card = card();
                    attempt("card " + card, () -> world.payments().newCard(account, card));
                }
                case 8 -> topUp(amount);
                case 9 -> {
                    if (topUps.isEmpty()) return false;
                    var topUp = topUps.get(random.nextInt(topUps.size()));
                    var part = random.nextBoolean() ? null : amount;
                    attempt(
                            "give back " + topUp + " " + part,
                            () -> refunds().refundTopUp(account, topUp, part, "Sorry", Freely.GIVEN));
                    return true;
                }
                case 10 -> dashboard(amount);
                case 11 -> closeDisputes(false);
                case 12 -> {
                    use(amount);
                    later(random.nextInt(4));
                }
                case 13 -> atOnce(number, amount);
                case 14 -> sendBack(amount);
                default -> throw new IllegalStateException();
            }
            return false;
        }

        /** Now and then the process dies somewhere within it. */
        private void attempt(String what, Step step) throws Exception {
            if (random.nextInt(4) == 0) world.application.crashes.killAfter(random.nextInt(60));
            take(what, step);
        }

        private void take(String what, Step step) throws Exception {
            try {
                step.take();
                told.add(what);
            } catch (Killed dead) {
                told.add(what + ": killed");
            } catch (IllegalArgumentException | IllegalStateException refused) {
                told.add(what + ": " + refused.getMessage());
            } finally {
                world.application.crashes.revive();
            }
        }

        private String card() {
            return CARDS.get(random.nextInt(CARDS.size()));
        }

        private BigDecimal amount() {
            return BigDecimal.valueOf(random.nextInt(5) == 0 ? 1000 : 50 + random.nextInt(1500), 2);
        }

        private void invoice() {
            var id = world.invoice(
                    account,
                    BigDecimal.valueOf(100 + random.nextInt(2000), 2).toPlainString(),
                    World.OCTOBER.minusMonths(numbers.size()),
                    World.ISSUED);
            numbers.add(world.application.get(Invoices.class).get(id).issuedNumber());
            told.add("invoice " + numbers.getLast());
        }

        /** The bank's reference says that it came once, so that it is recorded again after a crash. */
        private void transfer(String number, BigDecimal amount) throws Exception {
            var reference = account + "/" + ++references;
            boolean ofAccount = random.nextBoolean();
            Step record = ofAccount
                    ? () -> accountTransfers().record(account, amount, reference, null)
                    : () -> transfers().record(number, amount, reference, null);
            attempt("transfer " + number + " " + amount, record);
            take("transfer again", record);
            if (told.getLast().equals("transfer again")) transferred = transferred.add(amount);
        }

        private void sendBack(BigDecimal amount) throws Exception {
            var reference = account + "/" + ++references;
            Step record = () -> accountTransfers().sendBack(account, amount, reference, null, "too much", Freely.GIVEN);
            attempt("send back " + amount, record);
            take("sent back", record);
            if (told.getLast().equals("sent back")) transferred = transferred.subtract(amount);
        }

        private void topUp(BigDecimal amount) throws Exception {
            var reference = "t" + ++references;
            attempt(
                    "top-up " + reference + " " + amount,
                    () -> world.application.get(TopUps.class).buy(account, amount, reference));
            topUps.add(reference);
        }

        private void use(BigDecimal wanted) throws Exception {
            attempt("use " + wanted, () -> {
                var ledger = world.application.get(CreditLedger.class);
                for (var grant : ledger.grants(account)) {
                    var left = world.jdbc
                            .sql("select amount - used from credit_grant where id = :id")
                            .param("id", grant.id())
                            .query(BigDecimal.class)
                            .single();
                    if (left.compareTo(wanted) < 0) continue;
                    ledger.post(List.of(Posting.usage(
                            account,
                            LedgerAccount.GRANT,
                            grant.id(),
                            wanted,
                            "USD",
                            LocalDate.of(2026, 11, 1),
                            LocalDate.of(2026, 11, 1))));
                    return;
                }
            });
        }

        private void later(int hours) throws Exception {
            now = now.plus(Duration.ofHours(hours));
            world.application.moveTo(now);
            attempt(hours + " hours later, a sweep", this::sweep);
        }

        private void sweep() {
            world.resolveTopUps();
            world.sweep(World.ISSUED);
        }

        /** Two who do not know of each other. */
        private void atOnce(String number, BigDecimal amount) throws Exception {
            told.add("at once: credit and refund " + number + " " + amount);
            try (var two = Executors.newFixedThreadPool(2)) {
                var tasks = List.of(
                        two.submit(() -> adjustments().credit(number, amount, "Sorry", Freely.GIVEN)),
                        two.submit(() -> refunds().refund(number, amount, "Sorry", Freely.GIVEN)));
                for (var task : tasks) {
                    try {
                        task.get();
                    } catch (ExecutionException refused) {
                        assertThat(refused.getCause())
                                .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class);
                    }
                }
            }
        }

        // ---- what happens at Stripe without us

        private void dashboard(BigDecimal amount) throws StripeException {
            var intents = intents();
            if (intents.isEmpty()) return;
            var intent = intents.get(random.nextInt(intents.size()));
            var refund = RefundCreateParams.builder().setPaymentIntent(intent);
            if (random.nextBoolean()) refund.setAmount(amount.movePointRight(2).longValueExact());
            try {
                stripe.v1().refunds().create(refund.build());
                told.add("refunded at Stripe: " + intent + " " + amount);
            } catch (StripeException refused) {
                told.add("refunded at Stripe: " + refused.getMessage());
            }
        }

        private List<String> intents() {
            return world.jdbc.sql("""
                        select stripe_id from payment_intent p join invoice i on i.id = p.invoice where i.account = :a
                         union select intent from top_up where account = :a and status = 'SUCCEEDED'
                         order by 1""").param("a", account).query(String.class).list();
        }

        private List<Dispute> disputes() throws StripeException {
            var disputes = new ArrayList<Dispute>();
            for (var intent : intents()) {
                disputes.addAll(stripe.v1()
                        .disputes()
                        .list(DisputeListParams.builder()
                                .setPaymentIntent(intent)
                                .build())
                        .getData());
            }
            return disputes;
        }

        private void closeDisputes(boolean all) throws StripeException {
            for (var dispute : disputes()) {
                if (List.of("won", "lost").contains(dispute.getStatus()) || !all && random.nextBoolean()) continue;
                if (random.nextBoolean()) {
                    stripe.v1().disputes().close(dispute.getId());
                } else {
                    stripe.v1()
                            .disputes()
                            .update(
                                    dispute.getId(),
                                    DisputeUpdateParams.builder()
                                            .setSubmit(true)
                                            .setEvidence(DisputeUpdateParams.Evidence.builder()
                                                    .setUncategorizedText(
                                                            random.nextBoolean()
                                                                    ? "winning_evidence"
                                                                    : "losing_evidence")
                                                    .build())
                                            .build());
                }
                told.add("closed " + dispute.getId());
            }
        }

        // ---- the end

        /** Whatever is pending is over. */
        private void end() throws Exception {
            closeDisputes(true);
            now = now.plus(Duration.ofHours(3));
            world.application.moveTo(now);
            // What is there to be seen, and what that brought.
            take("the end", this::sweep);
            take("the end", this::sweep);
            assertThat(count("""
                    select count(*) from refund r left join invoice i on i.id = r.invoice left join top_up t on t.id = r.top_up
                     where coalesce(i.account, t.account) = :a and r.resolved_at is null""")).as("refunds not over").isZero();
            for (var number : numbers)
                take("the end of " + number, () -> adjustments().writeOff(number, "the end", Freely.GIVEN));
        }

        private void prove() throws StripeException {
            var explained = amount("""
                            select coalesce(sum(i.total
                                - coalesce((select sum(amount) from credit_note where invoice = i.id), 0)
                                - coalesce((select sum(amount) from settlement
                                             where invoice = i.id and kind in ('WRITE_OFF', 'WRITE_OFF_REVERSED')), 0)), 0)
                              from invoice i where account = :a""")
                    .add(amount("select coalesce(sum(amount), 0) from account_balance where account = :a"))
                    .subtract(amount("select coalesce(sum(owed), 0) from account_balance where account = :a"))
                    .subtract(amount("select coalesce(sum(amount), 0) from report_loss where account = :a"))
                    .add(amount(
                            "select coalesce(sum(total), 0) from top_up where account = :a and status = 'SUCCEEDED'"))
                    .subtract(amount("""
                            select coalesce(sum(r.taken), 0) from refund r join top_up t on t.id = r.top_up
                             where t.account = :a and r.status = 'SUCCEEDED'"""))
                    .subtract(amount("""
                            select coalesce(sum(d.taken), 0) from dispute d join top_up t on t.id = d.top_up
                             where t.account = :a and d.status = 'LOST'"""));
            assertThat(explained).as("the money that is there").isEqualByComparingTo(money());
            assertThat(count("""
                    select count(*) from invoice i
                     where account = :a
                       and total < (select coalesce(sum(amount), 0) from credit_note where invoice = i.id)""")).as("more credited than billed").isZero();
            assertThat(world.application.get(Verification.class).run())
                    .filteredOn(check -> PROVED.contains(check.name()) && !check.holds())
                    .flatMap(check -> check.examples())
                    .isEmpty();
        }

        /** What came in and did not go out again, by Stripe and by the bank. */
        private BigDecimal money() throws StripeException {
            long cents = 0;
            var customer = world.application.get(Accounts.class).get(account).stripeCustomer();
            if (customer != null) {
                for (var charge : stripe.v1()
                        .charges()
                        .list(ChargeListParams.builder()
                                .setCustomer(customer)
                                .setLimit(100L)
                                .build())
                        .getData()) {
                    if (charge.getStatus().equals("succeeded")) cents += charge.getAmount();
                }
            }
            for (var intent : intents()) {
                for (var refund : stripe.v1()
                        .refunds()
                        .list(RefundListParams.builder()
                                .setPaymentIntent(intent)
                                .setLimit(100L)
                                .build())
                        .getData()) {
                    if (refund.getStatus().equals("succeeded")) cents -= refund.getAmount();
                }
            }
            for (var dispute : disputes()) if (dispute.getStatus().equals("lost")) cents -= dispute.getAmount();
            return BigDecimal.valueOf(cents, 2).add(transferred);
        }

        private BigDecimal debt() {
            return amount("""
                    select coalesce((select sum(i.amount_due - coalesce((select sum(s.amount) from settlement s
                                                                          where s.invoice = i.id), 0))
                                       from invoice i where account = :a and status = 'OPEN'), 0)
                         + coalesce((select sum(owed) from account_balance where account = :a), 0)""");
        }

        private BigDecimal amount(String sql) {
            return world.jdbc
                    .sql(sql)
                    .param("a", account)
                    .query(BigDecimal.class)
                    .single();
        }

        private long count(String sql) {
            return world.jdbc.sql(sql).param("a", account).query(Long.class).single();
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
    }
}
