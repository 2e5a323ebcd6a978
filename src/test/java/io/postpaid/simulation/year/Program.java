package io.postpaid.simulation.year;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.DisputeListParams;
import com.stripe.param.DisputeUpdateParams;
import com.stripe.param.PayoutCreateParams;
import com.zaxxer.hikari.HikariDataSource;
import io.postpaid.account.Accounts;
import io.postpaid.books.close.Closing;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.GrantKind;
import io.postpaid.payments.charging.Payments;
import io.postpaid.payments.settlement.AccountTransfers;
import io.postpaid.payments.settlement.Adjustments;
import io.postpaid.payments.settlement.Freely;
import io.postpaid.payments.settlement.Refunds;
import io.postpaid.payments.settlement.Transfers;
import io.postpaid.payments.topup.TopUps;
import io.postpaid.platform.batch.RunFailedException;
import io.postpaid.platform.batch.RunReport;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.tax.Taxes;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The program, to which everything happens that happens in the year; it may die at any statement of it. */
final class Program implements AutoCloseable {
    private static final int POINTS = 400;

    final TestApplication application;
    private final StripeClient stripe;
    /** Draws where it dies, or null where it never does. */
    private final @Nullable Random deaths;

    int died;
    private int files;

    Program(Path home, @Nullable Random deaths) throws IOException {
        this.deaths = deaths;
        application = new TestApplication(home, at(LocalDate.of(2026, 1, 1), 7));
        stripe = StripeClient.builder()
                .setApiKey("sk_test_sandbox")
                .setApiBase(application.sandbox().stripeBase())
                .build();
        for (var currency : List.of("EUR", "USD")) prices(PlainPrices.file(currency));
        application.get(Taxes.class).importFile(file("taxes.yaml", Customer.TAXES));
        application.get(Accounts.class).importFile(file("accounts.csv", Customer.file()));
        application.get(CreditLedger.class).grantAllowances();
    }

    private static Instant at(LocalDate day, int hour) {
        return day.atTime(hour, 0).toInstant(ZoneOffset.UTC);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(application.home.resolve(name), text);
    }

    void prices(String yaml) throws IOException {
        application.get(PriceBooks.class).importFile(file("prices.yaml", yaml));
    }

    void noon(LocalDate day) {
        application.moveTo(at(day, 12));
    }

    // ---- runs

    void usage(List<String> lines) throws IOException {
        if (lines.isEmpty()) return;
        Files.writeString(
                application.get(Home.class).inbox().resolve("usage-" + ++files + ".ndjson"),
                String.join("\n", lines) + "\n");
    }

    void night(LocalDate day) {
        application.moveTo(at(day, 8));
        dying(4, () -> run(runs -> runs.nightly(day)));
    }

    void month(YearMonth month) {
        application.moveTo(at(month.plusMonths(1).atDay(1), 9));
        dying(1, () -> run(runs -> runs.monthly(BillingPeriod.parse(month.toString()))));
    }

    void close(YearMonth month) {
        dying(2, () -> run(runs -> runs.close(BillingPeriod.parse(month.toString()))));
    }

    void reopen(YearMonth month) {
        application.get(Closing.class).reopen(BillingPeriod.parse(month.toString()), "A transfer was forgotten");
    }

    private void run(Function<Runs, RunReport> run) {
        while (true) {
            try {
                assertThat(run.apply(application.get(Runs.class)).completed()).isTrue();
                return;
            } catch (RunFailedException.InProgress dead) {
                // The server has not seen yet that the session of the one that died is over.
                Thread.onSpinWait();
            }
        }
    }

    /** Does what can be done again: a process that dies over it is followed by another. */
    private void dying(int oneIn, Runnable work) {
        if (deaths != null && deaths.nextInt(oneIn) == 0) {
            application.crashes.killAfter(deaths.nextInt(POINTS));
            try {
                work.run();
            } catch (Throwable dead) {
                if (!application.crashes.dead()) throw dead;
            }
            if (application.crashes.dead()) died++;
            application.crashes.revive();
            forgetSessions();
        }
        work.run();
    }

