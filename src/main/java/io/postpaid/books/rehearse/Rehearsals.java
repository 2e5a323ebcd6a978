package io.postpaid.books.rehearse;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Bill;
import io.postpaid.billing.invoicing.Redrafting;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.rating.PastMonth;
import io.postpaid.pricing.rating.PastMonths;
import io.postpaid.pricing.rating.RatedMonth;
import io.postpaid.pricing.tax.Taxes;
import io.postpaid.pricing.tax.TaxesAgain;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Bills a month once more: rating, credit, drafting and tax of its real usage, by the code that billed it. */
@Component
public class Rehearsals {
    private static final int ACCOUNTS_PER_TRANSACTION = 250;

    private final Accounts accounts;
    private final PriceBooks priceBooks;
    private final Taxes taxes;
    private final PastMonths months;
    private final Redrafting redrafting;
    private final TransactionTemplate reading;

    Rehearsals(
            Accounts accounts,
            PriceBooks priceBooks,
            Taxes taxes,
            PastMonths months,
            Redrafting redrafting,
            PlatformTransactionManager transactions) {
        this.accounts = accounts;
        this.priceBooks = priceBooks;
        this.taxes = taxes;
        this.months = months;
        this.redrafting = redrafting;
        this.reading = new TransactionTemplate(transactions);
        reading.setReadOnly(true);
        reading.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    /**
     * What is rehearsed.
     *
     * @param prices a price file that is tried; null for the price book as it is
     * @param taxes a tax file that is tried; null for the taxes as they are
     * @param late whether usage that came after the month was billed counts too
     */
    public record Wanted(
            BillingPeriod period,
            @Nullable Path prices,
            @Nullable Path taxes,
            boolean late) {}

    /**
     * Rehearses on all cores.
     *
     * @param each gets every account in the order of their ids, by one thread
     * @return how many accounts there are
     * @throws io.postpaid.platform.file.RefusedFileException if a file is refused, before anything is rehearsed
     */
    public int run(Wanted wanted, Consumer<Integer> total, Consumer<Rehearsed> each) {
        var rehearsal = Objects.requireNonNull(reading.execute(_ -> begin(wanted)));
        var ids = Objects.requireNonNull(reading.execute(_ -> months.accounts(wanted.period())));
        total.accept(ids.size());
        InOrder.run(
                chunks(ids),
                chunk -> Objects.requireNonNull(reading.execute(_ -> rehearsal.of(accounts.findAll(chunk)))),
                some -> some.forEach(each));
        return ids.size();
    }

    private static List<List<String>> chunks(List<String> ids) {
        return Stream.iterate(0, from -> from < ids.size(), from -> from + ACCOUNTS_PER_TRANSACTION)
                .map(from -> ids.subList(from, Math.min(ids.size(), from + ACCOUNTS_PER_TRANSACTION)))
                .toList();
    }

    private Rehearsal begin(Wanted wanted) {
        return new Rehearsal(
                wanted,
                priceBooks.load(),
                wanted.prices() == null ? null : priceBooks.given(wanted.prices()),
                taxes.again(),
                wanted.taxes() == null ? null : taxes.given(wanted.taxes()),
                months.begin(wanted.period()));
    }

    /** One rehearsal under way. */
    private final class Rehearsal {
        private final Wanted wanted;
        private final PriceBook presentPrices;
        private final TaxesAgain presentTaxes;
        private final @Nullable PriceBook givenPrices;
        private final @Nullable TaxesAgain givenTaxes;
        private final long begin;

        Rehearsal(
                Wanted wanted,
                PriceBook presentPrices,
                @Nullable PriceBook givenPrices,
                TaxesAgain presentTaxes,
                @Nullable TaxesAgain givenTaxes,
                long begin) {
            this.wanted = wanted;
            this.presentPrices = presentPrices;
            this.givenPrices = givenPrices;
            this.presentTaxes = presentTaxes;
            this.givenTaxes = givenTaxes;
            this.begin = begin;
        }

        List<Rehearsed> of(List<Account> chunk) {
            var past = months.load(
                    chunk,
                    wanted.period(),
                    begin,
                    Stream.of(presentPrices, givenPrices)
                            .filter(Objects::nonNull)
                            .toList());
            var drafts = redrafting.load(chunk, wanted.period(), presentPrices);
            return chunk.stream()
                    .map(account -> of(account.id(), Objects.requireNonNull(past.get(account.id())), drafts))
                    .toList();
        }

        private Rehearsed of(String account, PastMonth month, Redrafting.Loaded drafts) {
            var causes = EnumSet.noneOf(Cause.class);
            var billed = drafts.billed(account, presentTaxes);
            var rated = month.rate(presentPrices, false);
            var bill = bill(account, rated, drafts, presentPrices, presentTaxes);
            if (!rated.asInBooks() || !bill.sameAs(billed)) causes.addAll(sinceBilled(rated, month, bill, billed));
            if (wanted.late() && (month.hasLateUsage() || month.hasCorrections())) {
                rated = month.rate(presentPrices, true);
                var withLate = bill(account, rated, drafts, presentPrices, presentTaxes);
                if (!withLate.sameAs(bill)) {
                    if (month.hasLateUsage()) causes.add(Cause.LATE_USAGE);
                    if (month.hasCorrections()) causes.add(Cause.CORRECTION);
                }
                bill = withLate;
            }
            var after = given(account, month, rated, bill, drafts, causes);
            return new Rehearsed(account, billed, after, causes);
        }

        /** What the given files make of it. */
        private Bill given(
                String account,
                PastMonth month,
                RatedMonth rated,
                Bill bill,
                Redrafting.Loaded drafts,
                Set<Cause> causes) {
            if (givenPrices == null && givenTaxes == null) return bill;
            var prices = givenPrices == null ? presentPrices : givenPrices;
            var again = givenPrices == null ? rated : month.rate(prices, wanted.late());
            var after = bill(account, again, drafts, prices, givenTaxes == null ? presentTaxes : givenTaxes);
            if (after.sameAs(bill)) return after;
            boolean costsTheSame = again.costs(rated);
            if (!costsTheSame) causes.add(Cause.PRICE);
            if (costsTheSame || !after.taxedAs(bill)) causes.add(Cause.TAX);
            return after;
        }

        private static Bill bill(
                String account, RatedMonth rated, Redrafting.Loaded drafts, PriceBook prices, TaxesAgain taxes) {
            return drafts.bill(
                    account,
                    rated.usage().stream()
                            .map(used -> new Redrafting.Used(
                                    used.product(),
                                    used.month(),
                                    used.price(),
                                    used.tier(),
                                    used.quantity(),
                                    used.amount()))
                            .toList(),
                    rated.cost(),
                    rated.unpriced(),
                    prices,
                    taxes);
        }

        /** Prices and taxes may have come since it was billed. */
        private static Set<Cause> sinceBilled(RatedMonth rated, PastMonth month, Bill bill, Bill billed) {
            var causes = EnumSet.noneOf(Cause.class);
            if (!rated.asInBooks() && !rated.prices().equals(month.prices())) causes.add(Cause.PRICE);
            if (bill.held().equals(billed.held()) && !bill.taxedAs(billed)) causes.add(Cause.TAX);
            if (causes.isEmpty()) causes.add(Cause.CODE);
            return causes;
        }
    }
}
