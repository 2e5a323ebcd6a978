package io.postpaid.pricing.vies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.sandbox.ViesStandIn;
import io.postpaid.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** When VIES is asked, and what counts while it is silent. */
class VatIdsTest {
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
    private static final String ID = "DE129273398";
    private static final String SELLER = "SE556677889901";

    private final BillingClock clock = new BillingClock(START);
    private DataSource database;
    private ViesStandIn vies;
    private VatIds ids;

    @BeforeEach
    void open() {
        database = TestDatabase.createDataSource();
        vies = ViesStandIn.start(clock);
        ids = TestVies.on(database, TestVies.at(vies.base()), clock);
    }

    @AfterEach
    void close() {
        vies.close();
    }

    private String known() {
        return ids.known(List.of(ID)).of(ID).toString();
    }

    private boolean ask(String id) {
        return ids.round().ask(id, SELLER);
    }

    private void later(Duration after) {
        clock.setTo(START.plus(after));
    }

    @Test
    void aYesIsNotAskedForAgainForADay() {
        assertThat(known()).isEqualTo("Unknown[why=VIES has not been asked for it]");
        assertThat(ask(ID)).isTrue();
        later(Duration.ofHours(23));
        assertThat(ask(ID)).isTrue();
        assertThat(vies.asked()).hasSize(1);
        later(Duration.ofHours(24));
        assertThat(ask(ID)).isTrue();
        assertThat(vies.asked()).hasSize(2);
        assertThat(known()).isEqualTo("Confirmed[evidence=WAPI000000000002]");
    }

    @Test
    void theLastYesCountsForNinetyDaysOfSilence() {
        ask(ID);
        vies.say(ID, "MS_UNAVAILABLE");
        later(Duration.ofDays(90).minusSeconds(1));
        assertThat(ask(ID)).isFalse();
        assertThat(known()).isEqualTo("Confirmed[evidence=WAPI000000000001]");
        later(Duration.ofDays(90));
        assertThat(known())
                .isEqualTo(
                        "Unknown[why=VIES did not answer on 2027-01-30 (MS_UNAVAILABLE); VIES last said yes on 2026-11-01]");
        vies.say(ID, "VALID");
        assertThat(ask(ID)).isTrue();
        assertThat(known()).isEqualTo("Confirmed[evidence=WAPI000000000002]");
    }

    @Test
    void aNoIsAskedForAgainAndSilenceDoesNotProlongIt() {
        ask(ID);
        later(Duration.ofDays(2));
        vies.say(ID, ViesStandIn.INVALID);
        assertThat(ask(ID)).isTrue();
        assertThat(known()).isEqualTo("Denied[evidence=VIES answer 2, on=2026-11-03]");
        assertThat(ask(ID)).isTrue();
        assertThat(vies.asked()).hasSize(3);
        vies.say(ID, "TIMEOUT");
        assertThat(ask(ID)).isFalse();
        // Nor does the yes from before it.
        assertThat(known())
                .isEqualTo("Unknown[why=VIES did not answer on 2026-11-03 (TIMEOUT); VIES last said no on 2026-11-03]");
    }

    @Test
    void anAnswerWithoutANumberIsItsOwnProof() {
        vies.sendBack(ID, 200, "{\"valid\": true}");
        ask(ID);
        assertThat(known()).isEqualTo("Confirmed[evidence=VIES answer 1]");
    }

    /** Thousands of ids of a country that is down cost no more time than a few. */
    @Test
    void aSilentCountryIsLeftAloneForTheRound() {
        vies.say("DE", "MS_UNAVAILABLE");
        var round = ids.round();
        for (int i = 0; i < 10; i++)
            assertThat(round.ask("DE12927339" + i, SELLER)).isFalse();
        assertThat(vies.asked()).hasSize(3);
        assertThat(round.ask("FR40303265045", SELLER)).isTrue();
        assertThat(ids.known(List.of("DE129273399")).of("DE129273399"))
                .hasToString(
                        "Unknown[why=VIES did not answer on 2026-11-01" + " (MS_UNAVAILABLE for other ids of DE)]");
        vies.say("DE", "VALID");
        assertThat(ask("DE129273399")).isTrue();
    }

    @Test
    void nobodyWaitsForItWithinATransaction() {
        var transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        assertThatThrownBy(() -> transaction.execute(_ -> ask(ID))).hasMessageContaining("before a transaction begins");
        assertThat(vies.asked()).isEmpty();
    }

    @Test
    void turnedOffTheFormIsEnough() {
        var off = TestVies.off(database);
        assertThat(off.round().ask(ID, SELLER)).isTrue();
        assertThat(off.known(List.of(ID)).of(ID)).isEqualTo(new Confirmation.Confirmed(""));
        assertThat(vies.asked()).isEmpty();
    }
}
