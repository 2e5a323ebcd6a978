package io.postpaid.gate;

import static io.postpaid.gate.GateWorld.plain;
import static io.postpaid.gate.GateWorld.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.account.UnknownAccountException;
import io.postpaid.platform.calendar.BillingPeriod;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a caller meets at the gate. */
class GateTest {
    private GateWorld world;

    @BeforeEach
    void open(@TempDir Path home) throws IOException {
        world = new GateWorld(home, "2026-10-20T12:00:00Z");
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aCallIsHeldAtItsPriceAndChargedForWhatItUsed() {
        world.account("acme", "20", "100", true);
        var call = world.admitted("acme", "k1", "image", "10");
        assertThat(call)
                .isEqualTo(new Authorization(
                        call.id(),
                        List.of(new Authorization.Item(
                                "image", new BigDecimal("10"), new BigDecimal("2.500000000000"), null, null)),
                        "USD",
                        Authorization.Status.HELD,
                        java.time.Instant.parse("2026-10-20T12:00:00Z"),
                        java.time.Instant.parse("2026-10-20T12:15:00Z")));
        assertThat(world.held("acme")).isEqualTo("2.5");
        assertThat(world.settled("acme", call.id(), "4")).isEqualTo("SETTLED 1");
        assertThat(world.settled("acme", call.id(), "4")).isEqualTo("SETTLED 1");
        assertThat(world.settled("acme", call.id(), "5")).isEqualTo("refused: SETTLED");
        assertThat(told(world.gate().release("acme", call.id()))).isEqualTo("refused: SETTLED");
        assertThat(world.held("acme")).isEqualTo("0");
        world.night(LocalDate.of(2026, 10, 21));
        assertThat(world.cost("acme")).isEqualTo("1");
        world.verify();
    }

    @Test
    void whatGoesBeyondTheQuantityIsKeptAndCostsNothing() {
        world.account("acme", "20", "100", true);
        var call = world.admitted("acme", "k1", "image", "10");
        assertThat(world.settled("acme", call.id(), "12.5")).isEqualTo("SETTLED 2.5");
        world.night(LocalDate.of(2026, 10, 21));
        assertThat(world.cost("acme")).isEqualTo("2.5");
        assertThat(world.jdbc()
                        .sql("select id || ' ' || quantity || ' ' || billable || ' ' || coalesce(operation, '')"
                                + " from usage_record order by id")
                        .query(String.class)
                        .list())
                .containsExactly(call.id() + " 10 true ", call.id() + "+ 2.5 false excess");
        world.verify();
    }

    @Test
    void aFailedCallCostsNothing() {
        world.account("acme", "20", "100", true);
        var call = world.admitted("acme", "k1", "image", "10");
        assertThat(told(world.gate().release("acme", call.id()))).isEqualTo("RELEASED");
        assertThat(told(world.gate().release("acme", call.id()))).isEqualTo("RELEASED");
        assertThat(world.settled("acme", call.id(), "1")).isEqualTo("refused: RELEASED");
        assertThat(world.held("acme")).isEqualTo("0");
        world.verify();
    }

    @Test
    void eachRefusalNamesItsCause() {
        world.account("cardless", "1", "100", false);
        world.account("limited", "1", "2", true);
        world.account("late", "20", "100", true);
        world.jdbc()
                .sql("update account set status = 'SUSPENDED' where id = 'late'")
                .update();

        assertThat(world.refused("late", "k", "image", "1")).isEqualTo("ACCOUNT_SUSPENDED price 0.25 remaining 120");
        assertThat(world.refused("cardless", "k", "image", "5")).isEqualTo("PAYMENT_REQUIRED price 1.25 remaining 1");
        world.settled(
                "cardless", world.admitted("cardless", "all", "image", "4").id(), "4");
        assertThat(world.refused("cardless", "k", "image", "1"))
                .isEqualTo("PAYMENT_METHOD_REQUIRED price 0.25 remaining 0");
        assertThat(world.refused("cardless", "free", "feed", "1"))
                .isEqualTo("PAYMENT_METHOD_REQUIRED price 0 remaining 0");

        var open = world.admitted("limited", "all", "image", "12");
        assertThat(world.refused("limited", "k", "image", "1")).isEqualTo("PAYMENT_REQUIRED price 0.25 remaining 0");
        world.settled("limited", world.admitted("limited", "free", "feed", "1").id(), "1");
        world.settled("limited", open.id(), "12");
        assertThat(world.refused("limited", "k", "image", "1"))
                .isEqualTo("MONTHLY_LIMIT_REACHED price 0.25 remaining 0");
        world.jdbc()
                .sql("update account set status = 'ACTIVE' where id = 'late'")
                .update();
        world.night(LocalDate.of(2026, 10, 21));
        assertThat(world.refused("limited", "k", "image", "1"))
                .isEqualTo("MONTHLY_LIMIT_REACHED price 0.25 remaining 0");
        // A new month, a new limit.
        world.moveTo("2026-11-01T00:00:00Z");
        world.admitted("limited", "k", "image", "8");
        world.verify();
    }

    @Test
    void anOwnCapBelowTheLimitIsKeptAndNamed() {
        world.account("acme", "1", "10", true);
        world.cap("acme", new BigDecimal("2"));
        world.settled("acme", world.admitted("acme", "k1", "image", "8").id(), "8");
        assertThat(world.refused("acme", "k2", "image", "5")).isEqualTo("PAYMENT_REQUIRED price 1.25 remaining 1");
        var last = world.admitted("acme", "k3", "image", "4");
        assertThat(world.refused("acme", "k4", "image", "1")).isEqualTo("PAYMENT_REQUIRED price 0.25 remaining 0");
        world.settled("acme", last.id(), "4");
        assertThat(((Decision.Refused) world.ask("acme", "k4", "image", "1")).ownCap())
                .isEqualByComparingTo("2");
        assertThat(world.refused("acme", "k4", "image", "1")).isEqualTo("MONTHLY_LIMIT_REACHED price 0.25 remaining 0");
        world.night(LocalDate.of(2026, 10, 21));
        assertThat(world.refused("acme", "k4", "image", "1")).isEqualTo("MONTHLY_LIMIT_REACHED price 0.25 remaining 0");

        // A lower limit counts again, and none of one's own leaves the limit.
        world.cap("acme", new BigDecimal("11"));
        assertThat(((Decision.Refused) world.ask("acme", "k5", "image", "400")).ownCap())
                .isNull();
        world.cap("acme", BigDecimal.TEN);
        world.settled("acme", world.admitted("acme", "k6", "image", "32").id(), "32");
        world.cap("acme", new BigDecimal("3"));
        assertThat(world.refused("acme", "k7", "image", "1")).isEqualTo("MONTHLY_LIMIT_REACHED price 0.25 remaining 0");
        world.night(LocalDate.of(2026, 10, 22));
        world.verify();
    }

    @Test
    void aCapOfNothingLeavesTheCredit() {
        world.account("acme", "1", "10", true);
        world.cap("acme", BigDecimal.ZERO);
        world.settled("acme", world.admitted("acme", "k1", "image", "4").id(), "4");
        assertThat(world.refused("acme", "k2", "image", "1")).isEqualTo("MONTHLY_LIMIT_REACHED price 0.25 remaining 0");
        world.night(LocalDate.of(2026, 10, 21));
        assertThat(world.number("select accrued from monthly_cost")).isEqualByComparingTo("0");
        world.verify();
    }

    @Test
    void oneKeyIsOneCall() {
        world.account("acme", "20", "100", true);
        world.account("other", "20", "100", true);
        var call = world.admitted("acme", "k1", "image", "10");
        assertThat(world.admitted("acme", "k1", "image", "10.0")).isEqualTo(call);
        assertThat(world.ask("acme", "k1", "image", "11")).isEqualTo(new Decision.KeyReused(call));
        assertThat(world.ask("acme", "k1", "text", "10")).isEqualTo(new Decision.KeyReused(call));
        world.settled("acme", call.id(), "10");
        assertThat(world.admitted("acme", "k1", "image", "10").status()).isEqualTo(Authorization.Status.SETTLED);
        assertThat(world.admitted("other", "k1", "image", "10").id()).isNotEqualTo(call.id());
        assertThat(world.held("acme")).isEqualTo("0");
    }

    @Test
    void nobodyEndsWhatBelongsToAnother() {
        world.account("acme", "20", "100", true);
        world.account("other", "20", "100", true);
        var call = world.admitted("acme", "k1", "image", "10");
        assertThat(world.settled("other", call.id(), "1")).isEqualTo("unknown");
        assertThat(told(world.gate().release("other", call.id()))).isEqualTo("unknown");
        assertThat(world.settled("acme", new UUID(1, 2), "1")).isEqualTo("unknown");
        assertThatThrownBy(() -> world.ask("nobody", "k", "image", "1")).isInstanceOf(UnknownAccountException.class);
    }

    @Test
    void aForgottenHoldIsGivenUpWhenItIsNeeded() {
        world.account("acme", "5", "100", false);
        var forgotten = world.admitted("acme", "k1", "image", "20");
        assertThat(world.refused("acme", "k2", "image", "1")).isEqualTo("PAYMENT_REQUIRED price 0.25 remaining 0");
        world.moveTo("2026-10-20T12:15:00Z");
        var next = world.admitted("acme", "k2", "image", "20");
        assertThat(world.settled("acme", forgotten.id(), "20")).isEqualTo("refused: EXPIRED");
        assertThat(told(world.gate().release("acme", forgotten.id()))).isEqualTo("EXPIRED");
        world.moveTo("2026-10-20T12:30:00Z");
        assertThat(world.settled("acme", next.id(), "20")).isEqualTo("refused: EXPIRED");
        assertThat(world.held("acme")).isEqualTo("0");
        world.admitted("acme", "k3", "image", "20");
        world.night(LocalDate.of(2026, 10, 21));
        assertThat(world.held("acme")).isEqualTo("0");
        world.verify();
    }

    @Test
    void theAllowanceIsGrantedWithTheFirstCall() {
        world.account("acme", "20", "100", false);
        assertThat(world.number("select count(*) from credit_grant")).isEqualByComparingTo("0");
        world.admitted("acme", "k1", "image", "80");
        assertThat(world.number("select count(*) from posting where kind = 'granted' and amount = 20"))
                .isEqualByComparingTo("1");
        world.night(LocalDate.of(2026, 10, 21));
        assertThat(world.number("select count(*) from credit_grant")).isEqualByComparingTo("1");
        world.verify();
    }

    @Test
    void aNewPriceHoldsFromTheNextCallOn() throws IOException {
        world.account("acme", "20", "100", true);
        assertThat(plain(world.admitted("acme", "k1", "image", "1").price())).isEqualTo("0.25");
        world.prices("""
                currency: USD
                products: {}
                prices: [{product: image, account: acme, effective_from: 2026-10-20, amount: "0.10"}]
                """);
        assertThat(plain(world.admitted("acme", "k2", "image", "1").price())).isEqualTo("0.1");
        assertThat(world.ask("acme", "k3", "video", "1"))
                .isEqualTo(new Decision.Unusable("product", "There is no product 'video'"));
        assertThat(world.ask("acme", "k4", "image", "0"))
                .isEqualTo(new Decision.Unusable("quantity", "The quantity must be above zero"));
    }

    @Test
    void aNightBetweenHoldAndSettlementChangesNothing() {
        world.account("acme", "3", "2", true);
        var before = world.admitted("acme", "k1", "image", "8");
        world.moveTo("2026-10-20T23:59:00Z");
        var open = world.admitted("acme", "k2", "image", "12");
        world.settled("acme", world.admitted("acme", "k3", "feed", "12").id(), "12");
        assertThat(world.settled("acme", before.id(), "8")).isEqualTo("refused: EXPIRED");
        world.moveTo("2026-10-21T00:10:00Z");
        assertThat(world.refused("acme", "k4", "image", "9")).isEqualTo("PAYMENT_REQUIRED price 2.25 remaining 2");
        assertThat(world.settled("acme", open.id(), "12")).isEqualTo("SETTLED 3");
        var rest = world.admitted("acme", "k5", "image", "8");
        assertThat(world.refused("acme", "k6", "image", "1")).isEqualTo("PAYMENT_REQUIRED price 0.25 remaining 0");
        world.settled("acme", rest.id(), "8");
        world.night(LocalDate.of(2026, 10, 21));
        assertThat(world.cost("acme")).isEqualTo("3");
        assertThat(world.refused("acme", "k6", "image", "1")).isEqualTo("MONTHLY_LIMIT_REACHED price 0.25 remaining 0");
        world.night(LocalDate.of(2026, 10, 22));
        assertThat(world.cost("acme")).isEqualTo("5");
        assertThat(world.refused("acme", "k6", "image", "1")).isEqualTo("MONTHLY_LIMIT_REACHED price 0.25 remaining 0");
        world.verify();
    }

    @Test
    void whatIsTakenBackOfAnInvoicedMonthLeavesTheLimitAsItIs() throws IOException {
        world.account("acme", "0", "2", true);
        world.inbox("""
                {"id":"1","account":"acme","product":"image","quantity":4000,"occurred_at":"2026-10-19T12:00:00Z","outcome":"succeeded"}
                {"id":"2","account":"acme","product":"image","quantity":4,"occurred_at":"2026-10-19T12:00:00Z","outcome":"succeeded"}
                """);
        world.night(LocalDate.of(2026, 11, 1));
        world.month(BillingPeriod.parse("2026-10"));
        world.settled("acme", world.admitted("acme", "k1", "image", "4").id(), "4");
        world.inbox("""
                {"id":"v","type":"void","voids":"1","account":"acme","occurred_at":"2026-11-01T12:00:00Z"}
                {"id":"3","account":"acme","product":"image","quantity":3900,"occurred_at":"2026-10-19T12:00:00Z","outcome":"succeeded"}
                """);
        world.night(LocalDate.of(2026, 11, 2));
        assertThat(world.number("select accrued from monthly_cost where period = '2026-11-01'"))
                .isEqualByComparingTo("-24");
        assertThat(world.refused("acme", "k2", "image", "5")).isEqualTo("PAYMENT_REQUIRED price 1.25 remaining 1");
        world.settled("acme", world.admitted("acme", "k3", "image", "4").id(), "4");
        world.night(LocalDate.of(2026, 11, 3));
        assertThat(world.refused("acme", "k2", "image", "1")).isEqualTo("MONTHLY_LIMIT_REACHED price 0.25 remaining 0");
        world.verify();
    }

    @Test
    void creditThatExpiresWaitsForTheCallsThatItIsHeldFor() {
        world.account("acme", "0", "0", true);
        world.application
                .get(io.postpaid.credit.CreditLedger.class)
                .grant("acme", BigDecimal.ONE, io.postpaid.credit.GrantKind.PROMO, LocalDate.of(2026, 10, 21));
        world.moveTo("2026-10-20T23:59:00Z");
        var call = world.admitted("acme", "k1", "image", "4");
        world.moveTo("2026-10-21T00:01:00Z");
        assertThat(world.application
                        .get(io.postpaid.platform.batch.Runs.class)
                        .nightly(LocalDate.of(2026, 10, 21))
                        .completed())
                .isTrue();
        assertThat(world.settled("acme", call.id(), "3")).isEqualTo("SETTLED 0.75");
        world.night(LocalDate.of(2026, 10, 22));
        assertThat(world.number("select accrued from monthly_cost")).isEqualByComparingTo("0");
        assertThat(world.number("select used from credit_grant")).isEqualByComparingTo("1");
        world.verify();
    }
}
