package io.postpaid.web.portal;

import io.postpaid.payments.topup.TopUp;
import io.postpaid.payments.topup.TopUps;
import io.postpaid.platform.money.Amounts;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Credit: what is left of it, in the order of use, and more of it by the card on file. */
@CustomerPages
class CreditPages {
    private final Pages pages;
    private final CreditFigures figures;
    private final TopUps topUps;
    private final PortalLinks links;
    private final PageRate rate;

    CreditPages(Pages pages, CreditFigures figures, TopUps topUps, PortalLinks links, PageRate rate) {
        this.pages = pages;
        this.figures = figures;
        this.topUps = topUps;
        this.links = links;
        this.rate = rate;
    }

    @GetMapping("/billing/credit")
    ResponseEntity<String> credit(HttpServletRequest request, Principal customer) {
        return credit(request, customer, HttpStatus.OK, Map.of());
    }

    /** The key of the form makes pressing its button twice one top-up. Who has not seen the price with its tax sees it first. */
    @PostMapping("/billing/credit/top-ups")
    ResponseEntity<String> buy(
            HttpServletRequest request,
            Principal customer,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String price,
            @RequestParam(defaultValue = "") String key) {
        var wanted = Figures.amount(amount);
        if (wanted.isEmpty() || !key.matches("[0-9a-f-]{36}")) {
            return refused(request, customer, "An amount is needed, such as 25.00", amount);
        }
        rate.asksStripe(customer.getName());
        if (topUps.price(customer.getName(), wanted.get()) instanceof TopUps.Price.Of(var asked)
                && asked.tax().signum() != 0
                && !price.equals(asked.total().toPlainString())) {
            var priced = Map.of("price", figures.price(customer.getName(), asked), "amount", amount);
            return credit(request, customer, HttpStatus.OK, priced);
        }
        return switch (topUps.buy(
                customer.getName(), wanted.get(), "page-" + key, links.url("/billing/credit/top-ups/" + key))) {
            case TopUps.Answer.Refused(var cause, var why) ->
                refused(
                        request,
                        customer,
                        cause == TopUps.Answer.Cause.NOT_BILLABLE ? TopUps.NOT_BILLABLE : why,
                        amount);
            case TopUps.Answer.Taken(var topUp, var known) -> bought(request, topUp);
            case TopUps.Answer.AtBank(var topUp, var url) ->
                pages.leave(request, "Your bank asks you to confirm the payment", url);
        };
    }

    /** The way back from the bank: looks what became of the top-up, as an event of Stripe's would. */
    @GetMapping("/billing/credit/top-ups/{key}")
    ResponseEntity<String> back(HttpServletRequest request, Principal customer, @PathVariable String key) {
        rate.asksStripe(customer.getName());
        return topUps.back(customer.getName(), "page-" + key)
                .map(topUp -> bought(request, topUp))
                .orElseThrow(PageNotFound::new);
    }

    private ResponseEntity<String> bought(HttpServletRequest request, TopUp topUp) {
        var text = Amounts.text(topUp.amount(), topUp.currency());
        var charged = topUp.tax().signum() == 0
                ? text + " was charged"
                : Amounts.text(topUp.total(), topUp.currency()) + " was charged with tax; " + text
                        + " of credit is there";
        return switch (topUp.status()) {
            case SUCCEEDED ->
                pages.message(
                        request,
                        HttpStatus.OK,
                        "Thank you",
                        charged + " and is on your account. Its invoice is with your credit.");
            case CLAIMED, UNKNOWN ->
                pages.message(
                        request,
                        HttpStatus.ACCEPTED,
                        "Your payment is under way",
                        "The credit of " + text
                                + " is there as soon as the payment is confirmed. What you do not confirm within half an hour"
                                + " is not charged.");
            case DECLINED, NEEDS_CUSTOMER, NOT_EXECUTED ->
                pages.message(
                        request, HttpStatus.PAYMENT_REQUIRED, "Nothing was charged", String.valueOf(topUp.reason()));
        };
    }

    private ResponseEntity<String> refused(
            HttpServletRequest request, Principal customer, String error, String amount) {
        return credit(request, customer, HttpStatus.BAD_REQUEST, Map.of("error", error, "amount", amount));
    }

    private ResponseEntity<String> credit(
            HttpServletRequest request, Principal customer, HttpStatus status, Map<String, ?> more) {
        var view = figures.view(customer.getName());
        view.putAll(more);
        return pages.page(request, status, "credit", view);
    }
}
