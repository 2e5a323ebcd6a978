package io.postpaid.web.portal;

import io.postpaid.account.Accounts;
import io.postpaid.account.BillingDetails;
import io.postpaid.account.RefusedAccountException;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What is printed on the next invoice, who gets the mails, and who may sign in. */
@CustomerPages
class DetailsPages {
    private static final Map<String, String> LABELS = Map.of(
            "name", "Name",
            "email", "E-mail address",
            "line1", "Address",
            "line2", "Address, second line",
            "city", "City",
            "state", "State",
            "postal_code", "Postal code",
            "tax_id", "Tax ID",
            "purchase_order", "Purchase order",
            "billing_emails", "Further e-mail addresses");

    private final Pages pages;
    private final Accounts accounts;
    private final AddressChanges addresses;

    DetailsPages(Pages pages, Accounts accounts, AddressChanges addresses) {
        this.pages = pages;
        this.accounts = accounts;
        this.addresses = addresses;
    }

    @GetMapping("/billing/details")
    ResponseEntity<String> details(HttpServletRequest request, Principal customer) {
        return shown(request, customer, HttpStatus.OK, Map.of());
    }

    @PostMapping("/billing/details")
    ResponseEntity<String> change(
            HttpServletRequest request,
            Principal customer,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String line1,
            @RequestParam(defaultValue = "") String line2,
            @RequestParam(defaultValue = "") String city,
            @RequestParam(defaultValue = "") String state,
            @RequestParam(name = "postal_code", defaultValue = "") String postalCode,
            @RequestParam(name = "tax_id", defaultValue = "") String taxId,
            @RequestParam(name = "purchase_order", defaultValue = "") String purchaseOrder,
            @RequestParam(name = "billing_emails", defaultValue = "") String billingEmails) {
        var wanted = new BillingDetails(
                name,
                line1,
                line2,
                city,
                state,
                postalCode,
                taxId,
                purchaseOrder.strip(),
                Arrays.stream(billingEmails.strip().split("[\\s,;]+"))
                        .filter(address -> !address.isEmpty())
                        .toList());
        try {
            accounts.changeDetails(customer.getName(), wanted);
            return shown(request, customer, HttpStatus.OK, Map.of("saved", true));
        } catch (RefusedAccountException refused) {
            var typed = view(wanted);
            typed.put("billing_emails", billingEmails);
            typed.put("errors", refused.told((column, what) -> LABELS.getOrDefault(column, column) + ": " + what));
            return shown(request, customer, HttpStatus.BAD_REQUEST, typed);
        }
    }

    /** Mails a link to the new address; nothing changes before its button is used. */
    @PostMapping("/billing/details/email")
    ResponseEntity<String> changeEmail(
            HttpServletRequest request, Principal customer, @RequestParam(defaultValue = "") String email) {
        var refusal = addresses.ask(customer.getName(), email.strip());
        return refusal.isPresent()
                ? shown(
                        request,
                        customer,
                        HttpStatus.BAD_REQUEST,
                        Map.of("email_error", refusal.get(), "new_email", email))
                : pages.message(
                        request,
                        HttpStatus.OK,
                        "Look into your mail",
                        "A link is on its way to " + email.strip()
                                + ". The address changes when you use it, within an hour. Until then nothing changes.");
    }

    /** Shows a button, and changes nothing: what opens links in mails is not the customer. */
    @GetMapping(AddressChanges.PATH)
    ResponseEntity<String> link(HttpServletRequest request, @RequestParam(defaultValue = "") String token) {
        return pages.page(request, "confirm-email", Map.of("token", token));
    }

    @PostMapping(AddressChanges.PATH)
    ResponseEntity<String> confirm(HttpServletRequest request, @RequestParam(defaultValue = "") String token) {
        return addresses
                .confirm(token)
                .map(email -> pages.message(
                        request,
                        HttpStatus.OK,
                        "The address is changed",
                        "Links to sign in and invoices go to " + email + " from now on."))
                .orElseGet(() -> pages.message(
                        request,
                        HttpStatus.BAD_REQUEST,
                        "This link cannot be used",
                        "It was used already, or is too old, or the address was changed since. Ask for another one."));
    }

    private ResponseEntity<String> shown(
            HttpServletRequest request, Principal customer, HttpStatus status, Map<String, ?> more) {
        var account = accounts.get(customer.getName());
        var address = account.address();
        var view = view(new BillingDetails(
                account.name(),
                address.line1(),
                address.line2(),
                address.city(),
                address.state(),
                address.postalCode(),
                account.taxId(),
                account.purchaseOrder(),
                account.billingEmails()));
        view.put("email", account.email());
        view.put("new_email", "");
        view.put("email_error", "");
        view.put("errors", List.of());
        view.put("saved", false);
        var country = address.country();
        view.put(
                "country",
                country.isEmpty()
                        ? ""
                        : Locale.of("", country).getDisplayCountry(Locale.ENGLISH) + " (" + country + ")");
        view.putAll(more);
        return pages.page(request, status, "details", view);
    }

    private static Map<String, @Nullable Object> view(BillingDetails details) {
        var view = new HashMap<String, @Nullable Object>();
        view.put("name", details.name());
        view.put("line1", details.line1());
        view.put("line2", details.line2());
        view.put("city", details.city());
        view.put("state", details.state());
        view.put("postal_code", details.postalCode());
        view.put("tax_id", details.taxId());
        view.put("purchase_order", details.purchaseOrder());
        view.put("billing_emails", String.join("\n", details.billingEmails()));
        return view;
    }
}
