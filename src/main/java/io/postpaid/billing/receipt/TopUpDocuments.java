package io.postpaid.billing.receipt;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.BilledTo;
import io.postpaid.billing.invoicing.LocalTax;
import io.postpaid.billing.invoicing.TaxExchange;
import io.postpaid.billing.receipt.TopUpDocument.Kind;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.pricing.calculation.TaxCalculations;
import io.postpaid.pricing.exchange.Exchange;
import io.postpaid.pricing.exchange.ExchangeTable;
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
    private final TaxExchange exchange;
    private final Accounts accounts;
    private final BillingClock clock;

    TopUpDocuments(
            TopUpDocumentStore store,
            TaxCalculations taxes,
            TaxExchange exchange,
            Accounts accounts,
            BillingClock clock) {
        this.store = store;
        this.taxes = taxes;
        this.exchange = exchange;
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
            case TaxDecision.Taxed(var tax) -> priced(account, CreditPrice.of(credit, tax, account.currency()));
            case TaxDecision.Held(var cause, var why) ->
                new Offer.Held(
                        "The tax of account '" + account.id() + "' cannot be told: " + why + ". Nothing was charged");
        };
    }

    private Offer priced(Account account, CreditPrice price) {
        var wanted = exchange.wanted(account.address().country(), account.currency(), price.tax());
        if (wanted.isPresent() && exchangeOf(account, price).isEmpty()) {
            return new Offer.Held("The tax of account '" + account.id() + "' cannot be told in " + wanted.get() + ": "
                    + ExchangeTable.missing(account.currency(), wanted.get(), clock.today()) + ". Nothing was charged");
        }
        return new Offer.Priced(price);
    }

    private Optional<Exchange> exchangeOf(Account account, CreditPrice price) {
        return exchange.wanted(account.address().country(), account.currency(), price.tax())
                .flatMap(local -> exchange.between(account.currency(), local, clock.today()));
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
        var local = exchangeOf(account, price)
                .map(rate -> new LocalTax(rate, rate.convert(price.tax())))
                .orElse(null);
        return store.insertInvoice(
                topUp, account, charged ? customer : customer.withoutCard(), price, local, clock.today());
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
        return correct(Kind.CREDIT_NOTE, invoice, part, because);
    }

    /** In the country's currency all documents of a top-up together say what is left of its tax, rounded once. */
    private TopUpDocument correct(Kind kind, TopUpDocument corrected, CreditBack.Part part, Because because) {
        var local = corrected.tax().local();
        if (local != null) {
            var documents = store.of(corrected.topUp());
            var change = kind == Kind.INVOICE ? part.tax() : part.tax().negate();
            var left = documents.stream().map(TopUpDocument::taxLeft).reduce(change, BigDecimal::add);
            var said = documents.stream().map(TopUpDocument::localLeft).reduce(BigDecimal.ZERO, BigDecimal::add);
            var amount = local.exchange().convert(left).subtract(said).abs();
            local = new LocalTax(local.exchange(), amount);
        }
        return store.insert(kind, corrected, part, because, local, clock.today());
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
                .map(note -> correct(
                        Kind.INVOICE,
                        note,
                        new CreditBack.Part(note.net(), note.tax().tax()),
                        new Because(null, null, "")));
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
