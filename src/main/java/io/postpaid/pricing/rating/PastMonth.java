package io.postpaid.pricing.rating;

import static java.math.BigDecimal.ZERO;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.reducing;

import io.postpaid.account.Account;
import io.postpaid.credit.BurnDown;
import io.postpaid.credit.CreditLedger.History;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.MonthlyCost;
import io.postpaid.credit.PastCredit;
import io.postpaid.credit.Posting;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.rating.Covering.Changes;
import io.postpaid.pricing.rating.Covering.Part;
import io.postpaid.pricing.rating.RatedMonth.Used;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An account's usage of a period as the journal has it, to be rated and covered again: in memory, by the code of the nights.
 *
 * <p>Cost follows from what was used, whatever the order in which it came. What credit covers does not: so nights are played in
 * their order, among all else that happened to the account's credit.
 */
public final class PastMonth {
    /** A line of the journal, and which night has added it. */
    record Line(long night, long n, String product, LocalDate period, LocalDate day, RatedPart part) {
        Part of() {
            return new Part(period, day.withDayOfMonth(1));
        }

        BigDecimal amount() {
            return part.amount();
        }
    }

    private final Account account;
    private final BillingPeriod period;
    private final List<Line> own;
    private final List<Line> later;
    private final Map<DailyUsage.Month, List<DailyUsage>> earlier;
    private final History credit;
    private final Function<LocalDate, BurnDown.Before> coveredToday;

    /**
     * @param lines what the period bills, and usage of its days that later periods bill
     * @param earlier days of these months of use that earlier periods have billed, where prices count over the month
     */
    PastMonth(
            Account account,
            BillingPeriod period,
            List<Line> lines,
            Map<DailyUsage.Month, List<DailyUsage>> earlier,
            History credit,
            Function<LocalDate, BurnDown.Before> coveredToday) {
        this.account = account;
        this.period = period;
        this.own = lines.stream().filter(this::billsIt).toList();
        this.later = lines.stream().filter(line -> !billsIt(line)).toList();
        this.earlier = earlier;
        this.credit = credit;
        this.coveredToday = coveredToday;
    }

    private boolean billsIt(Line line) {
        return line.period().equals(period.firstDay());
    }

    /** Whether usage of the period came after it was billed, and is on a later invoice. */
    public boolean hasLateUsage() {
        return quantitiesOfLater().stream().anyMatch(quantity -> quantity.signum() > 0);
    }

    /** Whether usage of the period was taken back after it was billed. */
    public boolean hasCorrections() {
        return quantitiesOfLater().stream().anyMatch(quantity -> quantity.signum() < 0);
    }

    private List<BigDecimal> quantitiesOfLater() {
        return later.stream()
                .collect(groupingBy(
                        line -> List.of(line.night(), line.product(), line.day()),
                        reducing(ZERO, line -> line.part().quantity(), BigDecimal::add)))
                .values()
                .stream()
                .toList();
    }

