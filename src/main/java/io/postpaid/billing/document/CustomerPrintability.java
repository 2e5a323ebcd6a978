package io.postpaid.billing.document;

import io.postpaid.billing.invoicing.BilledTo;
import io.postpaid.billing.invoicing.Printability;
import java.util.Collection;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** A customer whose name, address, products or units no font prints is held, before anything is issued or charged. */
@Component
class CustomerPrintability implements Printability {
    private final PdfRenderer renderer;

    CustomerPrintability(PdfRenderer renderer) {
        this.renderer = renderer;
    }

    @Override
    public Optional<String> objection(BilledTo customer, Collection<String> words) {
        var address = customer.address();
        var letters = renderer.letters(address.country(), customer.name() + address.line1());
        try {
            letters.check("name", customer.name());
            letters.check("email", customer.email());
            letters.check("tax_id", customer.taxId());
            letters.check("purchase_order", customer.purchaseOrder());
            letters.check("buyer_reference", customer.buyerReference());
            letters.check("line1", address.line1());
            letters.check("line2", address.line2());
            letters.check("city", address.city());
            letters.check("state", address.state());
            letters.check("postal_code", address.postalCode());
            letters.check("country", address.country());
            words.forEach(word -> letters.check("printed text", word));
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }
}
