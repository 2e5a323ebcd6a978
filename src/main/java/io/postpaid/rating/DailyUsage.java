package io.postpaid.rating;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * A metered day, as it is to be rated.
 *
 * @param period the billing period (its first day) that it is invoiced in
 * @param isNew whether there was none of it before, and so no cost
 * @param rated whether what it was rated at still holds
 * @param cost what it was rated at before, 0 if it was not
 */
record DailyUsage(
        String account,
        String product,
        LocalDate day,
        LocalDate period,
        BigDecimal quantity,
        boolean isNew,
        boolean rated,
        BigDecimal cost) {

    /** The same, having cost something before. */
    DailyUsage costing(BigDecimal before) {
        return new DailyUsage(account, product, day, period, quantity, isNew, rated, before);
    }

    /** The same, to be rated since usage was added. */
    DailyUsage touched(boolean asNew) {
        return new DailyUsage(account, product, day, period, quantity, asNew, false, cost);
    }

    /** Tiers count the quantity of one account and product within the month of use. */
    Month month() {
        return new Month(account, product, day.withDayOfMonth(1));
    }

    record Month(String account, String product, LocalDate firstDay) {}
}
