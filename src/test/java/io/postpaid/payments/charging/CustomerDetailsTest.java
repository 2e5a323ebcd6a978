package io.postpaid.payments.charging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.account.Accounts;
import io.postpaid.account.CardsOnFile;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.payments.topup.TopUps;
import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.OutOfReachException;
import io.postpaid.support.Killed;
import java.math.BigDecimal;
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
import org.junit.jupiter.params.provider.EnumSource;

/** The customer at Stripe has the name and the e-mail address that the account has. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CustomerDetailsTest {
    private static final String CHANGED = "Acme & Sons bills@acme.example";

    private World world;
    private int number;
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
    void anAccountWithACard() {
        world.gateway.loseCall = null;
        world.gateway.loseAnswerOf = null;
        acme = "acme-" + ++number;
        world.account(acme, "pm_card_visa");
        world.attach(acme);
        assertThat(world.customerAtStripe(acme)).isEqualTo(acme + " " + acme + "@customer.example");
        assertThat(onFile().customerStale(acme)).isFalse();
    }

    private Accounts accounts() {
        return world.application.get(Accounts.class);
    }

    private CardsOnFile onFile() {
        return world.application.get(CardsOnFile.class);
    }

    private void change() {
        put(acme, "Acme & Sons", acme + "@customer.example", "");
        assertThat(accounts().changeEmail(acme, acme + "@customer.example", "bills@acme.example"))
                .isTrue();
        assertThat(onFile().customerStale(acme)).isTrue();
    }

    private void put(String id, String name, String email, String line1) {
        var _ = accounts().put(Map.of("id", id, "name", name, "email", email, "line1", line1));
    }

    private void run() {
        Alone.run(world.application, World.monthly(), world.application.get(Cards.class)::stale);
    }

    /** What asks something of Stripe for the account. */
    enum Occasion {
        RUN,
        CARD_PAGE,
        NEW_CARD,
        PAGE,
        TOP_UP
    }

    @ParameterizedTest
    @EnumSource
    void aChangeIsSentWithTheNextCall(Occasion occasion) {
        var invoice = world.application.get(Invoices.class).get(world.invoice(acme, "10.00"));
        change();

        switch (occasion) {
            case RUN -> run();
            case CARD_PAGE ->
                world.application.get(CardEntry.class).page(acme, "one", "https://pay.test/done", "https://pay.test");
            case NEW_CARD -> world.payments().newCard(acme, "pm_card_mastercard");
            case PAGE -> {
                var card = Objects.requireNonNull(accounts().get(acme).card());
                world.application.get(PagePayments.class).pay(invoice, card.paymentMethod(), "https://pay.test/back");
            }
            case TOP_UP -> world.application.get(TopUps.class).buy(acme, BigDecimal.TEN, "r");
        }

        assertThat(world.customerAtStripe(acme)).isEqualTo(CHANGED);
        assertThat(onFile().customerStale(acme)).isFalse();
    }

    @Test
    void whereverItDiesTheChangeIsSentAtLast() {
        for (int point = 0; point < 5; point++) {
            anAccountWithACard();
            change();
            world.application.crashes.killAfter(point);
            try {
                run();
            } catch (Killed dead) {
                assertThat(dead).isNotNull();
            }
            world.application.crashes.revive();

            run();

            assertThat(world.customerAtStripe(acme)).as("died at %d", point).isEqualTo(CHANGED);
            assertThat(onFile().customerStale(acme)).as("died at %d", point).isFalse();
        }
    }

    @Test
    void aSilentStripeStopsNoPaymentAndTheChangeStaysToBeSent() {
        var invoice = world.application.get(Invoices.class).get(world.invoice(acme, "10.00"));
        change();
        world.gateway.loseCall = "updateCustomer";
        var card = Objects.requireNonNull(accounts().get(acme).card());
        world.application.get(PagePayments.class).pay(invoice, card.paymentMethod(), "https://pay.test/back");
        assertThat(world.status(invoice.id())).isEqualTo("PAID");
        assertThatThrownBy(this::run).isInstanceOf(OutOfReachException.class);
        assertThat(onFile().customerStale(acme)).isTrue();
        world.gateway.loseCall = null;

        run();

        assertThat(world.customerAtStripe(acme)).isEqualTo(CHANGED);
    }

    @Test
    void whatChangesAgainWhileItIsSentIsSentAgain() {
        change();
        var sent = accounts().get(acme);
        put(acme, "Acme again", "bills@acme.example", "");

        onFile().customerSent(sent);

        assertThat(onFile().customerStale(acme)).isTrue();
        run();
        assertThat(world.customerAtStripe(acme)).isEqualTo("Acme again bills@acme.example");
    }

    @Test
    void whatStripeDoesNotKnowMakesNothingStale() {
        put(acme, acme, acme + "@customer.example", "1 Long Road");
        assertThat(onFile().customerStale(acme)).isFalse();
        world.account("new-" + acme, null);
        put("new-" + acme, "Without a customer", "new@acme.example", "");
        assertThat(onFile().customerStale("new-" + acme)).isFalse();
    }
}
