package io.postpaid.demo;

import io.postpaid.payments.charging.Payments;
import io.postpaid.payments.topup.TopUps;
import io.postpaid.platform.batch.RunReport;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Bills a month of sample usage, and the ten days behind it, day by day as it would happen. */
@Component
public class Demo {
    private static final int TOP_UP_DAY = 12;

    private static final LocalTime NIGHTLY = LocalTime.of(8, 0);
    private static final LocalTime MONTHLY = LocalTime.of(9, 0);

    private final SampleBooks books;
    private final Payments payments;
    private final TopUps topUps;
    private final Runs runs;
    private final SampleClose close;
    private final BillingClock clock;
    private final Home home;
    private final CleanSlate slate;

    Demo(
            SampleBooks books,
            Payments payments,
            TopUps topUps,
            Runs runs,
            SampleClose close,
            BillingClock clock,
            Home home,
            CleanSlate slate) {
        this.books = books;
        this.payments = payments;
        this.topUps = topUps;
        this.runs = runs;
        this.close = close;
        this.clock = clock;
        this.home = home;
        this.slate = slate;
    }

    /**
     * Shows the month.
     *
     * @param count how many accounts, 19 of which have a story of their own
     * @param told what happens, line by line
     * @throws IllegalStateException if the database holds accounts that are not the demo's
     */
    public void show(BillingPeriod period, int count, Consumer<String> told) {
        slate.wipe();
        try {
            at(period.firstDay(), NIGHTLY);
            int stories = books.importFor(period, count);
            var usage = new SampleUsage(period, Math.max(0, count - stories));
            told.accept("Imported " + Math.max(stories, count) + " accounts and the price book");
            liveThrough(period, usage, told);
            followUp(period, usage, told);
            close.close(period, told);
            close.rehearse(period, told);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            clock.reset();
        }
    }

    /** Every night of the month, and on the first of the next the invoices. */
    private void liveThrough(BillingPeriod period, SampleUsage usage, Consumer<String> told) throws IOException {
        for (var day = period.firstDay(); day.isBefore(period.issuedOn()); day = day.plusDays(1)) {
            usage.writeDay(day, home.inbox());
            if (day.equals(usage.traceDay())) usage.writeTrace(home.inbox());
            at(day, MONTHLY);
            books.importRate(day);
            nightly(day.plusDays(1), told);
            if (day.getDayOfMonth() == TOP_UP_DAY) topUp(told);
        }
        at(period.issuedOn(), MONTHLY);
        told.accept("monthly " + period + ": " + sum(runs.monthly(period)));
        close.held(period).forEach(told);
    }

    private void topUp(Consumer<String> told) {
        topUps.buy("demo-satama", new BigDecimal("25.00"), "demo");
        told.accept(clock.today() + ": demo-satama buys credit of USD 25.00 by card, and pays the VAT on it");
    }

    /** What follows the invoices: late usage, retries, a reminder, a suspension, and a card that works at last. */
    private void followUp(BillingPeriod period, SampleUsage usage, Consumer<String> told) throws IOException {
        var issued = period.issuedOn();
        for (int days = 1; days <= 8; days++) {
            if (days == 4) usage.writeLate(home.inbox());
            nightly(issued.plusDays(days), told);
        }
        at(issued.plusDays(8), MONTHLY);
        payments.newCard("demo-cobalt", "pm_card_visa");
        told.accept(
                clock.today() + ": demo-cobalt, suspended the day before, puts in another card and is charged at once");
        nightly(issued.plusDays(9), told);
    }

    private void nightly(LocalDate date, Consumer<String> told) {
        at(date, NIGHTLY);
        told.accept("nightly " + date + ": " + sum(runs.nightly(date)));
    }

    static String sum(RunReport run) {
        var done = run.steps().stream()
                .filter(step -> step.written() > 0 && !step.name().startsWith("prove"))
                .map(step -> step.name() + " " + step.written())
                .collect(Collectors.joining(", "));
        return done.isEmpty() ? "nothing to do" : done;
    }

    private void at(LocalDate day, LocalTime time) {
        clock.setTo(day.atTime(time).toInstant(ZoneOffset.UTC));
    }
}
