package io.postpaid.web.usage;

import io.postpaid.account.Accounts;
import io.postpaid.web.portal.CustomerPages;
import io.postpaid.web.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.HashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;

/** What an account pays: prices in force, changes to come, and a month's usage priced by them. */
@CustomerPages
class PricePages {
    private final Pages pages;
    private final Accounts accounts;
    private final ContractPrices prices;
    private final Calculator calculator;

    PricePages(Pages pages, Accounts accounts, ContractPrices prices, Calculator calculator) {
        this.pages = pages;
        this.accounts = accounts;
        this.prices = prices;
        this.calculator = calculator;
    }

    @GetMapping("/billing/prices")
    ResponseEntity<String> prices(HttpServletRequest request, Principal customer) {
        var account = accounts.get(customer.getName());
        var result = calculator.price(
                account,
                name -> request.getParameter(name),
                Objects.requireNonNullElse(request.getParameter("on"), ""));
        var view = new HashMap<String, @Nullable Object>(prices.view(account));
        view.putAll(result.view());
        return pages.page(request, result.valid() ? HttpStatus.OK : HttpStatus.BAD_REQUEST, "prices", view);
    }
}
