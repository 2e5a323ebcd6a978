package io.postpaid.books.explain;

import static java.math.BigDecimal.ZERO;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceLine;
import io.postpaid.billing.invoicing.InvoiceTax;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.books.explain.ExplanationWriter.Day;
import io.postpaid.books.explain.ExplanationWriter.Line;
import io.postpaid.books.explain.ExplanationWriter.Part;
import io.postpaid.credit.CreditLedger;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Rounding;
import io.postpaid.pricing.pricebook.Price;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.pricebook.PriceModel;
import io.postpaid.usage.aggregate.KeptRecords;
import io.postpaid.usage.archive.RawRecords;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Traces invoices to their days, prices, postings and raw records, and adds all of it up on the way. */
@Component
public class Explanations {
    private final Invoices invoices;
    private final PriceBooks prices;
    private final CreditLedger ledger;
    private final ExplainStore store;
    private final RawRecords records;
    private final KeptRecords kept;

    Explanations(
            Invoices invoices,
            PriceBooks prices,
            CreditLedger ledger,
            ExplainStore store,
            RawRecords records,
            KeptRecords kept) {
        this.invoices = invoices;
        this.prices = prices;
        this.ledger = ledger;
        this.store = store;
        this.records = records;
        this.kept = kept;
    }

    /**
     * Tells what an invoice was made of.
     *
     * @param recordsPerDay how many raw records of each day are told; all of them are added up
     * @return whether every sum was as printed
     */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public boolean explain(Invoice invoice, long recordsPerDay, ExplanationWriter told) {
        return new Trace(invoice, prices.load(), recordsPerDay, told).tell();
    }

    /** Where a day's part goes: a line's key. */
    private record LineKey(String product, LocalDate month, long price, int tier) {
        static LineKey of(InvoiceLine line) {
            return new LineKey(line.product(), line.usagePeriod().firstDay(), line.price(), line.tier());
        }

        static LineKey of(String product, LocalDate day, long price, int tier) {
            return new LineKey(product, day.withDayOfMonth(1), price, tier);
        }
    }

    /** What the parts of one line add up to. */
    private static final class Sum {
        private BigDecimal quantity = ZERO;
        private BigDecimal amount = ZERO;
        private int days;

        private void add(Part part) {
            quantity = quantity.add(part.quantity());
            amount = amount.add(part.amount());
            days++;
        }
    }

    /** How a line's amount came about from its days. */
    private static Line traced(InvoiceLine line, Sum sum, PriceBook book) {
        var price = book.price(line.price());
        var tier = price.tiers().get(line.tier() - 1);
        var exact = price.model() == PriceModel.PACKAGE
                ? sum.amount
                : Rounding.toAccrual(line.quantity().multiply(tier.amount()), price.per());
        return new Line(
                line.position(),
                line.product(),
                line.usagePeriod().toString(),
                plain(line.quantity()),
                line.unit(),
                plain(line.unitPrice()) + " / " + line.listedUnit(),
                price.id(),
                price.account() == null ? "list" : "account",
                price.effectiveFrom(),
                price.model().name().toLowerCase(java.util.Locale.ROOT),
                line.tier(),
                tierFloor(price, line.tier()),
                tier.upTo() == null ? null : plain(tier.upTo()),
                plain(tier.amount()),
                plain(price.per()),
                plain(exact),
                plain(sum.amount),
                line.amount(),
                sum.days);
    }

    private static BigDecimal tierFloor(Price price, int tier) {
        return tier == 1
                ? ZERO
                : plain(Objects.requireNonNull(price.tiers().get(tier - 2).upTo()));
    }

    /** A line's amount, once more. */
    private static BigDecimal rounded(InvoiceLine line, Sum sum, PriceBook book, String currency) {
        var price = book.price(line.price());
        return price.model() == PriceModel.PACKAGE
                ? Rounding.toMinorUnit(sum.amount, currency)
                : Rounding.toMinorUnit(
                        line.quantity()
                                .multiply(price.tiers().get(line.tier() - 1).amount()),
                        price.per(),
                        currency);
    }

    /** Whether the days add up to the line: each of them was cut half up at the last decimal that is kept. */
    private static boolean isExact(Line line) {
        var tolerance = BigDecimal.valueOf(line.days() + 1L, Rounding.ACCRUAL_SCALE);
        return line.exact().subtract(line.accrued()).abs().compareTo(tolerance) <= 0;
    }

    /**
     * A day's part of a line.
     *
     * @param records how many records the day has, free ones included; those of another line of the same day are among them
     */
    public record LineDay(LocalDate day, BigDecimal quantity, BigDecimal amount, long records) {}

