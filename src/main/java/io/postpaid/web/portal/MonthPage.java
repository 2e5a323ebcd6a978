package io.postpaid.web.portal;

import io.postpaid.account.Account;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.gate.access.Access;
import io.postpaid.mail.Wording;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** The first page: a month by its sections, each of which is a class of its own. */
@Component
@ConditionalOnWebApplication
class MonthPage {
    private static final int INVOICES = 6;

    private final Access access;
    private final ThisMonth thisMonth;
    private final UpcomingCharge charge;
    private final AccountState state;
    private final MonthUsage usage;
    private final Invoices invoices;
    private final InvoiceFigures figures;
    private final BillingClock clock;

    MonthPage(
            Access access,
            ThisMonth thisMonth,
            UpcomingCharge charge,
            AccountState state,
            MonthUsage usage,
            Invoices invoices,
            InvoiceFigures figures,
            BillingClock clock) {
        this.access = access;
        this.thisMonth = thisMonth;
        this.charge = charge;
        this.state = state;
        this.usage = usage;
        this.invoices = invoices;
        this.figures = figures;
        this.clock = clock;
    }

    Map<String, ?> view(String id, BillingPeriod month) {
        var standing = access.standing(id);
        var account = standing.account();
        var days = usage.days(account, month);
        var now = BillingPeriod.of(clock.today());
        var view = new HashMap<String, @Nullable Object>();
        view.put("account", Map.of("id", id, "name", account.name()));
        view.put("currency", account.currency());
        view.put("month", Map.of("title", Wording.month(month), "name", month.toString()));
        view.put("before", month.previous().toString());
        view.put("after", month.compareTo(now) < 0 ? month.next().toString() : null);
        if (month.equals(now)) {
            var current = thisMonth.view(standing, MonthUsage.cost(days));
            current.put("charge", charge.view(account, month));
            view.put("current", current);
        } else {
            view.put("current", null);
        }
        view.put("notice", state.notice(standing));
        view.put("usage", usage.view(account, month, days));
        view.put("card", card(account));
        view.put(
                "invoices",
                invoices.ofAccount(id, Long.MAX_VALUE, INVOICES).stream()
                        .map(figures::row)
                        .toList());
        return view;
    }

    private static @Nullable Map<String, ?> card(Account account) {
        var card = account.card();
        if (card == null) return null;
        var expires = card.expires();
        return Map.of(
                "label",
                card.label(),
                "expires",
                expires == null ? "" : "%02d/%d".formatted(expires.getMonthValue(), expires.getYear()));
    }
}
