package io.postpaid.books.usage;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.rating.RunningCost;
import io.postpaid.pricing.rating.RunningCost.Counted;
import io.postpaid.usage.archive.AccountRecords;
import io.postpaid.usage.archive.AccountRecords.Position;
import io.postpaid.usage.archive.RawRecord;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Hands out an account's records: a page of them, those of a month, or those behind an invoice. */
@Component
public class AccountUsage {
    /** So many days are looked at for one page: who has used little gets a short page and asks again. */
    private static final int DAYS_MAX = 40;

    private final RunningCost costs;
    private final AccountRecords records;

    AccountUsage(RunningCost costs, AccountRecords records) {
        this.costs = costs;
        this.records = records;
    }

    /** A page of records; null is behind the last. */
    public record Page(List<UsedRecord> records, @Nullable Position next) {
        public Page {
            records = List.copyOf(records);
        }
    }

    /** The records of a month that was asked for lie in the archive. */
    public static final class ArchivedException extends RuntimeException {
        private final BillingPeriod month;

        ArchivedException(BillingPeriod month) {
            super("The records of " + month + " are archived", null, false, false);
            this.month = month;
        }

        public BillingPeriod month() {
            return month;
        }
    }

    /**
     * The next records of a time, the earliest first.
     *
     * @param product null for all
     * @param behind where the page before ended; null for the first
     * @throws ArchivedException if it would have to look into the archive
     */
    public Page page(
            String account, @Nullable String product, Instant from, Instant to, @Nullable Position behind, int limit) {
        var start = behind == null || behind.occurredAt().isBefore(from) ? Position.before(from) : behind;
        if (!start.occurredAt().isBefore(to)) return new Page(List.of(), null);
        var counted = costs.counted(account, day(start.occurredAt()), day(to.minusNanos(1)));
        var periods = periods(counted);
        var days = counted.stream()
                .filter(of -> product == null || of.product().equals(product))
                .map(Counted::day)
                .collect(toCollection(TreeSet::new));
        var archived = new HashMap<BillingPeriod, Boolean>();
        var found = new ArrayList<RawRecord>();
        int looked = 0;
        for (var day : days) {
            if (looked++ == DAYS_MAX) return new Page(used(found, periods), Position.before(start(day)));
            if (archived.computeIfAbsent(BillingPeriod.of(day), records::isArchived)) {
                throw new ArchivedException(BillingPeriod.of(day));
            }
            var behindThat = start.occurredAt().isBefore(start(day)) ? Position.before(start(day)) : start;
            var end = start(day.plusDays(1));
            found.addAll(
                    records.page(account, product, behindThat, end.isBefore(to) ? end : to, limit + 1 - found.size()));
            if (found.size() > limit) {
                var page = found.subList(0, limit);
                return new Page(used(page, periods), Position.of(page.getLast()));
            }
        }
        return new Page(used(found, periods), null);
    }

    /** All records of a month of use, also those of the archive. */
    public void ofMonth(String account, BillingPeriod month, Consumer<UsedRecord> reader) {
        var counted = costs.counted(account, month.firstDay(), month.issuedOn().minusDays(1));
        each(account, month, counted, reader);
    }

    /**
     * The records behind an invoice: those of all days of which usage is on it. A day that another invoice shares comes whole, and its
     * records name both.
     */
    public void behind(Invoice invoice, Consumer<UsedRecord> reader) {
        var on = costs.billedIn(invoice.account(), invoice.period().firstDay()).stream()
                .map(Cell::of)
                .collect(toCollection(HashSet::new));
        for (var month : on.stream().map(cell -> BillingPeriod.of(cell.day())).collect(toCollection(TreeSet::new))) {
            var counted = costs
                    .counted(
                            invoice.account(),
                            month.firstDay(),
                            month.issuedOn().minusDays(1))
                    .stream()
                    .filter(of -> on.contains(Cell.of(of)))
                    .toList();
            each(invoice.account(), month, counted, used -> {
                if (on.contains(Cell.of(used.record()))) reader.accept(used);
            });
        }
    }

    private void each(String account, BillingPeriod month, List<Counted> counted, Consumer<UsedRecord> reader) {
        var periods = periods(counted);
        records.each(
                account,
                month,
                counted.stream().map(Counted::day).toList(),
                record -> reader.accept(used(record, periods)));
    }

    /** A product's day. */
    private record Cell(String product, LocalDate day) {
        static Cell of(RawRecord record) {
            return new Cell(record.product(), record.day());
        }

        static Cell of(Counted counted) {
            return new Cell(counted.product(), counted.day());
        }

        static Cell of(RunningCost.Billed billed) {
            return new Cell(billed.product(), billed.day());
        }
    }

    /** The periods that add records of a day; one that only takes back adds none. */
    private static Map<Cell, List<BillingPeriod>> periods(List<Counted> counted) {
        return counted.stream()
                .filter(of -> of.records() > 0 || of.freeRecords() > 0)
                .collect(groupingBy(
                        of -> new Cell(of.product(), of.day()),
                        mapping(of -> BillingPeriod.of(of.period()), toCollection(ArrayList::new))));
    }

    private static List<UsedRecord> used(List<RawRecord> records, Map<Cell, List<BillingPeriod>> periods) {
        return records.stream().map(record -> used(record, periods)).toList();
    }

    private static UsedRecord used(RawRecord record, Map<Cell, List<BillingPeriod>> periods) {
        return new UsedRecord(record, periods.getOrDefault(Cell.of(record), List.of()));
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