    /** The sessions of a process end with it, and its locks with them. */
    private void forgetSessions() {
        try {
            application
                    .get(DataSource.class)
                    .unwrap(HikariDataSource.class)
                    .getHikariPoolMXBean()
                    .softEvictConnections();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- what customers, operators and banks do

    void grant(String account, String kind, BigDecimal amount, LocalDate expires) {
        application.get(CreditLedger.class).grant(account, amount, GrantKind.valueOf(kind), expires);
    }

    void topUp(String account, BigDecimal amount, String reference) {
        dying(
                2,
                () -> assertThat(application.get(TopUps.class).buy(account, amount, reference))
                        .isInstanceOf(TopUps.Answer.Taken.class));
    }

    void refundTopUp(String account, String reference, BigDecimal amount) {
        application.get(Refunds.class).refundTopUp(account, reference, amount, "Sorry", Freely.GIVEN);
    }

    void newCard(String account, String card) {
        application.get(Payments.class).newCard(account, "pm_card_" + card);
    }

    /** @param came the day on which the bank had it, or null for today */
    void transfer(String account, YearMonth period, BigDecimal amount, String reference, @Nullable LocalDate came) {
        dying(2, () -> application.get(Transfers.class).record(number(account, period), amount, reference, came));
    }

    void transfer(String account, BigDecimal amount, String reference) {
        dying(2, () -> application.get(AccountTransfers.class).record(account, amount, reference, null));
    }

    void sendBack(String account, BigDecimal amount, String reference) {
        dying(
                2,
                () -> application
                        .get(AccountTransfers.class)
                        .sendBack(account, amount, reference, null, "too much", Freely.GIVEN));
    }

    void creditNote(String account, YearMonth period, BigDecimal amount) {
        application.get(Adjustments.class).credit(number(account, period), amount, "an outage", Freely.GIVEN);
    }

    void refund(String account, YearMonth period, BigDecimal amount) {
        application.get(Refunds.class).refund(number(account, period), amount, "Sorry", Freely.GIVEN);
    }

    void writeOff(String account, YearMonth period) {
        application.get(Adjustments.class).writeOff(number(account, period), "gone", Freely.GIVEN);
    }

    void closeDispute(String account, YearMonth period, boolean won) {
        close(text("""
                        select p.stripe_id from payment_intent p join invoice i on i.id = p.invoice
                         where i.account = :account and i.period = :key and p.status = 'SUCCEEDED'""", account, period.atDay(1)), won);
    }

    void closeTopUpDispute(String account, String reference, boolean won) {
        close(text("select intent from top_up where account = :account and reference = :key", account, reference), won);
    }

    private void close(String intent, boolean won) {
        try {
            var dispute = stripe.v1()
                    .disputes()
                    .list(DisputeListParams.builder().setPaymentIntent(intent).build())
                    .getData()
                    .getFirst();
            var text = won ? "winning_evidence" : "losing_evidence";
            var evidence = DisputeUpdateParams.Evidence.builder()
                    .setUncategorizedText(text)
                    .build();
            stripe.v1()
                    .disputes()
                    .update(
                            dispute.getId(),
                            DisputeUpdateParams.builder()
                                    .setSubmit(true)
                                    .setEvidence(evidence)
                                    .build());
        } catch (StripeException e) {
            throw new IllegalStateException(e);
        }
    }

    void payOut(String currency, BigDecimal amount) {
        var payout = PayoutCreateParams.builder()
                .setCurrency(currency.toLowerCase(Locale.ROOT))
                .setAmount(amount.movePointRight(2).longValueExact())
                .build();
        try {
            stripe.v1().payouts().create(payout);
        } catch (StripeException e) {
            throw new IllegalStateException(e);
        }
    }

    private String number(String account, YearMonth period) {
        return text("select number from invoice where account = :account and period = :key", account, period.atDay(1));
    }

    private String text(String sql, String account, Object key) {
        return application
                .jdbc()
                .sql(sql)
                .param("account", account)
                .param("key", key)
                .query(String.class)
                .single();
    }

    @Override
    public void close() {
        application.close();
    }
}
