package io.postpaid.pricing.rating;

import io.postpaid.pricing.metering.Metering.Metered;
import io.postpaid.pricing.metering.Metering.Sums;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A day of usage, as it is to be rated.
 *
 * @param period the billing period (its first day) that it is invoiced in
 * @param quantity all that is known of it, in units
 * @param rated whether what it was rated at still holds
 * @param before what it was rated at
 * @param added what is new of it, and part of the quantity
 */
record DailyUsage(
        String account,
        String product,
        LocalDate day,
        LocalDate period,
        BigDecimal quantity,
        boolean rated,
        List<RatedPart> before,
        @Nullable Sums added) {

    /** The order in which tiers are filled. */
    static final Comparator<DailyUsage> ORDER =
            Comparator.comparing(DailyUsage::period).thenComparing(DailyUsage::day);

    /** What it was rated at before, 0 if it was not. */
    BigDecimal cost() {
        return RatedPart.amount(before);
    }

    /** What the gate has charged for what is new. */
    BigDecimal gateCharge() {
        return added == null ? BigDecimal.ZERO : added.gateCharge();
    }

    /** The same day, with what else is known of it. */
    DailyUsage with(DailyUsage more) {
        return new DailyUsage(
                account,
                product,
                day,
                period,
                quantity.add(more.quantity),
                rated && more.rated,
                Stream.concat(before.stream(), more.before.stream()).toList(),
                added);
    }

    /** Tiers count the quantity of one account and product within the month of use. */
    Month month() {
        return new Month(account, product, day.withDayOfMonth(1));
    }

    record Month(String account, String product, LocalDate firstDay) {
        static Month of(Metered metered) {
            return new Month(metered.account(), metered.product(), metered.month());
        }
    }
}
