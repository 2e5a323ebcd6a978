package io.postpaid.rating;

import java.math.BigDecimal;
import java.util.List;

/** A day with what it costs now; a day without a price in force stays unrated, and holds the account's invoice. */
record RatedDay(DailyUsage usage, List<RatedPart> parts) {

    BigDecimal cost() {
        return parts.stream().map(RatedPart::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    BigDecimal change() {
        return cost().subtract(usage.cost());
    }
}
