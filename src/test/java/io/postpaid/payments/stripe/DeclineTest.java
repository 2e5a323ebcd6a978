package io.postpaid.payments.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeclineTest {

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
        code                        | advice             | outcome
        insufficient_funds          |                    | DeclinedRetryable
        insufficient_funds          | try_again_later    | DeclinedRetryable
        insufficient_funds          | do_not_try_again   | DeclinedForGood
        processing_error            |                    | DeclinedRetryable
        issuer_not_available        |                    | DeclinedRetryable
        try_again_later             |                    | DeclinedRetryable
        card_velocity_exceeded      |                    | DeclinedRetryable
        do_not_honor                |                    | DeclinedRetryable
        generic_decline             |                    | DeclinedRetryable
        generic_decline             | confirm_card_data  | DeclinedForGood
        something_new               |                    | DeclinedRetryable
        lost_card                   |                    | DeclinedForGood
        lost_card                   | try_again_later    | DeclinedRetryable
        stolen_card                 |                    | DeclinedForGood
        pickup_card                 |                    | DeclinedForGood
        fraudulent                  |                    | DeclinedForGood
        incorrect_number            |                    | DeclinedForGood
        invalid_account             |                    | DeclinedForGood
        expired_card                |                    | DeclinedForGood
        card_not_supported          |                    | DeclinedForGood
        revocation_of_authorization |                    | DeclinedForGood
        authentication_required     |                    | NeedsCustomer
        authentication_required     | try_again_later    | NeedsCustomer
        """)
    void adviceFirstCodeSecond(String code, String advice, String outcome) {
        assertThat(new Decline(code, advice, null, null).outcome().getClass().getSimpleName())
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({"lost_card", "stolen_card", "pickup_card", "fraudulent", "do_not_honor", "something_new"})
    void whatSmellsOfFraudIsToldNeutrally(String code) {
        assertThat(new Decline(code, null, "Your card was stolen.", null).sentence())
                .isEqualTo(
                        "Your bank declined the charge and gave us no reason. Please use another card, or ask your bank.");
    }

    @Test
    void theRestIsToldPlainly() {
        assertThat(new Decline("insufficient_funds", null, null, null).sentence())
                .isEqualTo("There was not enough money available on the card.");
    }
}
