package io.postpaid.billing.invoicing;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toMap;

import io.postpaid.account.Account;
import io.postpaid.billing.invoicing.PastInvoices.Past;
import io.postpaid.credit.MonthlyCost;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.calculation.CalculatedTaxes;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.tax.TaxCustomer;
import io.postpaid.pricing.tax.TaxRules;
import io.postpaid.pricing.tax.Taxes;
import io.postpaid.pricing.tax.TaxesAgain;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Draws up the invoices of a period again, of usage that was rated again: as drafting does it, and kept nowhere. */
@Component
public class Redrafting {
    private final PastInvoices invoices;
    private final DraftStore drafts;
    private final Drafting drafting;
    private final Taxations taxations;
    private final Taxes rules;

    Redrafting(PastInvoices invoices, DraftStore drafts, Drafting drafting, Taxations taxations, Taxes rules) {
        this.invoices = invoices;
        this.drafts = drafts;
        this.drafting = drafting;
        this.taxations = taxations;
        this.rules = rules;
    }

    /** @param month (its first day) in which it was used */
    public record Used(String product, LocalDate month, long price, int tier, BigDecimal quantity, BigDecimal amount) {}

    /**
     * What some accounts were billed, and all that their invoices are drawn up from beside usage.
     *
     * @param prices by which an account that has no invoice is billed so far
     */
    public Loaded load(List<Account> accounts, BillingPeriod period, PriceBook prices) {
        var ids = accounts.stream().map(Account::id).toList();
        var issued = invoices.of(ids, period);
        var open = ids.stream().filter(id -> !issued.containsKey(id)).toList();
        var soFar = drafts.billables(open, period, prices).stream()
                .collect(toMap(facts -> facts.account().id(), Function.identity()));
        var then = accounts.stream()
                .map(account -> {
                    var past = issued.get(account.id());
                    return past == null ? account : past.invoice().customer().then(account);
                })
                .toList();
        var calculated = then.stream()
                .filter(account -> byStripe(account, issued.get(account.id())))
                .toList();
        return new Loaded(
                period,
                issued,
                soFar,
                then,
                calculated.isEmpty() ? null : taxations.answers(calculated),
                invoices.products());
    }

    /** Also an invoice that Stripe Tax decided while it was turned on. */
    private boolean byStripe(Account account, @Nullable Past past) {
        return past != null && past.byStripe() || taxations.byStripe(account);
    }

    /** The accounts of one transaction, which has to be open still. */
    public final class Loaded {
        private final BillingPeriod period;
        private final Map<String, Past> issued;
        private final Map<String, Billable> soFar;
        private final Map<String, Account> accounts;
        private final @Nullable CalculatedTaxes answers;
        private final Map<String, Integer> order = new HashMap<>();

        Loaded(
                BillingPeriod period,
                Map<String, Past> issued,
                Map<String, Billable> soFar,
                List<Account> accounts,
                @Nullable CalculatedTaxes answers,
                List<String> products) {
            this.period = period;
            this.issued = issued;
            this.soFar = soFar;
            this.accounts = accounts.stream().collect(toMap(Account::id, Function.identity()));
            this.answers = answers;
            products.forEach(product -> order.put(product, order.size()));
        }

        /** What its invoice says; where there is none, what would be billed by what has accrued so far. */
        public Bill billed(String account, TaxesAgain taxes) {
            var past = issued.get(account);
            return past == null ? bill(facts(soFar, account), taxes) : past.bill();
        }

        /** What would be billed for usage that was rated again. */
        public Bill bill(
                String id,
                List<Used> used,
                MonthlyCost cost,
                List<String> unpriced,
                PriceBook prices,
                TaxesAgain taxes) {
            var past = issued.get(id);
            var account = facts(accounts, id);
            return bill(
                    new Billable(
                            account,
                            period,
                            usage(
                                    id,
                                    used,
                                    prices,
                                    past == null
                                            ? Long.MAX_VALUE
                                            : past.invoice().id()),
                            cost,
                            past == null
                                    ? facts(soFar, id).carriedIn()
                                    : past.invoice().carriedIn(),
                            unpriced,
                            // What was issued was not given back before.
                            past == null ? facts(soFar, id).givenTwice() : ""),
                    taxes);
        }

        private Bill bill(Billable facts, TaxesAgain taxes) {
            var account = facts.account();
            var past = issued.get(account.id());
            var rules = rules(account, past, taxes);
            var taxation = taxations.again(
                    period,
                    past == null ? null : past.invoice().taxPoint(),
                    rules,
                    byStripe(account, past) ? answers : null);
            return Bill.of(drafting.draft(facts, taxation), facts.cost(), account.currency());
        }

        private TaxRules rules(Account account, @Nullable Past past, TaxesAgain taxes) {
            var customer = TaxCustomer.of(account);
            return past == null
                    ? rules.now(taxes, customer)
                    : rules.ofInvoice(taxes, customer, past.exemption(), past.at());
        }

        /** In the order of lines that the month's end has. */
        private List<Billable.Usage> usage(String account, List<Used> used, PriceBook prices, long before) {
            var usage = used.stream()
                    .map(one -> new Billable.Usage(
                            prices.product(one.product()),
                            BillingPeriod.of(one.month()),
                            prices.price(one.price()),
                            one.tier(),
                            one.quantity(),
                            one.amount(),
                            null))
                    .sorted(comparing((Billable.Usage one) ->
                                    order.getOrDefault(one.product().id(), Integer.MAX_VALUE))
                            .thenComparing(Billable.Usage::month)
                            .thenComparing(one -> one.price().effectiveFrom())
                            .thenComparing(one -> one.price().id())
                            .thenComparing(Comparator.comparing(Billable.Usage::tier)))
                    .toList();
            var takenBack = usage.stream()
                    .filter(one -> TaxesCharged.takesBack(one, period.firstDay()))
                    .map(one -> TaxesCharged.key(account, one))
                    .toList();
            if (takenBack.isEmpty()) return usage;
            var charged = drafts.charged(takenBack, before);
            return usage.stream()
                    .map(one -> one.billedWith(charged.get(TaxesCharged.key(account, one))))
                    .toList();
        }

        private static <T> T facts(Map<String, T> loaded, String account) {
            return Objects.requireNonNull(loaded.get(account));
        }
    }
}
