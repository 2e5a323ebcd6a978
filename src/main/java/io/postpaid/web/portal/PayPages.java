package io.postpaid.web.portal;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.payments.charging.PagePayments;
import io.postpaid.payments.stripe.PaymentOutcome;
import io.postpaid.platform.money.Amounts;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Pays one invoice now, with the card on file, and with the bank's question where it has one. */
@CustomerPages
@RequestMapping("/billing/invoices/{number}/pay")
class PayPages {
    private final Pages pages;
    private final Accounts accounts;
    private final OwnInvoices own;
    private final Invoices invoices;
    private final PagePayments payments;
    private final PortalLinks links;
    private final PageRate rate;

    PayPages(
            Pages pages,
            Accounts accounts,
            OwnInvoices own,
            Invoices invoices,
            PagePayments payments,
            PortalLinks links,
            PageRate rate) {
        this.pages = pages;
        this.accounts = accounts;
        this.own = own;
        this.invoices = invoices;
        this.payments = payments;
        this.links = links;
        this.rate = rate;
    }

    @GetMapping
    ResponseEntity<String> ask(HttpServletRequest request, Principal customer, @PathVariable String number) {
        return ask(request, HttpStatus.OK, own.get(customer, number), null);
    }

    /** @param card the payment method that the page showed */
    @PostMapping
    ResponseEntity<String> pay(
            HttpServletRequest request,
            Principal customer,
            @PathVariable String number,
            @RequestParam(defaultValue = "") String card) {
        var invoice = own.get(customer, number);
        rate.asksStripe(customer.getName());
        var onFile = accounts.get(invoice.account()).card();
        if (onFile == null || !onFile.paymentMethod().equals(card)) {
            return ask(request, HttpStatus.CONFLICT, invoice, "The card on file has changed. Nothing was charged.");
        }
        try {
            var back = links.url("/billing/invoices/" + invoice.issuedNumber() + "/pay/back");
            return payments.pay(invoice, card, back)
                    .map(outcome -> shown(request, invoice, outcome))
                    .orElseGet(() -> notNow(request, invoices.get(invoice.id())));
        } catch (PagePayments.TooOftenException e) {
            return ask(request, HttpStatus.TOO_MANY_REQUESTS, invoice, e.getMessage());
        }
    }

    /** The way back from the bank: looks what became of the payment, as an event of Stripe's would. */
    @GetMapping("/back")
    ResponseEntity<String> back(
            HttpServletRequest request,
            Principal customer,
            @PathVariable String number,
            @RequestParam(name = "redirect_status", defaultValue = "") String status) {
        var invoice = own.get(customer, number);
        rate.asksStripe(customer.getName());
        // Stripe may know that it succeeded before its intent shows it.
        return payments.back(invoice)
                .map(outcome -> outcome.bankPage().isEmpty()
                        ? shown(request, invoice, outcome)
                        : status.equals("succeeded") ? underWay(request) : ask(request, HttpStatus.OK, invoice, null))
                .orElseGet(() -> ask(request, HttpStatus.OK, invoices.get(invoice.id()), null));
    }

    private ResponseEntity<String> shown(HttpServletRequest request, Invoice invoice, PaymentOutcome outcome) {
        if (outcome.paid()) {
            return pages.message(
                    request,
                    HttpStatus.OK,
                    "Thank you",
                    "Invoice " + invoice.number() + " is paid. A confirmation is on its way to your mail.");
        }
        var bank = outcome.bankPage();
        if (bank.isPresent()) return pages.leave(request, "Your bank asks you to confirm the payment", bank.get());
        if (!outcome.sentence().isEmpty()) {
            return ask(
                    request,
                    HttpStatus.PAYMENT_REQUIRED,
                    invoices.get(invoice.id()),
                    "Nothing was charged. " + outcome.sentence());
        }
        return underWay(request);
    }

    /** Paid meanwhile, under way in another window, or open again after its payment was disputed. */
    private ResponseEntity<String> notNow(HttpServletRequest request, Invoice invoice) {
        var still = invoices.openAmount(invoice).signum() > 0;
        return ask(
                request,
                still ? HttpStatus.CONFLICT : HttpStatus.OK,
                invoice,
                still ? "It cannot be paid by card now. Nothing was charged. Please write to us." : null);
    }

    private ResponseEntity<String> underWay(HttpServletRequest request) {
        return pages.message(
                request,
                HttpStatus.ACCEPTED,
                "Your payment is under way",
                "You will get a mail as soon as it is confirmed. Nothing is charged twice.");
    }

    private ResponseEntity<String> ask(
            HttpServletRequest request, HttpStatus status, Invoice invoice, @Nullable String error) {
        var open = invoices.openAmount(invoice);
        var card = accounts.get(invoice.account()).card();
        var view = new HashMap<String, @Nullable Object>();
        view.put("number", invoice.issuedNumber());
        view.put("at_invoices", true);
        view.put("open", open.signum() > 0 ? Amounts.text(open, invoice.currency()) : null);
        view.put("card", card == null ? null : card.label());
        view.put("payment_method", card == null ? null : card.paymentMethod());
        view.put("waits", payments.waits(invoice));
        view.put("error", error);
        return pages.page(request, status, "pay", view);
    }
}
