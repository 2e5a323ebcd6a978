package io.postpaid.web.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
         199.994375000001, USD, 199.99
         0.005,            USD, 0.01
         0.004999,         USD, < 0.01
         0.000000000001,   USD, < 0.01
         0,                USD, 0.00
         -1.005,           USD, -1.01
         -0.004,           USD, -0.004
         0.4,              JPY, < 1
         12.5,             JPY, 13
        """)
    void aCostIsRoundedForReadingAndNeverNothingWhereThereIsOne(BigDecimal cost, String currency, String shown) {
        assertThat(Figures.cost(cost, currency)).isEqualTo(shown);
    }
}
