package io.postpaid.web.usage;

import io.postpaid.account.Accounts;
import io.postpaid.web.portal.AskedTime;
import io.postpaid.web.portal.CustomerPages;
import io.postpaid.web.portal.PageRate;
import io.postpaid.web.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** Usage of a day by hour, and what of a month was refused, late or not billed. */
@CustomerPages
class UsagePages {
    private final Pages pages;
    private final Accounts accounts;
    private final DayUsage days;
    private final Exceptions exceptions;
    private final AskedTime asked;
    private final PageRate rate;

    UsagePages(Pages pages, Accounts accounts, DayUsage days, Exceptions exceptions, AskedTime asked, PageRate rate) {
        this.pages = pages;
        this.accounts = accounts;
        this.days = days;
        this.exceptions = exceptions;
        this.asked = asked;
        this.rate = rate;
    }

    @GetMapping(AskedTime.DAY)
    ResponseEntity<String> day(HttpServletRequest request, Principal customer, @PathVariable String day) {
        var date = AskedTime.day(day);
        rate.readsRecords(customer.getName());
        return pages.page(request, "day", days.view(accounts.get(customer.getName()), date));
    }

    /** What of a month was refused, came late, or could not be billed. */
    @GetMapping("/billing/usage/exceptions")
    ResponseEntity<String> exceptions(
            HttpServletRequest request, Principal customer, @RequestParam(required = false) @Nullable String month) {
        return pages.page(request, "exceptions", exceptions.view(accounts.get(customer.getName()), asked.month(month)));
    }
}
