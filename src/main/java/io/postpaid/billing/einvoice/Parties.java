package io.postpaid.billing.einvoice;

import io.postpaid.account.Address;
import io.postpaid.account.TaxIds;
import io.postpaid.billing.einvoice.EInvoice.Contact;
import io.postpaid.billing.einvoice.EInvoice.Party;
import io.postpaid.billing.einvoice.EInvoice.Place;
import io.postpaid.billing.invoicing.BilledTo;
import io.postpaid.platform.template.Seller;

/** Seller and buyer as the standard has them. */
record Parties(Seller seller, ElectronicSeller electronic) {
    Party seller(Categories categories) {
        var vatId = TaxIds.vat(seller.country(), seller.taxId());
        boolean outside = categories.outside();
        var legalId = electronic.legalId().isBlank() && outside ? seller.taxId() : electronic.legalId();
        return new Party(
                seller.name(),
                legalId.isBlank() && (outside || vatId.isEmpty()) ? seller.email() : "",
                legalId,
                outside ? "" : vatId,
                outside || !vatId.isEmpty() ? "" : seller.taxId(),
                electronic.peppolId().isBlank() ? seller.email() : electronic.peppolId(),
                sellersPlace(),
                new Contact(electronic.contact(), electronic.phone(), seller.email()));
    }

    private Place sellersPlace() {
        var lines = seller.address();
        boolean structured = !electronic.street().isBlank();
        return new Place(
                structured ? electronic.street() : lines.getFirst(),
                structured || lines.size() < 2 ? "" : lines.get(1),
                structured || lines.size() < 3 ? "" : lines.get(2),
                electronic.city(),
                electronic.postalCode(),
                electronic.region(),
                seller.country());
    }

    static Party buyer(BilledTo customer, Categories categories) {
        var address = customer.address();
        var vatId = categories.outside() ? "" : TaxIds.vat(address.country(), customer.taxId());
        return new Party(
                customer.name(),
                "",
                vatId.isEmpty() ? customer.taxId() : "",
                vatId,
                "",
                customer.peppolId().isBlank() ? customer.email() : customer.peppolId(),
                place(address),
                new Contact("", "", customer.email()));
    }

    private static Place place(Address address) {
        return new Place(
                address.line1(),
                address.line2(),
                "",
                address.city(),
                address.postalCode(),
                address.state(),
                address.country());
    }
}
