package io.postpaid.payments.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApproveAboveTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 999999999999 | USD | false",
                "'  ' | 999999999999 | USD | false",
                "0 | 0.01 | USD | true",
                "100 | 100.00 | USD | false",
                "100 | 100.01 | EUR | true",
                "100.50 | 100.50 | USD | false",
                "100 USD, 90 EUR | 100 | USD | false",
                "100 USD, 90 EUR | 90.01 | EUR | true",
                "100 USD , 90 EUR | 0.01 | GBP | true",
                "100 USD,20 | 20.01 | GBP | true",
                "100 USD,20 | 20 | GBP | false"
            })
    void anAmountIsForADayAndACurrency(String setting, BigDecimal amount, String currency, boolean exceeded) {
        assertThat(new ApproveAbove(setting).isExceededBy(amount, currency)).isEqualTo(exceeded);
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
