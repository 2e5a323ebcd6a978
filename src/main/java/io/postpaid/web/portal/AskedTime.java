package io.postpaid.web.portal;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.PlainText;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** The day or month that the address of a page names. */
@Component
@ConditionalOnWebApplication
public class AskedTime {
    public static final String DAY = "/billing/usage/{day:[0-9]{4}-[0-9]{2}-[0-9]{2}}";

    private final BillingClock clock;

    AskedTime(BillingClock clock) {
        this.clock = clock;
    }

    /**
     * This month where the address names none.
     *
     * @throws PageNotFound if it names no month, or one that is still to come: another in its place would be booked as the one asked for
     */
    public BillingPeriod month(@Nullable String month) {
        var now = BillingPeriod.of(clock.today());
        if (month == null) return now;
        if (!month.matches("2[0-9]{3}-(0[1-9]|1[0-2])")) throw new PageNotFound();
        var period = BillingPeriod.parse(month);
        if (period.compareTo(now) > 0) throw new PageNotFound();
        return period;
    }

    /** @throws PageNotFound if there is no such day */
    public static LocalDate day(String day) {
        try {
            var date = LocalDate.parse(day);
            if (PlainText.isUsable(date)) return date;
        } catch (DateTimeException _) {
            // As every address with nothing at it.
        }
        throw new PageNotFound();
    }
}
