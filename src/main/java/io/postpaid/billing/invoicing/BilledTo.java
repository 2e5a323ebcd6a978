package io.postpaid.billing.invoicing;

import io.postpaid.account.Account;
import io.postpaid.account.Address;
import io.postpaid.account.Buyer;
import io.postpaid.pricing.tax.TaxCustomer;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/**
 * The customer as it stood when the invoice was drawn up: what is printed stays what it was, whatever changes later.
 *
 * @param card such as {@code Visa ending 4242}, or empty when none was on file
 * @param business {@code yes} or {@code no}, as it was taxed
 * @param cardCountry of the card's bank, or empty: evidence of where the customer is
 * @param peppolId where the customer receives e-invoices, or empty
 * @param language of its documents, or empty for the seller's own
 */
public record BilledTo(
        String name,
        String email,
        Address address,
        String taxId,
        String card,
        String purchaseOrder,
        String buyerReference,
        String business,
        String cardCountry,
        String peppolId,
        String language) {
    private static final JsonMapper JSON = JsonMapper.shared();

    public BilledTo {
        // Invoices of customers who had none may be without the names of these.
        purchaseOrder = Objects.requireNonNullElse(purchaseOrder, "");
        buyerReference = Objects.requireNonNullElse(buyerReference, "");
        business = Objects.requireNonNullElse(business, "no");
        cardCountry = Objects.requireNonNullElse(cardCountry, "");
        peppolId = Objects.requireNonNullElse(peppolId, "");
        language = Objects.requireNonNullElse(language, "");
    }

    public static BilledTo of(Account account) {
        var card = account.card();
        return new BilledTo(
                account.name(),
                account.email(),
                account.address(),
                account.taxId(),
                card == null ? "" : card.label(),
                account.purchaseOrder(),
                account.buyer().reference(),
                TaxCustomer.of(account).isBusiness() ? "yes" : "no",
                card == null ? "" : Objects.requireNonNullElse(card.country(), ""),
                account.buyer().peppolId(),
                account.buyer().language());
    }

    /** Of whom nothing else is known. */
    static BilledTo named(String name) {
        return new BilledTo(name, "", new Address("", "", "", "", "", ""), "", "", "", "", "", "", "", "");
    }

    /** An account with its customer as it stood then; its cards are of no matter. */
    Account then(Account now) {
        return new Account(
                now.id(),
                name,
                email,
                address,
                taxId,
                now.currency(),
                now.monthlyLimit(),
                now.freeCredit(),
                now.status(),
                now.paymentMethodWanted(),
                now.stripeCustomer(),
                now.card(),
                now.createdOn(),
                purchaseOrder,
                new Buyer(business, buyerReference, peppolId, language),
                now.billingEmails(),
                now.spendingCap());
    }

    /** The same where it is not known which card was charged. */
    public BilledTo withoutCard() {
        return new BilledTo(
                name, email, address, taxId, "", purchaseOrder, buyerReference, business, "", peppolId, language);
    }

    public static BilledTo fromJson(String json) {
        return JSON.readValue(json, BilledTo.class);
    }

    public String toJson() {
        return JSON.writeValueAsString(this);
    }
}
