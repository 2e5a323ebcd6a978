package io.postpaid.document;

import io.postpaid.invoicing.BilledTo;
import io.postpaid.invoicing.Printability;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** A customer whose name or address no font prints is held, before anything is issued or charged. */
@Component
class CustomerPrintability implements Printability {
    private final PdfRenderer renderer;

    CustomerPrintability(PdfRenderer renderer) {
        this.renderer = renderer;
    }

    @Override
    public Optional<String> objection(BilledTo customer) {
        var address = customer.address();
        try {
            renderer.check("name", customer.name());
            renderer.check("email", customer.email());
            renderer.check("tax_id", customer.taxId());
            renderer.check("line1", address.line1());
            renderer.check("line2", address.line2());
            renderer.check("city", address.city());
            renderer.check("state", address.state());
            renderer.check("postal_code", address.postalCode());
            renderer.check("country", address.country());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }
}
