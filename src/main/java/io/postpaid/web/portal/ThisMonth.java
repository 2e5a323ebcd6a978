package io.postpaid.web.portal;

import io.postpaid.account.Account;
import io.postpaid.gate.access.Standing;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** What the month has cost so far, how much of the limit that is, and what it comes to at this pace. */
@Component
@ConditionalOnWebApplication
class ThisMonth {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final Duration PROJECTED_AFTER = Duration.ofDays(1);

    private final BillingClock clock;

    ThisMonth(BillingClock clock) {
        this.clock = clock;
    }

    /** @param total what the month's usage costs up to now, also what no night has rated yet */
    Map<String, @Nullable Object> view(Standing standing, BigDecimal total) {
        var account = standing.account();
        var month = standing.month();
        var since = total.subtract(month.cost());
        var view = new HashMap<String, @Nullable Object>();
        view.put("cost", text(total, account));
        view.put("since", since.signum() > 0 ? text(since, account) : null);
        view.put("covered", text(month.credits(), account));
        view.put("limit", limit(standing));
        view.put("limit_text", text(account.mostPerMonth(), account));
        view.put("limit_word", account.capped() ? "cap of your own" : "limit");
        view.put("nothing", text(BigDecimal.ZERO, account));
        view.put("projected", projected(total, account));
        view.put("credit", text(standing.credit(), account));
        return view;
    }

    /** Null where the limit is nothing, of which no part can be used. */
    private static @Nullable Map<String, ?> limit(Standing standing) {
        var account = standing.account();
        var limit = account.mostPerMonth();
        if (limit.signum() == 0) return null;
        var accrued = standing.month().accrued();
        return Map.of(
                "accrued", text(accrued, account),
                "left", text(limit.subtract(accrued).max(BigDecimal.ZERO), account),
                "percent", percentOf(accrued, limit));
    }

    /** How much of a limit is used, from 0 to 100; 0 where there is none. */
    static int percentOf(BigDecimal part, BigDecimal whole) {
        if (whole.signum() == 0) return 0;
        return part.max(BigDecimal.ZERO)
                .multiply(HUNDRED)
                .divide(whole, 0, RoundingMode.FLOOR)
                .min(HUNDRED)
                .intValueExact();
    }

    /** At the pace of the time that has passed; not on the first day, which says too little. */
    private @Nullable String projected(BigDecimal total, Account account) {
        var period = BillingPeriod.of(clock.today());
        var passed = Duration.between(period.from(), clock.instant());
        if (passed.compareTo(PROJECTED_AFTER) < 0) return null;
        var whole = Duration.between(period.from(), period.to());
        return text(
                total.multiply(BigDecimal.valueOf(whole.toSeconds()))
                        .divide(BigDecimal.valueOf(passed.toSeconds()), MathContext.DECIMAL64),
                account);
    }

    private static String text(BigDecimal amount, Account account) {
        return Amounts.text(amount, account.currency());
    }
}
