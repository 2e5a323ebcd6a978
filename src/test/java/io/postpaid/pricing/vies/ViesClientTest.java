package io.postpaid.pricing.vies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.pricing.vies.ViesAnswer.Silent;
import io.postpaid.sandbox.ViesStandIn;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each answer of VIES over real HTTP, and what is none. */
class ViesClientTest {
    private static final VatId ID = VatId.of("DE129273398");
    private static final VatId SELLER = VatId.of("SE556677889901");

    private ViesStandIn vies;
    private ViesClient client;

    @BeforeEach
    void open() {
        vies = ViesStandIn.start(() -> Instant.parse("2026-11-01T09:00:00Z"));
        client = new ViesClient(TestVies.at(vies.base()));
    }

    @AfterEach
    void close() {
        client.close();
        vies.close();
    }

    @Test
    void aYesHasTheNumberThatProvesIt() {
        assertThat(client.ask(ID, SELLER)).isEqualTo(new ViesAnswer.Yes("WAPI000000000001"));
        assertThat(client.ask(VatId.of("EL094259216"), SELLER)).isEqualTo(new ViesAnswer.Yes("WAPI000000000002"));
        assertThat(vies.asked()).containsExactly("DE129273398 by SE556677889901", "EL094259216 by SE556677889901");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            INVALID                         | No[consultation=]
            INVALID_INPUT                   | No[consultation=]
            MS_UNAVAILABLE                  | Silent[why=MS_UNAVAILABLE]
            SERVICE_UNAVAILABLE             | Silent[why=SERVICE_UNAVAILABLE]
            TIMEOUT                         | Silent[why=TIMEOUT]
            INVALID_REQUESTER_INFO          | Silent[why=INVALID_REQUESTER_INFO]
            IP_BLOCKED                      | Silent[why=IP_BLOCKED]
            MS_MAX_CONCURRENT_REQ           | Silent[why=MS_MAX_CONCURRENT_REQ]
            GLOBAL_MAX_CONCURRENT_REQ_TIME  | Silent[why=GLOBAL_MAX_CONCURRENT_REQ_TIME]
            <script>alert(1)</script>       | Silent[why=UNKNOWN_ERROR]
            hangs                           | Silent[why=no whole answer within 1 s]
            lost                            | Silent[why=no answer (IOException)]
            """)
    void whatIsNoAnswerSaysNothing(String said, String expected) {
        vies.say("DE", said);
        assertThat(client.ask(ID, SELLER)).hasToString(expected);
        // One that has too many questions is asked again a little later.
        assertThat(vies.asked()).hasSize(said.contains("_MAX_") ? 4 : 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            200 | <html>Down for maintenance</html>                                                  | that is no JSON
            200 | ``                                                                                 | that is not understood
            200 | {}                                                                                 | that is not understood
            200 | []                                                                                 | that is not understood
            200 | {"valid": "true"}                                                                  | that is not understood
            200 | {"valid": 1}                                                                       | that is not understood
            200 | {"valid": true, "countryCode": "FR", "vatNumber": "129273398"}                     | that is not understood
            200 | {"valid": true, "countryCode": "DE", "vatNumber": "129273399"}                     | that is not understood
            500 | {"valid": true, "countryCode": "DE", "vatNumber": "129273398"}                     | that is not understood
            302 | {"valid": true, "countryCode": "DE", "vatNumber": "129273398"}                     | that is not understood
            200 | {"valid": false, "userError": "MS_UNAVAILABLE"}                                    | MS_UNAVAILABLE
            200 | {"valid": true, "userError": "IP_BLOCKED"}                                         | IP_BLOCKED
            200 | {"actionSucceed": false}                                                           | UNKNOWN_ERROR
            """)
    void garbageIsSilence(int status, String body, String expected) {
        vies.sendBack("DE129273398", status, body);
        assertThat(client.ask(ID, SELLER)).isInstanceOf(Silent.class).asString().contains(expected);
    }

    @Test
    void anAnswerWithoutEndIsCutOff() {
        vies.sendBack("DE129273398", 200, "{\"valid\": true, \"name\": \"" + "x".repeat(200_000) + "\"}");
        assertThat(client.ask(ID, SELLER)).isInstanceOf(Silent.class);
    }

    /** It is printed: what is no number is not kept. */
    @Test
    void aHostileNumberIsNone() {
        vies.sendBack("DE129273398", 200, "{\"valid\": true, \"requestIdentifier\": \"<b>'; drop table invoice\"}");
        assertThat(client.ask(ID, SELLER)).isEqualTo(new ViesAnswer.Yes(""));
    }

    @Test
    void nobodyThereIsSilence() {
        vies.close();
        assertThat(client.ask(ID, SELLER)).hasToString("Silent[why=no answer (ConnectException)]");
    }

    @Test
    void anAddressIsAnAddress() {
        assertThat(ViesSettings.of("", Duration.ofDays(1)).on()).isFalse();
        assertThat(ViesSettings.of("https://ec.europa.eu/", Duration.ofDays(1)).url())
                .hasToString("https://ec.europa.eu");
        assertThatThrownBy(() -> ViesSettings.of("yes", Duration.ofDays(1)))
                .hasMessage("POSTPAID_VIES_URL is yes, which is no address such as https://ec.europa.eu");
    }
}
