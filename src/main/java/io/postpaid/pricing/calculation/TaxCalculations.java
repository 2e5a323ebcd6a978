package io.postpaid.pricing.calculation;

import io.postpaid.account.Account;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.pricing.calculation.CalculatedTaxes.Result;
import io.postpaid.pricing.calculation.TaxCalculator.QuestionRefusedException;
import io.postpaid.pricing.calculation.TaxCalculator.UnansweredException;
import io.postpaid.pricing.tax.TaxCustomer;
import io.postpaid.pricing.tax.TaxDecision;
import io.postpaid.pricing.tax.TaxDecision.Cause;
import io.postpaid.pricing.tax.Taxes;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Asks Stripe Tax, where it decides, and keeps what it answers. */
@Component
public class TaxCalculations {
    private final StripeTaxSettings settings;
    private final TaxCalculator calculator;
    private final CalculationStore store;
    private final Taxes taxes;
    private final DataSource database;
    private final BillingClock clock;

    TaxCalculations(
            StripeTaxSettings settings,
            TaxCalculator calculator,
            CalculationStore store,
            Taxes taxes,
            DataSource database,
            BillingClock clock) {
        this.settings = settings;
        this.calculator = calculator;
        this.store = store;
        this.taxes = taxes;
        this.database = database;
        this.clock = clock;
    }

    /** Whether Stripe Tax decides for anybody. */
    public boolean on() {
        return settings.on();
    }

    /** Whether Stripe Tax decides for this account, and not the tax file. */
    public boolean decides(Account account) {
        return settings.decides(account.address().country());
    }

    /** What was answered about these accounts so far. Nobody is asked. */
    public CalculatedTaxes known(Collection<Account> accounts) {
        return new CalculatedTaxes(
                settings,
                taxes.rules(accounts.stream().map(TaxCustomer::of).toList()),
                store.ofAccounts(accounts.stream().map(Account::id).toList()));
    }

    /** Asks Stripe and keeps the answer, also that it refuses the question. Not within a transaction. */
    public void ask(TaxQuestion question) {
        if (TransactionSynchronizationManager.hasResource(database)) {
            throw new IllegalStateException("Stripe Tax is asked before a transaction begins, not within it");
        }
        try {
            var answer = answer(calculator.calculate("tax/" + question.account() + "/" + question.hash(), question));
            // What nobody could read later is not kept.
            StripeAnswer.read(question, answer, Map.of(), false);
            store.insert(question, answer, "", clock.instant());
        } catch (QuestionRefusedException | IllegalArgumentException e) {
            store.insert(question, null, Objects.requireNonNull(e.getMessage()), clock.instant());
        }
    }

    private static ObjectNode answer(String json) {
        try {
            // Whose address it is stands on the invoice.
            return ((ObjectNode) JsonMapper.shared().readTree(json)).without("customer_details");
        } catch (JacksonException | ClassCastException e) {
            throw new IllegalArgumentException("Stripe Tax answers something that is no calculation", e);
        }
    }

    /**
     * The tax of one amount before tax, whoever decides it; who has to be asked is asked. Not within a transaction. The tax is
     * the percentage of the amount, rounded once.
     *
     * @param day on which the tax point lies
     */
    public TaxDecision decide(Account account, String category, LocalDate day, BigDecimal net) {
        if (!decides(account)) return taxes.decide(TaxCustomer.of(account), category, day);
        taxes.confirm(TaxCustomer.of(account));
        var nets = new LinkedHashMap<>(Map.of(category, net));
        var result = known(List.of(account)).of(account, day, nets);
        if (result instanceof Result.NotAnswered(var question, var _)) {
            try {
                ask(question);
            } catch (UnansweredException e) {
                return new TaxDecision.Held(Cause.NOT_CALCULATED, Objects.requireNonNull(e.getMessage()));
            }
            result = known(List.of(account)).of(account, day, nets);
        }
        return switch (result) {
            case Result.Calculated(var byCategory) -> {
                var tax = byCategory.firstEntry().getValue();
                yield new TaxDecision.Taxed(CalculatedTaxes.fitting(tax.tax(), net, tax.amount(), account.currency()));
            }
            case Result.Held(var cause, var why) -> new TaxDecision.Held(cause, why);
            case Result.NotAnswered(var _, var why) -> new TaxDecision.Held(Cause.NOT_CALCULATED, why);
            case Result.Nothing() -> throw new IllegalArgumentException("nothing has no tax");
        };
    }
}
