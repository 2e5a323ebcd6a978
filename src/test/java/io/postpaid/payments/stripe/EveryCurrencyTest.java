package io.postpaid.payments.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.money.Currencies;
import io.postpaid.platform.money.Rounding;
import io.postpaid.support.TestDatabase;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Every currency that ISO 4217 has or had is charged rightly, or refused with a reason. */
class EveryCurrencyTest {
    /** Stripe's special cases: what it counts in, and the smallest amount that it takes. */
    private static final Map<String, String> SPECIAL = Map.of(
            "ISK", "2 1", "UGX", "2 1", "BHD", "3 0.010", "JOD", "3 0.010", "KWD", "3 0.010", "OMR", "3 0.010", "TND",
            "3 0.010");

    private static final List<String> WITHOUT_DECIMALS = List.of(
            "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF");

    static Stream<String> codes() {
        return Currency.getAvailableCurrencies().stream()
                .map(Currency::getCurrencyCode)
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("codes")
    void isChargedInWholeUnitsOrRefusedWithAReason(String code) {
        var currency = Currencies.get(code);
        if (!currency.billable()) {
            assertThat(currency.refusedBecause()).isNotBlank();
            return;
        }
        var usual = WITHOUT_DECIMALS.contains(code) ? "0 1" : "2 0.01";
        assertThat(currency.stripeDecimals() + " " + currency.unit()).isEqualTo(SPECIAL.getOrDefault(code, usual));
        assertThat(currency.minimum()).isPositive().isLessThan(currency.maximum());
        assertThat(List.of(currency.minimum(), currency.maximum())).allMatch(currency::fits);
        // Stripe takes up to eight digits everywhere.
        assertThat(MinorUnits.of(currency.maximum(), code)).isGreaterThanOrEqualTo(99_999_900L);

        var rounded = Rounding.toMinorUnit(new BigDecimal("1234.565"), code);
        assertThat(MinorUnits.toAmount(MinorUnits.of(rounded, code), code)).isEqualByComparingTo(rounded);
        assertThat(rounded.subtract(new BigDecimal("1234.565")).abs().multiply(BigDecimal.TWO))
                .isLessThanOrEqualTo(currency.unit());
    }

    @ParameterizedTest
    @CsvSource({
        "USD,12.345,12.35,1235", "HUF,12.345,12.35,1235", "JPY,12.5,13,13", "KRW,30,30,30", "KWD,12.345,12.350,12350",
        "BHD,0.004,0.000,0", "ISK,12.5,13,1300", "UGX,99.49,99,9900", "MGA,12.5,13,13", "TND,-12.345,-12.350,-12350"
    })
    void roundsHalfUpToWhatCanBeCharged(String code, BigDecimal exact, String rounded, long minor) {
        var amount = Rounding.toMinorUnit(exact, code);
        assertThat(amount).hasToString(rounded);
        assertThat(MinorUnits.of(amount, code)).isEqualTo(minor);
    }

    @Test
    void theDatabaseHasTheSameTable() {
        var rows = JdbcClient.create(TestDatabase.createDataSource())
                .sql("select * from currency order by code collate \"C\"")
                .query((row, i) -> new Currencies.Currency(
                        row.getString("code"),
                        row.getBigDecimal("unit"),
                        row.getInt("stripe_decimals"),
                        orZero(row.getBigDecimal("minimum")),
                        orZero(row.getBigDecimal("maximum")),
                        row.getString("refused_because")))
                .list();
        assertThat(rows).containsExactlyElementsOf(Currencies.all());
    }

    private static BigDecimal orZero(BigDecimal amount) {
        return amount == null ? BigDecimal.ZERO : amount;
    }
}
