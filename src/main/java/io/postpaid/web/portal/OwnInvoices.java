package io.postpaid.web.portal;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import java.security.Principal;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** Finds invoices of the account that is signed in. */
@Component
@ConditionalOnWebApplication
public class OwnInvoices {
    private static final Pattern OF_INVOICE = Pattern.compile("/billing/invoices/([^/?]+)");

    private final Invoices invoices;

    OwnInvoices(Invoices invoices) {
        this.invoices = invoices;
    }

    /** @throws PageNotFound if there is none of this number, or it is of another account */
    public Invoice get(Principal customer, String number) {
        return find(customer.getName(), number).orElseThrow(PageNotFound::new);
    }

    /** Whether a page is not that of another account's invoice. */
    boolean mayOpen(String account, String page) {
        var number = OF_INVOICE.matcher(page);
        return !number.lookingAt() || find(account, number.group(1)).isPresent();
    }

    private Optional<Invoice> find(String account, String number) {
        return Optional.of(number)
                .filter(text -> text.matches("[0-9]{4}-[0-9]{6,12}"))
                .flatMap(invoices::find)
                .filter(invoice -> invoice.account().equals(account));
    }
}
