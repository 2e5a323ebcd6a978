package io.postpaid.web.portal;

import io.postpaid.account.Accounts;
import io.postpaid.account.LimitRequest;
import io.postpaid.account.LimitRequests;
import io.postpaid.account.Spending;
import io.postpaid.mail.Wording;
import io.postpaid.platform.money.Amounts;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** How far a month may go: the limit and requests for a higher one, an own cap below it, and from where on there is a mail. */
@CustomerPages
class LimitPages {
    private static final int REASON_MAX = 2_000;
    private static final int TYPED_MAX = 1_000;
    private static final int REQUESTS = 20;

    private final Pages pages;
    private final Accounts accounts;
    private final LimitRequests limits;
    private final Spending spending;

    LimitPages(Pages pages, Accounts accounts, LimitRequests limits, Spending spending) {
        this.pages = pages;
        this.accounts = accounts;
        this.limits = limits;
        this.spending = spending;
    }

    @GetMapping("/billing/limit")
    ResponseEntity<String> limit(HttpServletRequest request, Principal customer) {
        return limit(request, customer, HttpStatus.OK, Map.of());
    }

    @PostMapping("/billing/limit")
    ResponseEntity<String> askForLimit(
            HttpServletRequest request,
            Principal customer,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String reason) {
        try {
            var wanted = Figures.amount(amount)
                    .orElseThrow(() -> new IllegalArgumentException("An amount is needed, such as 250.00"));
            if (reason.length() > REASON_MAX || reason.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("A reason has at most " + REASON_MAX + " characters");
            }
            var asked = limits.ask(customer.getName(), wanted, reason);
            return pages.message(
                    request,
                    HttpStatus.OK,
                    asked.isPresent() ? "Your request is on its way" : "An earlier request is still open",
                    "You will get a mail when it is decided.");
        } catch (IllegalArgumentException refused) {
            return refused(request, customer, refused, Map.of("amount", amount, "reason", reason), "error");
        }
    }

    /** An empty cap is none. */
    @PostMapping("/billing/limit/cap")
    ResponseEntity<String> cap(
            HttpServletRequest request, Principal customer, @RequestParam(defaultValue = "") String cap) {
        try {
            spending.cap(
                    customer.getName(),
                    cap.isBlank()
                            ? null
                            : Figures.amount(cap.strip())
                                    .orElseThrow(() -> new IllegalArgumentException(
                                            "A cap is an amount such as 50.00, or empty for none")));
            return limit(request, customer, HttpStatus.OK, Map.of("cap_saved", true));
        } catch (IllegalArgumentException refused) {
            return refused(request, customer, refused, Map.of("cap", cap), "cap_error");
        }
    }

    @PostMapping("/billing/limit/alerts")
    ResponseEntity<String> alerts(
            HttpServletRequest request, Principal customer, @RequestParam(defaultValue = "") String alerts) {
        try {
            if (alerts.length() > TYPED_MAX) throw new IllegalArgumentException("This is too long");
            spending.alerts(
                    customer.getName(),
                    Arrays.stream(alerts.strip().split("[\\r\\n;]+"))
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .map(LimitPages::alert)
                            .toList());
            return limit(request, customer, HttpStatus.OK, Map.of("alerts_saved", true));
        } catch (IllegalArgumentException refused) {
            return refused(request, customer, refused, Map.of("alerts", alerts), "alerts_error");
        }
    }

    private static Spending.Alert alert(String line) {
        if (line.matches("[0-9]{1,3} ?%")) {
            return new Spending.Alert(Integer.valueOf(line.replaceAll("[ %]", "")), null);
        }
        return new Spending.Alert(
                null,
                Figures.amount(line)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "'" + line + "' is no alert: write 80% or an amount such as 50.00, one a line")));
    }

    private ResponseEntity<String> refused(
            HttpServletRequest request,
            Principal customer,
            IllegalArgumentException refused,
            Map<String, ?> typed,
            String where) {
        var view = new HashMap<String, Object>(typed);
        view.put(where, Objects.requireNonNullElse(refused.getMessage(), ""));
        return limit(request, customer, HttpStatus.BAD_REQUEST, view);
    }

    private ResponseEntity<String> limit(
            HttpServletRequest request, Principal customer, HttpStatus status, Map<String, ?> more) {
        var account = accounts.get(customer.getName());
        var currency = account.currency();
        var cap = account.spendingCap();
        var view = new HashMap<String, @Nullable Object>();
        view.put("at_month", true);
        view.put("limit", Amounts.text(account.monthlyLimit(), currency));
        view.put("currency", currency);
        view.put("error", "");
        view.put("amount", "");
        view.put("reason", "");
        view.put("capped", account.capped() ? Amounts.text(account.mostPerMonth(), currency) : null);
        view.put("cap", cap == null ? "" : Amounts.plain(cap, currency));
        view.put("cap_error", "");
        view.put("cap_saved", false);
        view.put("alerts_error", "");
        view.put("alerts_saved", false);
        view.put(
                "alerts",
                spending.alertsOf(account.id()).stream()
                        .map(alert -> alert.amount() == null
                                ? alert.percent() + "%"
                                : Amounts.plain(alert.amount(), currency))
                        .collect(Collectors.joining("\n")));
        view.put(
                "requests",
                limits.ofAccount(account.id(), REQUESTS).stream()
                        .map(asked -> row(asked, currency))
                        .toList());
        view.putAll(more);
        return pages.page(request, status, "limit", view);
    }

    private static Map<String, ?> row(LimitRequest asked, String currency) {
        var decided = asked.decidedAt();
        return Map.of(
                "asked", Wording.day(LocalDate.ofInstant(asked.askedAt(), ZoneOffset.UTC)),
                "amount", Amounts.plain(asked.amount(), currency),
                "status", asked.status().name().toLowerCase(Locale.ROOT),
                "decided", decided == null ? "" : Wording.day(LocalDate.ofInstant(decided, ZoneOffset.UTC)));
    }
}
