package io.postpaid.account;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a customer says of himself for the next invoice; an issued one keeps what it was issued with. */
public record BillingDetails(
        String name,
        String line1,
        String line2,
        String city,
        String state,
        String postalCode,
        String taxId,
        String purchaseOrder,
        List<String> billingEmails) {

    public BillingDetails {
        billingEmails = List.copyOf(billingEmails);
    }

    /** As a line of a file has it. */
    Map<String, String> cells(Account account) {
        var cells = new LinkedHashMap<String, String>();
        cells.put("id", account.id());
        cells.put("name", name);
        cells.put("email", account.email());
        cells.put("line1", line1);
        cells.put("line2", line2);
        cells.put("city", city);
        cells.put("state", state);
        cells.put("postal_code", postalCode);
        cells.put("tax_id", taxId);
        cells.put("purchase_order", purchaseOrder);
        cells.put("billing_emails", String.join(" ", billingEmails));
        return cells;
    }
}
