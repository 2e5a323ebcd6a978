package io.postpaid.pricing.rating;

import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.pricebook.PriceModel;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Rates again the days of one account, product and month of use that new usage touches. Pure. */
final class MonthRating {
    private MonthRating() {}

    /**
     * @param days all days of the month of use, those of frozen billing periods first; of a product whose prices do not
     *     count over the month, those to be rated will do
     * @return those not rated yet and, where tiers carry over, those behind them
     */
    static List<RatedDay> rate(List<DailyUsage> days, PriceBook prices, String currency) {
        var first = days.getFirst();
        boolean billable = prices.product(first.product()).billable();
        var total = days.stream().map(DailyUsage::quantity).reduce(BigDecimal.ZERO, BigDecimal::add);
        var open = days.stream()
                .filter(day -> !day.rated())
                .findFirst()
                .orElseThrow()
                .period();
        var carried = BigDecimal.ZERO;
        boolean touched = false;
        var rated = new ArrayList<RatedDay>();
        for (var day : days) {
            touched |= !day.rated();
            if (!billable) {
                if (!day.rated()) rated.add(new RatedDay(day, List.of(), false));
                continue;
            }
            var price = prices.priceInForce(day.account(), currency, day.product(), day.day());
            if (price.isPresent()) {
                var volume = price.get().model() == PriceModel.VOLUME;
                // A volume price looks at the whole month, so that new usage changes what earlier days cost as well.
                boolean affected = day.period().equals(open)
                        && (volume || (touched && price.get().model().countsOverTheMonth()));
                // What is taken back of an invoiced month is worth what it was billed at: by the tier reached before.
                var reached =
                        day.day().isBefore(day.period()) && day.quantity().signum() < 0 ? total.max(carried) : total;
                if (!day.rated() || affected) {
                    rated.add(new RatedDay(day, Rating.rate(price.get(), carried, day.quantity(), reached), false));
                }
            } else if (!day.rated()) {
                // What its voids have taken back needs no price.
                rated.add(new RatedDay(day, List.of(), day.quantity().signum() != 0));
            }
            carried = carried.add(day.quantity());
        }
        return rated;
    }
}
