package io.postpaid.credit;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.money.Rounding;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** An account's month so far: cost = what credits covered + what accrued to be charged. */
public record MonthlyCost(BillingPeriod period, BigDecimal cost, BigDecimal credits, BigDecimal accrued) {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /**
     * The credits that an invoice prints: all of the printed lines where nothing is left to be charged, otherwise in cents, and
     * never so much that what is left changes its sign. Below zero where corrections have given more back than was used.
     *
     * @param lines the sum of the printed lines
     */
    public BigDecimal creditsOf(BigDecimal lines, String currency) {
        var none = BigDecimal.ZERO.setScale(lines.scale());
        if (credits.signum() == 0 && accrued.signum() != 0) return none;
        var rounded = Rounding.toMinorUnit(credits, currency);
        var printed = switch (accrued.signum()) {
            case 0 -> lines;
            case 1 -> rounded.min(lines);
            default -> rounded.max(lines);
        };
        return credits.signum() < 0 ? printed.min(none) : printed.max(none);
    }

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
