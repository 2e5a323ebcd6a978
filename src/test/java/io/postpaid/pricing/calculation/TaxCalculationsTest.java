package io.postpaid.pricing.calculation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.account.Accounts;
import io.postpaid.pricing.calculation.CalculatedTaxes.Result;
import io.postpaid.pricing.tax.TaxDecision;
import io.postpaid.support.TestApplication;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A single amount, such as a top-up, what Stripe says wrongly, and a preview. */
class TaxCalculationsTest {
    private static final LocalDate DAY = LocalDate.parse("2026-11-01");

    @TempDir
    private Path folder;

    @Test
    void oneAmountIsAskedForOnceAndGarbageIsNotKept() {
        var garbage = new ArrayDeque<String>();
        var around = new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (!(bean instanceof TaxCalculator stripe)) return bean;
                return (TaxCalculator)
                        (key, question) -> garbage.isEmpty() ? stripe.calculate(key, question) : garbage.remove();
            }
        };
        try (var application = new TestApplication(
                folder, Instant.parse("2026-11-01T08:00:00Z"), Map.of("POSTPAID_TAX", "stripe"), around)) {
            var jdbc = application.jdbc();
            jdbc.sql("""
                            insert into account (id, name, email, line1, city, state, postal_code, country, currency, monthly_limit,
                                                 free_credit, created_on)
                            values ('sea', 'S', 's@a.test', '1 Pike', 'Seattle', 'WA', '98101', 'US', 'USD', 100, 0, '2026-01-01'),
                                   ('lost', 'L', 'l@a.test', '1 Pike', 'Seattle', 'WA', '', 'US', 'USD', 100, 0, '2026-01-01')""").update();
            var calculations = application.get(TaxCalculations.class);
            var account = application.get(Accounts.class).get("sea");
            var kept = "select count(*) from stripe_tax_calculation where calculation is not null";

            for (var answer : List.of("<html>", "[]", "{}", "{\"id\": \"taxcalc_1\", \"currency\": \"usd\"}")) {
                garbage.add(answer);
                assertThat(calculations.decide(account, "standard", DAY, new BigDecimal("10.03")))
                        .isInstanceOf(TaxDecision.Held.class);
            }
            assertThat(jdbc.sql(kept).query(Integer.class).single()).isZero();

            for (int i = 0; i < 2; i++) {
                assertThat(calculations.decide(account, "standard", DAY, new BigDecimal("10.03")))
                        .isInstanceOfSatisfying(TaxDecision.Taxed.class, taxed -> {
                            assertThat(taxed.tax().percent()).isEqualByComparingTo("10.35");
                            assertThat(taxed.tax().evidence()).startsWith("taxcalc_");
                        });
            }
            assertThat(jdbc.sql(kept).query(Integer.class).single()).isOne();
            assertThat(calculations.decide(
                            application.get(Accounts.class).get("lost"), "standard", DAY, BigDecimal.TEN))
                    .isInstanceOfSatisfying(
                            TaxDecision.Held.class,
                            held -> assertThat(held.why()).contains("customer_tax_location_invalid"));

            var transaction = new TransactionTemplate(application.get(PlatformTransactionManager.class));
            assertThatThrownBy(() -> transaction.execute(
                            _ -> calculations.decide(account, "standard", DAY, new BigDecimal("10.04"))))
                    .hasMessageContaining("before a transaction begins");

            // Nobody asks for what is only shown.
            var nets = new LinkedHashMap<>(Map.of("standard", new BigDecimal("200.00")));
            var known = calculations.known(List.of(account));
            assertThat(known.of(account, DAY, nets)).isInstanceOf(Result.NotAnswered.class);
            assertThat(known.estimate(account, DAY, nets))
                    .isInstanceOfSatisfying(
                            Result.Calculated.class,
                            estimate -> assertThat(estimate.byCategory()
                                            .firstEntry()
                                            .getValue()
                                            .amount())
                                    .isEqualByComparingTo("20.70"));
        }
    }
}
