package io.postpaid.web.portal;

import io.postpaid.account.Accounts;
import io.postpaid.payments.topup.AutomaticSettings;
import io.postpaid.payments.topup.AutomaticTopUps;
import io.postpaid.platform.money.Amounts;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Credit that is bought by itself: off unless it is turned on here. */
@CustomerPages
class AutomaticPages {
    private final Pages pages;
    private final Accounts accounts;
    private final AutomaticTopUps automatic;
    private final AutomaticSettings settings;

    AutomaticPages(Pages pages, Accounts accounts, AutomaticTopUps automatic, AutomaticSettings settings) {
        this.pages = pages;
        this.accounts = accounts;
        this.automatic = automatic;
        this.settings = settings;
    }

    @GetMapping("/billing/credit/automatic")
    ResponseEntity<String> automatic(HttpServletRequest request, Principal customer) {
        return shown(request, customer, HttpStatus.OK, Map.of());
    }

    @PostMapping("/billing/credit/automatic")
    ResponseEntity<String> turnOn(
            HttpServletRequest request,
            Principal customer,
            @RequestParam(defaultValue = "") String threshold,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String most) {
        try {
            automatic.turnOn(
                    customer.getName(),
                    amount("The threshold", threshold),
                    amount("The amount", amount),
                    amount("The most a month", most));
            return shown(request, customer, HttpStatus.OK, Map.of("saved", true));
        } catch (IllegalArgumentException refused) {
            return shown(
                    request,
                    customer,
                    HttpStatus.BAD_REQUEST,
                    Map.of(
                            "error", Objects.requireNonNullElse(refused.getMessage(), ""),
                            "threshold", threshold,
                            "amount", amount,
                            "most", most));
        }
    }

    private static BigDecimal amount(String what, String typed) {
        return Figures.amount(typed.strip())
                .orElseThrow(() -> new IllegalArgumentException(what + " is an amount such as 25.00"));
    }

    @PostMapping("/billing/credit/automatic/off")
    ResponseEntity<String> turnOff(HttpServletRequest request, Principal customer) {
        var _ = settings.turnOff(customer.getName(), "");
        return shown(request, customer, HttpStatus.OK, Map.of("saved", true));
    }

    private ResponseEntity<String> shown(
            HttpServletRequest request, Principal customer, HttpStatus status, Map<String, ?> more) {
        var account = accounts.get(customer.getName());
        var card = account.card();
        var wanted = settings.find(account.id());
        var view = new HashMap<String, @Nullable Object>();
        view.put("at_credit", true);
        view.put("currency", account.currency());
        view.put("card", card == null ? null : card.label());
        view.put("saved", false);
        view.put("error", "");
        view.put("on", wanted.filter(AutomaticSettings.Wanted::active).isPresent());
        view.put("off_because", wanted.map(AutomaticSettings.Wanted::offBecause).orElse(""));
        for (var field : new String[] {"threshold", "amount", "most"}) view.put(field, "");
        wanted.ifPresent(is -> {
            view.put("threshold", Amounts.plain(is.threshold(), account.currency()));
            view.put("amount", Amounts.plain(is.amount(), account.currency()));
            view.put("most", Amounts.plain(is.monthlyMost(), account.currency()));
        });
        view.putAll(more);
        return pages.page(request, status, "automatic", view);
    }
}
