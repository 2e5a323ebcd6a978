package io.postpaid.billing.invoicing;

import io.postpaid.account.Account;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.calculation.CalculatedTaxes;
import io.postpaid.pricing.calculation.TaxCalculations;
import io.postpaid.pricing.tax.TaxCustomer;
import io.postpaid.pricing.tax.TaxRules;
import io.postpaid.pricing.tax.Taxes;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Loads what the invoices of a period are taxed by. */
@Component
class Taxations {
    private final Taxes taxes;
    private final TaxCalculations calculations;
    private final TaxExchange exchange;
    private final BillingClock clock;
    private final TaxPoint point;

    Taxations(
            Taxes taxes,
            TaxCalculations calculations,
            TaxExchange exchange,
            BillingClock clock,
            @Value("${POSTPAID_TAX_POINT:service}") String point) {
        this.taxes = taxes;
        this.calculations = calculations;
        this.exchange = exchange;
        this.clock = clock;
        this.point = TaxPoint.of(point);
    }

    /** @param accounts whose taxes may depend on what others have answered */
    Taxation of(BillingPeriod period, List<Account> accounts) {
        var day = day(period);
        return new Taxation(lines(day, accounts, false), day, exchange.upTo(day));
    }

    /** For an invoice that nobody gets: the rates of its day are perhaps not published yet. */
    Taxation preview(BillingPeriod period, List<Account> accounts) {
        var day = day(period);
        return new Taxation(lines(day, accounts, true), day, null);
    }

    /**
     * For an invoice that was drawn up already, or will be: by rules that are given, and what others have answered.
     *
     * @param day that its taxes are of; null where it is not drawn up
     * @param answers what Stripe Tax has answered
     */
    Taxation again(BillingPeriod period, @Nullable LocalDate day, TaxRules rules, @Nullable CalculatedTaxes answers) {
        var of = day == null ? day(period) : day;
        boolean atIssue = day == null ? point == TaxPoint.ISSUE : !day.equals(TaxPoint.lastDay(period));
        LineTaxes lines = answers == null
                ? new TaxesByRules(rules, used -> atIssue ? of : TaxPoint.lastDay(used))
                : new TaxesByStripe(answers.with(rules), of, true);
        return new Taxation(lines, of, null);
    }

    /** What Stripe Tax has answered about these accounts. */
    CalculatedTaxes answers(List<Account> accounts) {
        return calculations.known(accounts);
    }

    boolean byStripe(Account account) {
        return calculations.decides(account);
    }

    private LocalDate day(BillingPeriod period) {
        return point == TaxPoint.ISSUE ? clock.today() : TaxPoint.lastDay(period);
    }

    private LineTaxes lines(LocalDate day, List<Account> accounts, boolean preview) {
        // Late usage and corrections keep the day of their own month.
        LineTaxes byRules = new TaxesByRules(
                taxes.rules(accounts.stream().map(TaxCustomer::of).toList()),
                used -> point == TaxPoint.ISSUE ? day : TaxPoint.lastDay(used));
        if (!calculations.on()) return byRules;
        LineTaxes byStripe = new TaxesByStripe(calculations.known(accounts), day, preview);
        return (facts, lines, credits) ->
                (calculations.decides(facts.account()) ? byStripe : byRules).assess(facts, lines, credits);
    }

    /** What Stripe Tax has answered so far about an account; nothing where it does not decide. */
    Optional<TaxesByStripe> calculated(BillingPeriod period, Account account) {
        return calculations.decides(account)
                ? Optional.of(new TaxesByStripe(calculations.known(List.of(account)), day(period), false))
                : Optional.empty();
    }
}
