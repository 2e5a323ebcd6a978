package io.postpaid.billing.invoicing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaymentReferenceTest {

    /** The first is the example of the standard. */
    @Test
    void checkDigitsAreThoseOfIso11649() {
        assertThat(PaymentReference.of("539007547034").value()).isEqualTo("RF18539007547034");
        var reference = PaymentReference.of("2026-000042");
        assertThat(reference.value()).matches("RF[0-9]{2}2026000042");
        assertThat(reference.printed()).matches("RF[0-9]{2} 2026 0000 42");
    }

    @Test
    void aNumberWithoutRoomIsRefused() {
        assertThatThrownBy(() -> PaymentReference.of("--")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PaymentReference.of("2".repeat(22))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{rf}",
                "invoice {rf} thank you",
                "{rf-printed}",
                "{rf-lower}",
                "SVWZ+{rf}DATUM 12.10.2026",
                "{rf}12.10.2026",
                "Rechnung 2026-000042 vom 1.11.2026",
                "2026 000042",
                "2026/000042",
                "2026000042",
                "INV2026-000042.",
                "Invoice no. 2026-0000\n42"
            })
    void aTextOfABankNamesAnInvoice(String text) {
        var reference = PaymentReference.of("2026-000042");
        var written = text.replace("{rf}", reference.value())
                .replace("{rf-printed}", reference.printed())
                .replace("{rf-lower}", reference.printed().toLowerCase(java.util.Locale.ROOT));
        assertThat(PaymentReference.numbersIn(written)).contains("2026-000042");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "thanks", "RF00 2026 0000 42", "2026-42", "12.10.2026", "9992026-0000429999"})
    void aTextThatNamesNoneIsLeft(String text) {
        assertThat(PaymentReference.numbersIn(text)).doesNotContain("2026-000042");
    }

    /** A digit that is wrong, or two that changed their places, are no reference any more. */
    @Test
    void aTypingErrorIsFound() {
        var right = PaymentReference.of("2026-000042").value();
        for (int at = 4; at < right.length(); at++) {
            for (char digit = '0'; digit <= '9'; digit++) {
                if (digit == right.charAt(at)) continue;
                var wrong = right.substring(0, at) + digit + right.substring(at + 1);
                assertThat(PaymentReference.numbersIn(wrong)).as(wrong).isEmpty();
            }
        }
    }

    @Test
    void aHostileTextIsReadInNoTime() {
        assertThat(PaymentReference.numbersIn("RF18".repeat(1_000_000) + "2026000042"))
                .isEmpty();
        assertThat(PaymentReference.numbersIn("1".repeat(1_000_000))).isEmpty();
    }
}
