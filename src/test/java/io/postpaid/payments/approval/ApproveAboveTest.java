package io.postpaid.payments.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApproveAboveTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | USD |",
                "'  ' | USD |",
                "0 | USD | 0",
                "100 | EUR | 100",
                "100.50 | USD | 100.50",
                "100 USD, 90 EUR | USD | 100",
                "100 USD, 90 EUR | EUR | 90",
                "100 USD , 90 EUR | GBP | 0",
                "100 USD,20 | GBP | 20",
                "100 USD,20 | USD | 100"
            })
    void anAmountIsForADayAndACurrency(String setting, String currency, @Nullable BigDecimal most) {
        assertThat(new ApproveAbove(setting).of(currency)).isEqualTo(most);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-1", "x", "1e3", "100,", "100 usd", "100 ZZZ", "100, 90", "1 USD, 2 USD", "USD 100", "100;90"})
    void anythingElseStopsTheStart(String setting) {
        assertThatThrownBy(() -> new ApproveAbove(setting))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("POSTPAID_APPROVE_ABOVE is '" + setting + "': ")
                .hasMessageContaining("Give an amount such as 100");
    }
}
