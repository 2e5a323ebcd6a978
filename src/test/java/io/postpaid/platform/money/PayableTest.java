package io.postpaid.platform.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayableTest {
    @ParameterizedTest
    @CsvSource({
        "12.34,USD",
        "12.3,USD",
        "12.340,USD",
        "12,JPY",
        "12.0,JPY",
        "12.345,KWD",
        "12.3,KWD",
        "12.001,BHD",
        "12,ISK",
        "12,UGX",
        "12.34,HUF",
        "1e2,USD",
        "999999999999.99,USD"
    })
    void whatABankCanMoveIsAnAmount(BigDecimal amount, String currency) {
        assertThat(Payable.check(amount, currency)).isEqualTo(amount);
        assertThat(Payable.checkOrZero(amount, currency)).isEqualTo(amount);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            12.345        | USD | 12.345 USD has more than 2 decimals: give an amount such as 25.00
            12.3456       | KWD | 12.3456 KWD has more than 3 decimals: give an amount such as 25.000
            12.5          | JPY | 12.5 JPY has decimals, which the currency has not: give an amount such as 25
            0.5           | ISK | 0.5 ISK has decimals, which the currency has not: give an amount such as 25
            1e-999999999  | USD | 1E-999999999 USD has more than 2 decimals: give an amount such as 25.00
            1e999999999   | USD | 1E+999999999 USD has more than 12 digits: give an amount such as 25.00
            1000000000000 | USD | 1000000000000 USD has more than 12 digits: give an amount such as 25.00
            0             | USD | 0 USD must be above zero: give an amount such as 25.00
            -1            | USD | -1 USD must be above zero: give an amount such as 25.00
            """)
    void whatNobodyCanPayIsNone(BigDecimal amount, String currency, String told) {
        assertThatThrownBy(() -> Payable.check(amount, currency))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(told);
    }
}
