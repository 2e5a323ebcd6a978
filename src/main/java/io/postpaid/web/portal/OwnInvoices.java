package io.postpaid.web.portal;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import java.security.Principal;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** Finds invoices of the account that is signed in. */
@Component
@ConditionalOnWebApplication
public class OwnInvoices {
    private final Invoices invoices;

    OwnInvoices(Invoices invoices) {
        this.invoices = invoices;
    }

    /** @throws PageNotFound if there is none of this number, or it is of another account */
    public Invoice get(Principal customer, String number) {
        return Optional.of(number)
                .filter(text -> text.matches("[0-9]{4}-[0-9]{6,12}"))
                .flatMap(invoices::find)
                .filter(invoice -> invoice.account().equals(customer.getName()))
                .orElseThrow(PageNotFound::new);
    }
}
