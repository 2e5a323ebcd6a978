package io.postpaid.credit;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** An account's month so far: cost = what credits covered + what accrued to be charged. */
public record MonthlyCost(BillingPeriod period, BigDecimal cost, BigDecimal credits, BigDecimal accrued) {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /** What mails print of it. */
    public Map<String, String> view(BigDecimal limit, String currency) {
        var percent = limit.signum() == 0 ? HUNDRED : accrued.multiply(HUNDRED).divide(limit, 0, RoundingMode.FLOOR);
        return Map.of(
                "period", period.toString(),
                "accrued", Amounts.text(accrued, currency),
                "limit", Amounts.text(limit, currency),
                "percent", percent.toPlainString());
    }
}
