package io.postpaid.web.portal;

import io.postpaid.account.Account;
import io.postpaid.billing.invoicing.Upcoming;
import io.postpaid.mail.Wording;
import io.postpaid.platform.calendar.BillingPeriod;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** What the next invoice would be if the month ended now, line by line. */
@Component
@ConditionalOnWebApplication
class UpcomingCharge {
    private final Upcoming upcoming;
    private final InvoiceFigures figures;

    UpcomingCharge(Upcoming upcoming, InvoiceFigures figures) {
        this.upcoming = upcoming;
        this.figures = figures;
    }

    /** Null where nothing would be billed. */
    @Nullable
    Map<String, ?> view(Account account, BillingPeriod period) {
        return upcoming.of(account.id(), period)
                .map(preview -> {
                    var invoice = preview.invoice();
                    var view = new HashMap<String, Object>(figures.sums(invoice, preview.taxes()));
                    view.put("on", Wording.day(period.issuedOn()));
                    view.put("nothing_due", invoice.amountDue().signum() == 0);
                    view.put("lines", figures.lines(invoice, preview.lines()));
                    return view;
                })
                .orElse(null);
    }
}