    /** The versions of prices that the books have rated it by. */
    public Set<Long> prices() {
        return own.stream()
                .map(Line::part)
                .filter(part -> part.price() != null)
                .collect(groupingBy(RatedPart::price, reducing(ZERO, RatedPart::quantity, BigDecimal::add)))
                .entrySet()
                .stream()
                .filter(price -> price.getValue().signum() != 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** @param late whether what came after it was billed counts as if it had come before */
    public RatedMonth rate(PriceBook prices, boolean late) {
        var lines = late ? together() : own;
        var days = rated(lines, prices);
        boolean asInBooks = !late && days.stream().allMatch(day -> day.changes().isEmpty());
        // The books know what each night has changed, also where prices came in the middle of the month.
        var cost =
                asInBooks ? cover(lines, true, PastMonth::recorded) : cover(lines, false, new Nights(prices)::changes);
        return new RatedMonth(used(days), cost, unpriced(days), asInBooks);
    }

    private List<Line> together() {
        return Stream.concat(own.stream(), later.stream())
                .sorted(Comparator.comparing(Line::n))
                .toList();
    }

    private DailyUsage.Month month(Line line) {
        return new DailyUsage.Month(account.id(), line.product(), line.day().withDayOfMonth(1));
    }

    /** All days at once. */
    private List<RatedDay> rated(List<Line> lines, PriceBook prices) {
        var months = new LinkedHashMap<DailyUsage.Month, TreeMap<LocalDate, List<RatedPart>>>();
        for (var line : lines) {
            months.computeIfAbsent(month(line), _ -> new TreeMap<>())
                    .computeIfAbsent(line.day(), _ -> new ArrayList<>())
                    .add(line.part());
        }
        var rated = new ArrayList<RatedDay>();
        months.forEach((month, days) -> {
            var usage = new ArrayList<>(earlier.getOrDefault(month, List.of()));
            days.forEach((day, parts) -> usage.add(day(month, day, RatedDay.together(parts), ZERO)));
            rated.addAll(MonthRating.rate(usage, prices, account.currency()));
        });
        return rated;
    }

    /** A day that is to be rated. */
    private DailyUsage day(DailyUsage.Month month, LocalDate day, List<RatedPart> before, BigDecimal added) {
        var quantity = RatedPart.quantity(before).add(added);
        return new DailyUsage(month.account(), month.product(), day, period.firstDay(), quantity, false, before, null);
    }

    private static List<Used> used(List<RatedDay> days) {
        record Key(String product, LocalDate month, long price, int tier) {}
        var sums = new LinkedHashMap<Key, Used>();
        for (var day : days) {
            var of = day.usage().month();
            for (var part : day.parts()) {
                if (part.price() == null) continue;
                var key = new Key(of.product(), of.firstDay(), part.price(), part.tier());
                sums.merge(
                        key,
                        new Used(key.product, key.month, key.price, key.tier, part.quantity(), part.amount()),
                        (one, more) -> new Used(
                                key.product,
                                key.month,
                                key.price,
                                key.tier,
                                one.quantity().add(more.quantity()),
                                one.amount().add(more.amount())));
            }
        }
        return sums.values().stream()
                .filter(used -> used.quantity().signum() != 0 || used.amount().signum() != 0)
                .toList();
    }

    private static List<String> unpriced(List<RatedDay> days) {
        var waiting = days.stream()
                .filter(RatedDay::waits)
                .map(RatedDay::usage)
                .collect(groupingBy(DailyUsage::product, TreeMap::new, Collectors.toList()));
        return waiting.entrySet().stream()
                .map(product -> product.getKey() + " on "
                        + product.getValue().stream()
                                .map(DailyUsage::day)
                                .min(Comparator.naturalOrder())
                                .orElseThrow()
                        + " (" + product.getValue().size() + " days)")
                .toList();
    }

    /** Plays the nights, each with what it has changed, and among them what else was posted. */
    private MonthlyCost cover(List<Line> lines, boolean asInBooks, Function<List<Line>, Changes> changesOf) {
        boolean late = lines.size() > own.size();
        var state = new PastCredit(credit, period.firstDay(), coveredToday);
        var posted = new Posted(credit.since(), state, late);
        var credits = ZERO;
        var accrued = ZERO;
        var rated = period.firstDay();
        for (var night : nights(lines)) {
            var open = new HashMap<Part, BigDecimal>();
            night.forEach(line -> open.merge(line.of(), line.amount(), BigDecimal::add));
            posted.untilNight(open);
            for (var posting : Covering.cover(account, changesOf.apply(night), state)) {
                state.play(posting);
                var cost = PastCredit.cost(posting);
                if (posting.grant() == null) accrued = accrued.add(cost);
                else credits = credits.add(cost);
            }
            posted.pastNight(open);
            if (asInBooks) continue;
            for (var line : night) if (line.day().isAfter(rated)) rated = line.day();
            state.expire(rated);
        }
        return new MonthlyCost(period, credits.add(accrued), credits, accrued);
    }

    private static List<List<Line>> nights(List<Line> lines) {
        var nights = new ArrayList<List<Line>>();
        long last = 0;
        for (var line : lines) {
            if (nights.isEmpty() || line.night() != last) nights.add(new ArrayList<>());
            nights.getLast().add(line);
            last = line.night();
        }
        return nights;
    }

    /** What was posted for the account, up to some place. */
    private final class Posted {
        private final List<Posting> postings;
        private final PastCredit state;
        private final boolean late;
        private int next;

        Posted(List<Posting> postings, PastCredit state, boolean late) {
            this.postings = postings;
            this.state = state;
            this.late = late;
        }

        /** Plays what was posted before a night was. */
        void untilNight(Map<Part, BigDecimal> open) {
            if (isDone(open)) return;
            while (next < postings.size() && !isPlayedAgain(postings.get(next))) state.play(postings.get(next++));
        }

        /** Leaves out what the books have of a night that was played again. */
        void pastNight(Map<Part, BigDecimal> open) {
            while (next < postings.size() && !isDone(open)) {
                var posting = postings.get(next++);
                if (isPlayedAgain(posting)) {
                    open.merge(part(posting), PastCredit.cost(posting).negate(), BigDecimal::add);
                } else {
                    state.play(posting);
                }
            }
        }

        private static boolean isDone(Map<Part, BigDecimal> open) {
            return open.values().stream().allMatch(amount -> amount.signum() == 0);
        }

        private boolean isPlayedAgain(Posting posting) {
            if (posting.debit() != LedgerAccount.REVENUE && posting.credit() != LedgerAccount.REVENUE) return false;
            var part = part(posting);
            return part.period().equals(period.firstDay())
                    || late && part.month().equals(period.firstDay());
        }

        private static Part part(Posting usage) {
            var billed = Objects.requireNonNull(usage.period());
            return new Part(billed, usage.usedIn() == null ? billed : usage.usedIn());
        }
    }

    private static Changes recorded(List<Line> night) {
        var changes = new Changes();
        night.forEach(line -> changes.add(line.period(), line.day(), line.amount()));
        return changes;
    }

    /** The nights of the month as other prices would have rated them, one after the other. */
    private final class Nights {
        private final PriceBook prices;
        private final Map<DailyUsage.Month, TreeMap<LocalDate, List<RatedPart>>> known = new HashMap<>();

        Nights(PriceBook prices) {
            this.prices = prices;
        }

        Changes changes(List<Line> night) {
            var added = new LinkedHashMap<DailyUsage.Month, TreeMap<LocalDate, BigDecimal>>();
            for (var line : night) {
                added.computeIfAbsent(month(line), _ -> new TreeMap<>())
                        .merge(line.day(), line.part().quantity(), BigDecimal::add);
            }
            var rated = new ArrayList<RatedDay>();
            added.forEach((month, days) -> {
                days.values().removeIf(quantity -> quantity.signum() == 0);
                if (!days.isEmpty()) rated.addAll(rate(month, days));
            });
            return Changes.of(rated);
        }

        private List<RatedDay> rate(DailyUsage.Month month, Map<LocalDate, BigDecimal> added) {
            var before = known.computeIfAbsent(month, _ -> new TreeMap<>());
            var days = new ArrayList<DailyUsage>();
            if (prices.countsOverTheMonth(month.product())) {
                days.addAll(earlier.getOrDefault(month, List.of()));
                before.forEach((day, parts) -> {
                    if (!added.containsKey(day)) days.add(rated(day(month, day, parts, ZERO)));
                });
            }
            added.forEach((day, quantity) -> days.add(day(month, day, before.getOrDefault(day, List.of()), quantity)));
            days.sort(DailyUsage.ORDER);
            var rated = MonthRating.rate(days, prices, account.currency());
            rated.forEach(day -> before.put(day.usage().day(), day.whole()));
            return rated;
        }

        private static DailyUsage rated(DailyUsage day) {
            return new DailyUsage(
                    day.account(), day.product(), day.day(), day.period(), day.quantity(), true, day.before(), null);
        }
    }
}
