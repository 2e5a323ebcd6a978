package io.postpaid.payments.charging;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.account.CardsOnFile;
import io.postpaid.payments.charging.Cards.Outcome.Attached;
import io.postpaid.payments.charging.Cards.Outcome.NothingWanted;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cards that a customer enters on pages of Stripe's: the one that was entered last is charged, whatever is heard of first. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CardEntryTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String VISA = "4242424242424242";
    private static final String MASTERCARD = "5555555555554444";

    private World world;
    private int accounts;
    private String acme;

    @BeforeAll
    void start(@TempDir Path home) {
        world = new World(home, Map.of());
    }

    @AfterAll
    void stop() {
        world.close();
    }

    @BeforeEach
    void anotherAccount() {
        acme = "acme-" + ++accounts;
        world.application.moveTo(World.morning(World.ISSUED));
        world.account(acme, null);
    }

    private CardEntry entry() {
        return world.application.get(CardEntry.class);
    }

    private String open(String occasion) {
        return entry().page(acme, occasion, "https://pay.test/done?page={CHECKOUT_SESSION_ID}", "https://pay.test")
                .orElseThrow();
    }

    /** @return the id of the page, as the browser brings it back */
    private String enter(String url, String number) throws IOException, InterruptedException {
        var form = HttpRequest.BodyPublishers.ofString("number=" + number + "&expiry=12/34&cvc=123");
        var request = HttpRequest.newBuilder(URI.create(url)).POST(form).build();
        var answer = HTTP.send(request, HttpResponse.BodyHandlers.discarding());
        return answer.headers().firstValue("Location").orElseThrow().replaceFirst(".*page=", "");
    }

    private void later(int seconds) {
        world.application.moveTo(World.morning(World.ISSUED).plusSeconds(seconds));
    }

    private void sweep() {
        world.jdbc.sql("delete from stripe_sweep").update();
        world.sweep(World.ISSUED);
    }

    private String brand() {
        return Objects.requireNonNull(
                        world.application.get(Accounts.class).get(acme).card())
                .brand();
    }

    /** Two windows: the one that was opened first is filled in last. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "first second events",
                "second first events",
                "events first second",
                "second events first",
                "events"
            })
    void theCardThatWasEnteredLastIsChargedWhateverIsHeardOfFirst(String order) throws Exception {
        var opened = open("one");
        later(10);
        var openedLater = open("two");
        later(20);
        var first = enter(openedLater, VISA);
        later(30);
        var second = enter(opened, MASTERCARD);

        for (var heard : order.split(" ")) {
            switch (heard) {
                case "first" -> entry().entered(acme, first);
                case "second" -> entry().entered(acme, second);
                default -> sweep();
            }
        }

        assertThat(brand()).isEqualTo("mastercard");
        assertThat(entry().entered(acme, first).orElseThrow().card()).isInstanceOf(NothingWanted.class);
        assertThat(entry().entered(acme, second).orElseThrow().card()).isInstanceOf(Attached.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"first second", "second first"})
    void ofTwoWithinOneSecondTheSameOneStays(String order) throws Exception {
        var one = open("one");
        var two = open("two");
        var first = enter(one, VISA);
        var second = enter(two, MASTERCARD);

        for (var heard : order.split(" ")) entry().entered(acme, heard.equals("first") ? first : second);

        assertThat(brand()).isEqualTo("mastercard");
    }

    @Test
    void theWayBackOfSomebodyElseOrRepeatedChangesNothing() throws Exception {
        var page = enter(open("one"), VISA);
        var invoice = world.invoice(acme, "10.00");
        world.account("other-" + acme, null);

        assertThat(entry().entered("other-" + acme, page)).isEmpty();
        assertThat(world.attempts(invoice)).isEmpty();

        assertThat(entry().entered(acme, page).orElseThrow().charges()).hasSize(1);
        var next = world.invoice(acme, "20.00", World.OCTOBER.minusMonths(1), World.ISSUED);
        for (int n = 0; n < 3; n++) {
            assertThat(entry().entered(acme, page).orElseThrow().charges()).isEmpty();
        }
        assertThat(world.attempts(next)).isEmpty();
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 1000");
    }

    @Test
    void whatElseIsWantedIsNoMatterOfAPageThatIsUsedUp() throws Exception {
        var page = enter(open("one"), VISA);
        entry().entered(acme, page);
        world.application.get(CardsOnFile.class).want(acme, "pm_card_mastercard");

        assertThat(entry().entered(acme, page).orElseThrow().card()).isInstanceOf(Attached.class);

        assertThat(brand()).isEqualTo("visa");
    }
}
