package io.postpaid.bench;

import io.postpaid.account.Accounts;
import io.postpaid.platform.batch.RunReport.StepReport;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.springframework.core.io.ClassPathResource;

/**
 * The whole monthly run of accounts that pay by card, with PDFs, charges and mails; beside it, one after the other, what of it cannot
 * be saved: as many pages by bare OpenPDF, as many calls to the stand-in for Stripe, and the same rows by plain statements.
 */
final class MonthEndStage implements Stage {
    private static final int ACCOUNTS = 2_000;
    private static final String MORE = "more-";
    private static final String STEP = "month-end:";
    private static final String OTHERS = "others";
    private static final String CHARGING = "charge-invoices";
    private static final List<String> STEPS =
            List.of("draft-invoices", "issue-invoices", CHARGING, "send-mail", "prove-books", "finance-report");

    @Override
    public void measure(World world, Month month, Timings timings, String prefix) throws Exception {
        if (month.accounts() <= ACCOUNTS) {
            ended(world, month.accounts(), timings, prefix);
            return;
        }
        try (var usual = month.worlds().apply(ACCOUNTS)) {
            usual.at(Bench.NEXT);
            ended(usual, ACCOUNTS, timings, prefix);
        }
        ended(world, month.accounts(), timings, prefix + MORE);
    }

    private static void ended(World world, int accounts, Timings timings, String prefix) throws Exception {
        plant(world, accounts);
        long began = System.nanoTime();
        var run =
                timings.watch(prefix + "month-end", () -> world.get(Runs.class).monthly(BillingPeriod.of(Bench.FIRST)));
        long took = System.nanoTime() - began;
        timings.add(prefix + "month-end", took);
        timings.add(prefix + "month-end-account", took / accounts);
        for (var step : STEPS) timings.add(prefix + STEP + step, nanos(run.steps(), step::equals));
        timings.add(prefix + STEP + OTHERS, nanos(run.steps(), name -> !STEPS.contains(name)));
        long paid = world.jdbc
                .sql(
                        "select count(*) from invoice where status = 'PAID' and exists (select from notice where status = 'SENT')")
                .query(Long.class)
                .single();
        if (paid != accounts) throw new IllegalStateException(paid + " of " + accounts + " invoices are paid");
        bare(world, accounts, timings, prefix);
    }

    private static long nanos(List<StepReport> steps, Predicate<String> wanted) {
        return steps.stream()
                .filter(step -> wanted.test(step.name()))
                .mapToLong(step -> Duration.between(
                                Objects.requireNonNull(step.startedAt()), Objects.requireNonNull(step.endedAt()))
                        .toNanos())
                .sum();
    }

    /** A rated month, whose last night attaches the cards. */
    private static void plant(World world, int accounts) throws Exception {
        var file = world.get(Home.class).path().resolve("cards.csv");
        world.get(Accounts.class).importFile(Files.writeString(file, World.customers(accounts, 0, "pm_card_visa")));
        for (var sql : statements("bench/month-end.sql")) {
            var statement = world.jdbc.sql(sql);
            (sql.contains(":first") ? statement.param("first", Bench.FIRST) : statement).update();
        }
        world.get(Runs.class).nightly(Bench.NEXT);
        world.checkpoint();
    }

    private static void bare(World world, int accounts, Timings timings, String prefix) throws Exception {
        var pages = prefix + STEP + "bare-pages";
        timings.time(pages, () -> PdfStage.bare(world, accounts));
        var calls = prefix + STEP + "bare-calls";
        timings.time(calls, () -> new BareCharges(world).all());
        var rows = prefix + STEP + "bare-rows";
        timings.time(rows, () -> {
            for (var sql : statements("bench/month-end-rows.sql"))
                world.jdbc.sql(sql).update();
        });
        var charges = prefix + STEP + "bare-charges";
        timings.add(charges, timings.count(pages) + timings.count(calls));
        timings.add(prefix + STEP + "bare", timings.count(charges) + timings.count(rows));
    }

    private static String[] statements(String file) throws Exception {
        return new ClassPathResource(file)
                .getContentAsString(StandardCharsets.UTF_8)
                .split(";\\R\\s*");
    }

    @Override
    public List<Figure> figures(Month month, Timings timings) {
        var figures = new ArrayList<Figure>();
        int accounts = Math.min(month.accounts(), ACCOUNTS);
        figures.add(timings.seconds(
                "month end of " + accounts + " accounts, beside its bare work",
                "month-end",
                STEP + "bare",
                "value <= 15"));
        for (var step : STEPS) {
            figures.add(
                    step.equals(CHARGING)
                            ? timings.seconds(
                                    "of it " + step + " with the documents, beside its bare work",
                                    STEP + step,
                                    STEP + "bare-charges",
                                    "")
                            : timings.seconds("of it " + step, STEP + step));
        }
        figures.add(timings.seconds("of it the other steps", STEP + OTHERS));
        figures.add(timings.seconds("the rows of it by plain statements", STEP + "bare-rows"));
        if (month.accounts() > ACCOUNTS) {
            figures.add(timings.millis(
                    "an account of " + month.accounts() + ", beside one of " + ACCOUNTS,
                    MORE + "month-end-account",
                    "month-end-account",
                    "ratio <= 1.1"));
        }
        return figures;
    }
}
