package io.postpaid.platform.batch;

import io.postpaid.platform.calendar.BillingPeriod;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/** Tells which runs are due, from the schedules of jobs/ and from what was run. All times are UTC. */
record Schedule(CronExpression nightly, CronExpression monthly) {

    /**
     * What was run so far.
     *
     * @param firstNight the earliest date of any nightly run, done or not
     * @param lastNight the latest date that is done; it took all that earlier nights would have
     * @param lastMonth the first day of the latest period that is done
     */
    record History(
            @Nullable LocalDate firstNight,
            @Nullable LocalDate lastNight,
            @Nullable LocalDate lastMonth) {}

    /** A run and since when it is due. */
    record Due(Instant at, String job, LocalDate date) {}

    static Schedule read() {
        return of(
                JobFile.read(Runs.NIGHTLY).schedule(),
                JobFile.read(Runs.MONTHLY).schedule());
    }

    static Schedule of(String nightly, String monthly) {
        return new Schedule(CronExpression.parse(nightly), CronExpression.parse(monthly));
    }

    /**
     * The runs that are due, in the order to run them in.
     *
     * @param began where the schedule begins if no night was ever run: nothing before it is caught up
     */
    List<Due> due(Instant now, Instant began, History history) {
        var nights = times(nightly, nightsFrom(began, history), now)
                .map(at -> new Due(at, Runs.NIGHTLY, day(at)))
                .toList();
        // Several times on one day are one run.
        var due = new ArrayList<Due>();
        nights.stream()
                .filter(night -> due.isEmpty() || !due.getLast().date().equals(night.date()))
                .forEach(due::add);
        var firstNight = history.firstNight() != null
                ? history.firstNight()
                : due.isEmpty() ? null : due.getFirst().date();
        if (firstNight != null) {
            // The first night took the usage of the days before it.
            var first = history.lastMonth() != null
                    ? BillingPeriod.of(history.lastMonth()).next()
                    : BillingPeriod.of(firstNight.minusDays(1));
            times(monthly, first.to(), now)
                    .map(at -> new Due(at, Runs.MONTHLY, day(at).minusMonths(1).withDayOfMonth(1)))
                    .forEach(due::add);
        }
        return due.stream().sorted(Comparator.comparing(Due::at)).distinct().toList();
    }

    private static Instant nightsFrom(Instant began, History history) {
        if (history.lastNight() != null) return start(history.lastNight().plusDays(1));
        return history.firstNight() != null ? start(history.firstNight()) : began;
    }

    /** When something will be due next. */
    Instant next(Instant now) {
        return Stream.of(nightly, monthly)
                .map(cron -> next(cron, now))
                .flatMap(Stream::ofNullable)
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    private static Stream<Instant> times(CronExpression cron, Instant from, Instant to) {
        return Stream.iterate(
                        next(cron, from.minusNanos(1)),
                        at -> at != null && !at.isAfter(to),
                        at -> next(cron, Objects.requireNonNull(at)))
                .flatMap(Stream::ofNullable);
    }

    private static @Nullable Instant next(CronExpression cron, Instant after) {
        var next = cron.next(LocalDateTime.ofInstant(after, ZoneOffset.UTC));
        return next == null ? null : next.toInstant(ZoneOffset.UTC);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }
}