    /**
     * A line with its days.
     *
     * @param again its amount computed once more from the sum of its days
     * @param ties whether quantity, exact amount and amount are those printed
     */
    public record LineTrace(Line line, List<LineDay> days, BigDecimal quantity, BigDecimal again, boolean ties) {
        public LineTrace {
            days = List.copyOf(days);
        }
    }

    /** Traces one line to its days. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public LineTrace line(Invoice invoice, InvoiceLine line) {
        var book = prices.current();
        var days = store.days(invoice, line);
        var sum = new Sum();
        days.forEach(
                day -> sum.add(new Part(line.position(), line.price(), line.tier(), day.quantity(), day.amount())));
        var traced = traced(line, sum, book);
        var again = rounded(line, sum, book, invoice.currency());
        boolean ties =
                sum.quantity.compareTo(line.quantity()) == 0 && again.compareTo(line.amount()) == 0 && isExact(traced);
        return new LineTrace(traced, days, plain(sum.quantity), again, ties);
    }

    /** The account of one invoice. */
    private final class Trace {
        private final Invoice invoice;
        private final PriceBook book;
        private final long recordsPerDay;
        private final ExplanationWriter told;
        private final Map<LineKey, InvoiceLine> lines = new LinkedHashMap<>();
        private final Map<LineKey, Sum> sums = new HashMap<>();
        private DayRecords passed = new DayRecords();
        private Map<LocalDate, List<ExplanationWriter.Aggregated>> aggregated = Map.of();
        private boolean ties = true;

        Trace(Invoice invoice, PriceBook book, long recordsPerDay, ExplanationWriter told) {
            this.invoice = invoice;
            this.book = book;
            this.recordsPerDay = recordsPerDay;
            this.told = told;
            invoices.lines(invoice.id()).forEach(line -> lines.put(LineKey.of(line), line));
        }

        boolean tell() {
            var days = store.days(invoice.account(), invoice.period(), this::lineOf);
            for (var day : days) {
                for (var part : day.parts()) {
                    var key = LineKey.of(day.product(), day.day(), part.price(), part.tier());
                    sums.computeIfAbsent(key, any -> new Sum()).add(part);
                }
            }
            lines.values().forEach(this::line);
            sums.forEach((key, sum) -> {
                boolean nothing = sum.quantity.signum() == 0 && sum.amount.signum() == 0;
                if (!lines.containsKey(key) && !nothing) {
                    differ("%s of %s in %s was rated at %s, and is on no line"
                            .formatted(plain(sum.quantity), key.product(), key.month(), plain(sum.amount)));
                }
            });
            days.stream()
                    .collect(groupingBy(
                            Day::product,
                            TreeMap::new,
                            groupingBy(day -> BillingPeriod.of(day.day()), TreeMap::new, toList())))
                    .forEach((product, months) -> months.forEach((month, ofMonth) -> records(product, month, ofMonth)));
            sums();
            return ties;
        }

        private @Nullable Integer lineOf(String product, LocalDate day, long price, int tier) {
            var line = lines.get(LineKey.of(product, day, price, tier));
            return line == null ? null : line.position();
        }

        private void differ(String sentence) {
            ties = false;
            told.difference(sentence);
        }

        private void equal(String what, BigDecimal one, String other, BigDecimal two) {
            if (one.compareTo(two) != 0) {
                differ("%s is %s, but %s is %s".formatted(what, plain(one), other, plain(two)));
            }
        }

        private void line(InvoiceLine line) {
            var sum = sums.getOrDefault(LineKey.of(line), new Sum());
            var traced = traced(line, sum, book);
            told.line(traced);
            var name = "line " + line.position();
            equal(name + "'s quantity", line.quantity(), "the sum of its days", sum.quantity);
            equal(name + "'s amount", line.amount(), "its exact amount rounded", rounded(line, sum));
            if (!isExact(traced)) equal(name + "'s exact amount", traced.exact(), "the sum of its days", sum.amount);
        }

        private BigDecimal rounded(InvoiceLine line, Sum sum) {
            return Explanations.rounded(line, sum, book, invoice.currency());
        }

        /** Passes over the records of a product and month once, in the order of the days. */
        private void records(String product, BillingPeriod month, List<Day> days) {
            var open = new ArrayList<>(days);
            aggregated = store.aggregated(invoice.account(), product, month);
            records.each(invoice.account(), product, month, record -> {
                while (!open.isEmpty() && open.getFirst().day().isBefore(record.day())) end(open.removeFirst());
                // Days that are on other invoices only.
                if (open.isEmpty() || open.getFirst().day().isAfter(record.day())) return;
                if (passed.isEmpty()) begin(open.getFirst());
                if (passed.add(record) <= recordsPerDay) told.record(record);
            });
            open.forEach(this::end);
        }

