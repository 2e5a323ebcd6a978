package io.postpaid.billing.receipt;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.BilledTo;
import io.postpaid.billing.receipt.TopUpDocument.Kind;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.pricing.calculation.TaxCalculations;
import io.postpaid.pricing.pricebook.Product;
import io.postpaid.pricing.tax.TaxDecision;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** What credit costs, and the documents of what was sold and went back, each written in the transaction that books it. */
@Component
public class TopUpDocuments {
    private final TopUpDocumentStore store;
    private final TaxCalculations taxes;
    private final Accounts accounts;
    private final BillingClock clock;

    TopUpDocuments(TopUpDocumentStore store, TaxCalculations taxes, Accounts accounts, BillingClock clock) {
        this.store = store;
        this.taxes = taxes;
        this.accounts = accounts;
        this.clock = clock;
    }

    /** What became of the question what credit costs an account. */
    public sealed interface Offer {
        record Priced(CreditPrice price) implements Offer {}

        /** @param why no invoice could be written, and what to do */
        record Held(String why) implements Offer {}
    }

    /** What credit costs an account today. It may ask VIES and Stripe Tax: not within a transaction. */
    public Offer offer(Account account, BigDecimal credit) {
        if (account.name().isEmpty() || account.email().isEmpty()) {
            return new Offer.Held("Its invoice needs a " + (account.name().isEmpty() ? "name" : "e-mail address")
                    + ", which is not known of account '" + account.id() + "'. Nothing was charged");
        }
        return switch (taxes.decide(account, Product.STANDARD, clock.today(), credit)) {
            case TaxDecision.Taxed(var tax) -> new Offer.Priced(CreditPrice.of(credit, tax, account.currency()));
            case TaxDecision.Held(var cause, var why) ->
                new Offer.Held(
                        "The tax of account '" + account.id() + "' cannot be told: " + why + ". Nothing was charged");
        };
    }

    /**
     * Writes the invoice of a top-up that was charged.
     *
     * @param paymentMethod what was charged
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public TopUpDocument invoice(long topUp, String id, CreditPrice price, String paymentMethod) {
        var account = accounts.get(id);
        var customer = BilledTo.of(account);
        var card = account.card();
        boolean charged = card != null && card.paymentMethod().equals(paymentMethod);
        return store.insertInvoice(topUp, account, charged ? customer : customer.withoutCard(), price, clock.today());
    }

    /** What a top-up was sold for, and what of it went back; who decides by it has locked the account. */
    public CreditBack back(long topUp) {
        return store.back(topUp);
    }

    /** Takes back what a refund gave, or a bank took. */
    @Transactional(propagation = Propagation.MANDATORY)
    public TopUpDocument creditNote(long topUp, CreditBack.Part part, Because because) {
        var invoice = store.of(topUp).stream()
                .filter(document -> document.kind() == Kind.INVOICE)
                .findFirst()
                .orElseThrow();
        return store.insert(Kind.CREDIT_NOTE, invoice, part, because, clock.today());
    }

    /**
     * Why something goes back, for which there is one credit note at most.
     *
     * @param refund which has succeeded
     * @param dispute which is lost
     * @param reason printed
     */
    public record Because(@Nullable Long refund, @Nullable String dispute, String reason) {}

    /** What a credit note took back is sold again, because its refund has failed. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<TopUpDocument> again(long refund) {
        return store.creditNoteOf(refund)
                .map(note -> store.insert(
                        Kind.INVOICE,
                        note,
                        new CreditBack.Part(note.net(), note.tax().tax()),
                        new Because(null, null, ""),
                        clock.today()));
    }

    public Optional<TopUpDocument> find(String number) {
        return store.find(number);
    }

    /** The documents of a top-up, the first one first. */
    public List<TopUpDocument> of(long topUp) {
        return store.of(topUp);
    }

    /** The documents of an account, the newest first. */
    public List<TopUpDocument> list(String account) {
        return store.list(account);
    }
}
