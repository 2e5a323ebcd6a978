package io.postpaid.payments.charging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.ChargeListParams;
import com.stripe.param.PaymentIntentListParams;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.books.report.Verification;
import io.postpaid.mail.Mails;
import io.postpaid.payments.dunning.Chasing;
import io.postpaid.payments.stripe.PaymentGateway;
import io.postpaid.payments.stripe.PaymentOutcome.AtBank;
import io.postpaid.payments.stripe.StripeCalls;
import io.postpaid.payments.stripe.StripeGateway;
import io.postpaid.payments.stripe.StripeLine;
import io.postpaid.payments.stripe.StripeSettings;
import io.postpaid.payments.webhook.Events;
import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.OutOfReachException;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.sandbox.Faults;
import io.postpaid.support.Killed;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Ten days of collecting by card, over and over: in each seed another mix of lost requests, lost answers, failures, late
 * calls, crashes, reruns, other cards and a mail server that fails. Whatever happens, nobody pays twice, and each customer
 * is told once.
 *
 * <p>Within a seed the calls come one after the other, so that a seed is the same schedule each time: {@code -Dseed=N} replays it, and
 * {@code -Dseeds=10000} does so many. Only the order in which mails go out differs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChargingHarnessTest {
    private static final int SEEDS = 30;
    private static final int SITES = 2;
    private static final int VERIFY_EVERY = 25;
    private static final int NIGHTS = 8;
    private static final int TROUBLED_TRIES = 3;
    private static final int QUIET_NIGHTS = 2;
    private static final List<String> ACCOUNTS = List.of("ada", "bob", "cyd", "dan");
    private static final LocalDate SEPTEMBER = LocalDate.of(2026, 9, 1);
    private static final LocalDate OCTOBER = LocalDate.of(2026, 10, 1);
    private static final LocalDate ISSUED = LocalDate.of(2026, 11, 1);

    /** Good ones more often than others: they are what may be charged twice. */
    private static final List<String> CARDS = List.of(
            "pm_card_visa",
            "pm_card_visa",
            "pm_card_visa",
            "pm_card_mastercard",
            "pm_card_visa_chargeDeclinedInsufficientFunds",
            "pm_card_chargeCustomerFail",
            "pm_card_visa_chargeDeclinedLostCard",
            "pm_card_authenticationRequired");

    private static final String PRICES = """
            currency: USD
            products: {calls: {unit: call}}
            prices: [{product: calls, effective_from: 2026-01-01, amount: "0.10"}]
            """;

    /** What charging and dunning write. */
    private static final List<String> TABLES = List.of(
            "account",
            "account_event",
            "invoice",
            "posting",
            "settlement",
            "payment_intent",
            "payment_attempt",
            "dunning_step",
            "notice",
            "stripe_event",
            "stripe_sweep");

    private final BlockingQueue<Site> free = new LinkedBlockingQueue<>();
    private final ExecutorService players = Executors.newFixedThreadPool(SITES);

    @BeforeAll
    void bill(@TempDir Path folder) throws IOException {
        for (int n = 0; n < SITES; n++) free.add(new Site(Files.createDirectory(folder.resolve("site" + n))));
    }

    @AfterAll
    void stop() {
        players.shutdownNow();
        free.forEach(Site::close);
    }

    @TestFactory
    Stream<DynamicTest> anySchedule() {
        var seed = Long.getLong("seed");
        var seeds = seed == null ? LongStream.range(0, Long.getLong("seeds", SEEDS)) : LongStream.of(seed);
        // All are begun at once, so that each processor has one to play.
        return seeds.mapToObj(n -> Map.entry(n, players.submit(() -> play(n)))).toList().stream()
                .map(played -> dynamicTest(
                        "seed " + played.getKey(),
                        () -> assertThat(played.getValue().get()).isEmpty()));
    }

    /** @return how it failed, or nothing */
    private String play(long seed) throws InterruptedException {
        var site = free.take();
        var schedule = site.new Schedule(seed);
        try {
            schedule.play();
            schedule.check(seed % VERIFY_EVERY == 0);
            return "";
        } catch (Exception | AssertionError e) {
            var trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            return "-Dseed=" + seed + " replays this schedule:\n" + String.join("\n", schedule.told) + "\n" + trace;
        } finally {
            site.application.crashes.revive();
            site.application.sandbox().suffer(Faults.NONE);
            free.add(site);
        }
    }

    /** An installation of its own, for one seed at a time. */
    private static final class Site implements AutoCloseable {
        private final TestApplication application;
        private final Meanwhile meanwhile = new Meanwhile();
        /** Not among those that are killed. */
        private final JdbcClient jdbc;

        private final StripeClient stripe;

        Site(Path home) throws IOException {
            var settings = Map.of(
                    "POSTPAID_STRIPE_RATE",
                    "1000000",
                    "postpaid.mail.sent-folder",
                    "",
                    // Who calls Stripe with a row locked would wait for himself.
                    "spring.datasource.hikari.connection-init-sql",
                    "set lock_timeout = '5s'");
            application = new TestApplication(home, World.morning(OCTOBER), settings, new OneAtATime());
            application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), PRICES));
            jdbc = JdbcClient.create(
                    new SingleConnectionDataSource(application.setting("spring.datasource.url"), "postgres", "", true));
            for (var account : ACCOUNTS) {
                jdbc.sql("""
                    insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                    values (:id, :id, :id || '@customer.example', 'USD', 1000, 0, date '2026-01-01')""").param("id", account).update();
            }
            // The first one has an invoice of the month before that nobody paid, too.
            month(home, SEPTEMBER, List.of("ada"));
            month(home, OCTOBER, ACCOUNTS);
            assertThat(jdbc.sql("select count(*) from invoice where status = 'OPEN'")
                            .query(Long.class)
                            .single())
                    .isEqualTo(ACCOUNTS.size() + 1);
            // Mails without a PDF are as good, and cheaper.
            jdbc.sql("delete from invoice_document").update();
            jdbc.sql("create schema before").update();
            for (var table : TABLES) {
                jdbc.sql("create table before." + table + " as table public." + table
                                + (table.equals("notice") || table.equals("dunning_step") ? " with no data" : ""))
                        .update();
            }
            // What suspended the first one, a mail and its step, is not there either.
            jdbc.sql("update before.account set status = 'ACTIVE'").update();
            stripe = StripeClient.builder()
                    .setApiKey("sk_test_sandbox")
                    .setApiBase(application.sandbox().stripeBase())
                    .setMaxNetworkRetries(0)
                    .build();
        }

        @Override
        public void close() {
            application.close();
        }

        /** One seed. */
        private final class Schedule {
            private final Random random;
            private final List<String> told = new ArrayList<>();
            private final Map<String, String> columns = new HashMap<>();
            private final int trouble;
            /** The bank's pages that customers were led to. */
            private final List<String> atBank = new ArrayList<>();

            private Faults faults = Faults.NONE;

            Schedule(long seed) {
                random = new Random(seed);
                trouble = 5 + random.nextInt(40);
            }

            void play() throws IOException {
                reset();
                day(ISSUED, "monthly");
                for (int night = 1; night <= NIGHTS; night++) {
                    var date = ISSUED.plusDays(night);
                    if (random.nextInt(6) == 0) change(date);
                    for (int visits = random.nextInt(3); visits > 0; visits--) visit(date);
                    // Some nights nobody runs anything.
                    if (random.nextInt(3) == 0) continue;
                    if (day(date, "nightly")) mustBeSuspendedExactly(date);
                }
                application.sandbox().suffer(Faults.NONE);
                if (random.nextBoolean()) atBank.forEach(Bank::confirm);
                for (int night = NIGHTS + 1; night <= NIGHTS + QUIET_NIGHTS; night++) {
                    var date = ISSUED.plusDays(night);
                    told.add(date + " quiet");
                    application.moveTo(World.morning(date));
                    run("nightly", date);
                    Events.sweep(application, new Run("nightly", date, 1));
                    mustBeSuspendedExactly(date);
                }
            }

            /**
             * A run that is killed, and run again, until once it gets through or nobody tries any more; hours may lie in
             * between.
             */
            private boolean day(LocalDate date, String job) {
                long hours = 8;
                for (int tries = 0; ; tries++) {
                    application.moveTo(date.atTime((int) hours, 0).toInstant(ZoneOffset.UTC));
                    faults = new Faults(random.nextLong(), tries < TROUBLED_TRIES ? trouble : 0);
                    application.sandbox().suffer(faults);
                    boolean killed = tries < TROUBLED_TRIES && random.nextInt(3) > 0;
                    if (killed) application.crashes.killAfter(random.nextInt(job.equals("monthly") ? 500 : 300));
                    if (random.nextInt(4) == 0) meanwhile.at(random.nextInt(20), () -> interfere(date));
                    if (random.nextInt(4) == 0) meanwhile.at(random.nextInt(20), () -> press(date));
                    var end = attempt(job, date);
                    told.add("%s %02d:00 %s %s %s".formatted(date, hours, job, end, faults.drawn()));
                    application.crashes.revive();
                    meanwhile.never();
                    if (end.isEmpty()) return true;
                    assertThat(tries).as("%s: an untroubled run fails", end).isLessThan(TROUBLED_TRIES);
                    // Nobody saw it before the next night, when Stripe has forgotten the keys.
                    if (end.equals("killed") && random.nextBoolean()) return false;
                    if (random.nextBoolean()) hours += random.nextInt((int) (24 - hours));
                }
            }

            private String attempt(String job, LocalDate date) {
                try {
                    run(job, date);
                    return "";
                } catch (Killed dead) {
                    return "killed";
                } catch (OutOfReachException | IllegalStateException down) {
                    return "given up (" + down.getMessage() + ")";
                }
            }

            private void run(String job, LocalDate date) {
                var collecting = application.get(Collecting.class);
                var balances = application.get(WaitingBalances.class);
                var run = new Run(job, job.equals("monthly") ? OCTOBER : date, 1);
                Alone.hold(application, run, application.get(Cards.class)::wanted);
                if (run.monthly()) {
                    Alone.hold(application, run, same -> collecting.unresolved(date), collecting::untried);
                } else {
                    Alone.hold(
                            application,
                            run,
                            same -> collecting.unresolved(date),
                            balances::used,
                            application.get(UnneededIntents.class)::all,
                            collecting::retryable);
                    Chasing.advance(application, run);
                }
                Mails.send(application, run);
            }

            /** Somebody else, while a run waits for Stripe: another card at once, or the same run once more. */
            private void interfere(LocalDate date) {
                var account = ACCOUNTS.get(random.nextInt(ACCOUNTS.size()));
                told.add(date + " meanwhile a new card for " + account);
                application.get(Payments.class).newCard(account, card());
            }

            /** A customer at the page and the bank, where anything may be lost and the server may die. */
            private void visit(LocalDate date) {
                application.moveTo(date.atTime(6, 0).toInstant(ZoneOffset.UTC));
                faults = new Faults(random.nextLong(), trouble);
                application.sandbox().suffer(faults);
                if (random.nextInt(3) == 0) application.crashes.killAfter(random.nextInt(60));
                try {
                    press(date);
                    if (random.nextBoolean())
                        application.moveTo(date.atTime(6, 40).toInstant(ZoneOffset.UTC));
                    if (random.nextInt(3) > 0) atBank.forEach(random.nextBoolean() ? Bank::confirm : Bank::fail);
                    var pages = application.get(PagePayments.class);
                    if (random.nextBoolean()) open().forEach(pages::back);
                    if (random.nextBoolean()) pages.resolveAbandoned();
                    if (random.nextInt(4) == 0) cancelOne(date);
                } catch (Killed dead) {
                    told.add(date + " 06:00 killed at the page");
                } finally {
                    application.crashes.revive();
                }
            }

            /** The seller, in Stripe's dashboard. */
            private void cancelOne(LocalDate date) {
                var live = list("select stripe_id from payment_intent"
                        + " where status = 'LIVE' and stripe_id is not null order by invoice");
                if (live.isEmpty()) return;
                var intent = live.get(random.nextInt(live.size()));
                try {
                    stripe.v1().paymentIntents().cancel(intent);
                    told.add(date + " " + intent + " is cancelled in the dashboard");
                } catch (StripeException paidMeanwhile) {
                    told.add(date + " " + intent + " cannot be cancelled: " + paidMeanwhile.getMessage());
                }
            }

            private void press(LocalDate date) {
                var open = open();
                if (open.isEmpty()) return;
                var invoice = open.get(random.nextInt(open.size()));
                var card =
                        application.get(Accounts.class).get(invoice.account()).card();
                if (card == null) return;
                try {
                    var outcome = application
                            .get(PagePayments.class)
                            .pay(invoice, card.paymentMethod(), "https://pay.test/back");
                    told.add(date + " " + invoice.account() + " presses: " + outcome);
                    if (outcome.orElse(null) instanceof AtBank(var url) && url != null) atBank.add(url);
                } catch (PagePayments.TooOftenException often) {
                    told.add(date + " " + invoice.account() + " presses too often");
                }
            }

            private List<Invoice> open() {
                var invoices = application.get(Invoices.class);
                return jdbc
                        .sql("select id from invoice where status = 'OPEN' order by id")
                        .query(Long.class)
                        .list()
                        .stream()
                        .map(invoices::get)
                        .toList();
            }

            private void change(LocalDate date) {
                var account = ACCOUNTS.get(random.nextInt(ACCOUNTS.size()));
                var card = card();
                told.add(date + " " + account + " wants " + card);
                jdbc.sql("update account set payment_method_wanted = :card where id = :id")
                        .param("card", card)
                        .param("id", account)
                        .update();
            }

            private String card() {
                return CARDS.get(random.nextInt(CARDS.size()));
            }

            /** Those that are not generated. */
            private String columns(String table) {
                return columns.computeIfAbsent(
                        table,
                        of -> jdbc.sql("""
                                        select string_agg(column_name, ', ') from information_schema.columns
                                         where table_schema = 'public' and table_name = :table and is_generated = 'NEVER'""")
                                .param("table", of)
                                .query(String.class)
                                .single());
            }

            private void reset() {
                application.sandbox().forget();
                var sql = new StringBuilder("set session_replication_role = replica;\n");
                for (var table : TABLES) {
                    sql.append(
                            "delete from %1$s; insert into %1$s (%2$s) overriding system value select %2$s from before.%1$s;\n"
                                    .formatted(table, columns(table)));
                }
                for (var account : ACCOUNTS) {
                    var card = random.nextInt(8) == 0 ? null : card();
                    told.add(account + " has " + card);
                    if (card != null) {
                        sql.append("update account set payment_method_wanted = '%s' where id = '%s';\n"
                                .formatted(card, account));
                    }
                }
                jdbc.sql(sql.toString()).update();
            }

            // ---- looking

            /**
             * Where it is not known whether an overdue invoice was paid, either is right; what was neither mailed nor tried
             * before this day suspends nobody.
             */
            private void mustBeSuspendedExactly(LocalDate date) {
                var wrong =
                        jdbc.sql("""
                            select a.id || ' is ' || a.status
                              from account a
                             where (a.status = 'SUSPENDED'
                                    and not exists (select from invoice i
                                                     where i.account = a.id and i.status = 'OPEN' and i.issued_on + 7 <= :date))
                                or (a.status = 'ACTIVE'
                                    and exists (select from invoice i
                                                 where i.account = a.id and i.status = 'OPEN' and i.issued_on + 7 <= :date
                                                   and exists (select from notice n
                                                                where n.account = a.id and n.status = 'SENT'
                                                                  and n.sent_at < cast(:date as date)
                                                                  and n.key like i.number || '%')
                                                   and (a.payment_method is null
                                                        or exists (select from payment_attempt p
                                                                    where p.invoice = i.id and p.resolved_at < cast(:date as date)
                                                                      and p.status not in ('CLAIMED', 'UNKNOWN', 'NOT_EXECUTED')))
                                                   and not exists (select from payment_attempt p
                                                                    where p.invoice = i.id
                                                                      and p.status in ('CLAIMED', 'UNKNOWN')
                                                                      and (p.return_url is null
                                                                           or p.status = 'UNKNOWN' and not p.at_bank))))""").param("date", date).query(String.class).list();
                assertThat(wrong).as("suspended on %s", date).isEmpty();
            }

            void check(boolean everything) throws IOException {
                assertThat(list("select invoice || '/' || n || ' ' || status from payment_attempt"
                                + " where status in ('CLAIMED', 'UNKNOWN')"))
                        .as("attempts that nobody resolved")
                        .isEmpty();

                // What Stripe took, invoice by invoice, is what the books say, and once at most; and it tried no card
                // that
                // no attempt knows of.
                var charged = new TreeMap<String, List<Long>>();
                var tried = new TreeSet<String>();
                var byCustomers = new TreeSet<String>();
                var intents = new ArrayList<String>();
                var known = list("select charge from payment_attempt where status = 'SUCCEEDED'");
                try {
                    for (var charge : stripe.v1()
                            .charges()
                            .list(ChargeListParams.builder().setLimit(100L).build())
                            .autoPagingIterable()) {
                        tried.add(charge.getId());
                        if (!charge.getStatus().equals("succeeded")) continue;
                        if (!atBank.isEmpty() && !known.contains(charge.getId())) byCustomers.add(charge.getId());
                        charged.computeIfAbsent(charge.getMetadata().get("invoice"), invoice -> new ArrayList<>())
                                .add(charge.getAmount());
                    }
                    for (var intent : stripe.v1()
                            .paymentIntents()
                            .list(PaymentIntentListParams.builder()
                                    .setLimit(100L)
                                    .build())
                            .autoPagingIterable()) {
                        if (!intent.getStatus().equals("canceled"))
                            intents.add(intent.getMetadata().get("invoice"));
                    }
                } catch (StripeException e) {
                    throw new IllegalStateException(e);
                }
                assertThat(intents)
                        .as("intents that are not cancelled, one per invoice at most")
                        .doesNotHaveDuplicates();
                // Customers who confirm at the bank behind an attempt's end pay by themselves.
                tried.removeAll(byCustomers);
                assertThat(list("select charge from payment_attempt where charge is not null"))
                        .as("charges that the attempts know, of all at Stripe")
                        .containsExactlyInAnyOrderElementsOf(tried);
                assertThat(charged.values()).as("charges per invoice").allMatch(charges -> charges.size() == 1);
                var settled = new TreeMap<String, List<Long>>();
                jdbc.sql(
                                "select number, s.amount from settlement s join invoice i on i.id = s.invoice where s.kind = 'CARD'")
                        .query((row, n) -> settled.computeIfAbsent(row.getString(1), invoice -> new ArrayList<>())
                                .add(row.getBigDecimal(2).movePointRight(2).longValueExact()))
                        .list();
                assertThat(settled).as("settlements").isEqualTo(charged);
                var posted = jdbc.sql("select coalesce(sum(amount), 0) from posting where debit = 'CASH'")
                        .query(BigDecimal.class)
                        .single();
                assertThat(posted)
                        .as("cash in the ledger")
                        .isEqualByComparingTo(BigDecimal.valueOf(
                                charged.values().stream()
                                        .mapToLong(List::getFirst)
                                        .sum(),
                                2));

                assertThat(
                                list(
                                        "select split_part(key, '/', 1) from notice where kind = 'payment-succeeded' order by 1"))
                        .as("confirmations")
                        .containsExactlyElementsOf(charged.keySet());
                checkMails();
                checkBooks(everything);
            }

            /** What was taken came once; what may have been taken waits for a person, and only what was refused is given up. */
            private void checkMails() throws IOException {
                var kept = new TreeMap<String, Integer>();
                try (var files = Files.list(application.mails())) {
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> !name.startsWith("."))
                            .forEach(name -> kept.merge(name.replaceFirst("(~\\d+)?\\.eml$", ""), 1, Integer::sum));
                }
                assertThat(kept.values()).as("mails per notice").allMatch(mails -> mails == 1);
                var wrong = new ArrayList<String>();
                jdbc.sql("select message_id, status, coalesce(error, '') from notice")
                        .query((row, n) -> {
                            boolean there = kept.containsKey(row.getString(1));
                            boolean right = switch (row.getString(2)) {
                                case "SENT" -> there;
                                case "UNKNOWN" -> true;
                                case "FAILED" -> !there && row.getString(3).startsWith("554 ");
                                default -> false;
                            };
                            return right
                                    || wrong.add(row.getString(2) + " " + row.getString(1) + " " + row.getString(3));
                        })
                        .list();
                assertThat(wrong).as("notices in the outbox").isEmpty();
            }

            private void checkBooks(boolean everything) {
                jdbc.sql("""
                    update batch_job_execution_params set parameter_value = :night
                     where parameter_name = 'date'
                       and job_execution_id = (select max(id) from run where job = 'nightly')""")
                        .param("night", ISSUED.plusDays(NIGHTS + QUIET_NIGHTS).toString())
                        .update();
                if (everything) {
                    assertThat(application.get(Verification.class).run())
                            .as("verify")
                            .filteredOn(check -> !check.holds() && !check.name().equals("documents"))
                            .isEmpty();
                    return;
                }
                assertThat(list("""
                            select example
                              from (select examples from verify_charged_once('2026-01-01')
                                     union all select examples from verify_confirmed_once('2026-01-01')
                                     union all select examples from verify_settlements('2026-01-01')
                                     union all select examples from verify_invoice_postings('2026-01-01')
                                     union all select examples from verify_receivable_balance()
                                     union all select examples from verify_suspension()
                                     union all select examples from verify_notices('2026-01-01')) broken,
                                   unnest(examples) example""")).as("verify").isEmpty();
            }

            private List<String> list(String sql) {
                return jdbc.sql(sql).query(String.class).list();
            }
        }

        /** Runs a step as its job does, but without the framework's own records of it. */
        /** Uses and bills one month, while nobody has a card. */
        private void month(Path home, LocalDate month, List<String> accounts) throws IOException {
            var inbox = application.get(Home.class).inbox();
            Files.createDirectories(inbox);
            var usage = new StringBuilder();
            for (var account : accounts) {
                usage.append(
                        "{\"id\":\"%1$s-%2$s\",\"account\":\"%1$s\",\"product\":\"calls\",\"quantity\":\"%3$d\",\"occurred_at\":\"%2$sT10:00:00Z\"}\n"
                                .formatted(account, month.plusDays(9), 100 + usage.length()));
            }
            Files.writeString(inbox.resolve(month + ".ndjson"), usage);
            application.moveTo(World.morning(month.plusMonths(1)));
            application.get(Runs.class).nightly(month.plusMonths(1));
            application.get(Runs.class).monthly(BillingPeriod.of(month));
        }

        /** What somebody else does while a call to Stripe is about to begin. */
        private static final class Meanwhile {
            private int left;
            private Runnable action = () -> {};

            void at(int call, Runnable action) {
                this.left = call;
                this.action = action;
            }

            void never() {
                at(0, () -> {});
            }

            void call() {
                if (left-- > 0) return;
                var now = action;
                never();
                now.run();
            }
        }

        /** One call at a time, without pauses, and with room for others between two of them. */
        private final class OneAtATime implements BeanPostProcessor {
            private @Nullable StripeSettings settings;

            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (bean instanceof StripeLine) return new StripeLine("Stripe", 1);
                if (bean instanceof StripeSettings found) settings = found;
                if (!(bean instanceof PaymentGateway)) return bean;
                var used = Objects.requireNonNull(settings);
                var stripe = new StripeGateway(new StripeCalls(used, Duration.ZERO));
                return Proxy.newProxyInstance(
                        PaymentGateway.class.getClassLoader(),
                        new Class<?>[] {PaymentGateway.class},
                        (proxy, method, arguments) -> {
                            meanwhile.call();
                            try {
                                return method.invoke(stripe, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
            }
        }
    }
}