        private void begin(Day day) {
            told.day(day);
            var parts = day.parts().stream().map(Part::quantity).reduce(ZERO, BigDecimal::add);
            if (!day.parts().isEmpty()
                    || day.quantity().signum() != 0
                            && book.product(day.product()).billable()) {
                equal(
                        "What was metered of %s on %s".formatted(day.product(), day.day()),
                        day.quantity(),
                        "what was rated",
                        parts);
            }
        }

        private void end(Day day) {
            if (passed.isEmpty()) begin(day);
            var runs = aggregated.getOrDefault(day.day(), List.of());
            runs.forEach(passed::add);
            new KeptDay(kept, invoice.account(), day, recordsPerDay, told)
                    .tell(runs)
                    .ifPresent(this::differ);
            var quantity = day.quantity().add(day.elsewhere());
            long count = day.records() + day.freeRecords() + day.elsewhereRecords();
            long counted = passed.counted();
            boolean same = passed.quantity().compareTo(quantity) == 0 && counted == count;
            told.dayEnds(passed.shown(recordsPerDay, same));
            if (!same) {
                differ("The records of %s on %s are %d with %s, but %d with %s were metered"
                        .formatted(
                                day.product(), day.day(), counted, plain(passed.quantity()), count, plain(quantity)));
            }
            passed = new DayRecords();
        }

        private void taxes(List<InvoiceTax> taxes, BigDecimal net) {
            taxes.forEach(tax -> equal(
                    "The tax " + tax.label(),
                    tax.tax(),
                    "its percentage of " + plain(tax.base()),
                    Rounding.toMinorUnit(
                            tax.base().multiply(tax.percent()), BigDecimal.valueOf(100), invoice.currency())));
            equal(
                    "The taxes' bases",
                    taxes.stream().map(InvoiceTax::base).reduce(ZERO, BigDecimal::add),
                    "subtotal - credits",
                    net);
            equal(
                    "The tax",
                    invoice.tax(),
                    "the sum of the taxes",
                    taxes.stream().map(InvoiceTax::tax).reduce(ZERO, BigDecimal::add));
        }

        private void sums() {
            var subtotal = lines.values().stream().map(InvoiceLine::amount).reduce(ZERO, BigDecimal::add);
            var rated = sums.values().stream().map(sum -> sum.amount).reduce(ZERO, BigDecimal::add);
            var cost = ledger.month(invoice.account(), invoice.period());
            var draws = store.draws(invoice.account(), invoice.period());
            var drawn = draws.stream().map(ExplanationWriter.Draw::amount).reduce(ZERO, BigDecimal::add);
            var net = invoice.subtotal().subtract(invoice.credits());
            var taxes = invoices.taxes(invoice.id());
            told.sums(new ExplanationWriter.Sums(
                    invoice.subtotal(),
                    plain(cost.cost()),
                    plain(cost.accrued()),
                    draws,
                    plain(drawn),
                    invoice.credits(),
                    plain(net.subtract(cost.accrued())),
                    taxes,
                    invoice.tax(),
                    invoice.total(),
                    invoice.carriedIn(),
                    invoice.carriedForward(),
                    invoice.fromBalance(),
                    invoice.amountDue()));
            equal("The subtotal", invoice.subtotal(), "the sum of the lines", subtotal);
            equal("The month's cost", cost.cost(), "the sum of the rated days", rated);
            equal("What credit covered", cost.credits(), "what was drawn from grants", drawn);
            equal(
                    "The month's cost",
                    cost.cost(),
                    "covered and accrued",
                    cost.credits().add(cost.accrued()));
            equal(
                    "The credits printed",
                    invoice.credits(),
                    "what was covered, in cents",
                    cost.creditsOf(invoice.subtotal(), invoice.currency()));
            taxes(taxes, net);
            equal("The total", invoice.total(), "subtotal - credits + tax", net.add(invoice.tax()));
            equal(
                    "The amount due",
                    invoice.amountDue(),
                    "total + carried in - carried forward - from the account balance",
                    invoice.total()
                            .add(invoice.carriedIn())
                            .subtract(invoice.carriedForward())
                            .subtract(invoice.fromBalance()));
        }
    }

    /** The same number without trailing zeros, and never in scientific notation. */
    static BigDecimal plain(BigDecimal number) {
        var stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
