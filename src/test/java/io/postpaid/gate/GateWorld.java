package io.postpaid.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.books.report.Check;
import io.postpaid.books.report.Verification;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.rating.PriceCeiling;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A gate with accounts and prices, and the nights that follow. */
final class GateWorld implements AutoCloseable {
    static final String PRICES = """
            currency: USD
            products:
              audio: {unit: second, listed_per: 60, listed_unit: minute}
              image: {unit: image}
              text:  {unit: word}
              steep: {unit: word}
              pack:  {unit: call}
              feed:  {unit: call, billable: false}
            prices:
              - {product: audio, effective_from: 2026-01-01, amount: "0.05", per: 60}
              - {product: audio, effective_from: 2026-10-15, amount: "0.0639", per: 60}
              - {product: image, effective_from: 2026-01-01, amount: "0.25"}
              - product: text
                effective_from: 2026-01-01
                model: graduated
                tiers: [{up_to: 100, amount: "0.02"}, {up_to: 500, amount: "0.01"}, {amount: "0.005"}]
              - product: steep
                effective_from: 2026-01-01
                model: graduated
                per: 7
                tiers: [{up_to: 100, amount: "0.05"}, {up_to: 300, amount: "0.09"}, {amount: "0.11"}]
              - {product: pack, effective_from: 2026-01-01, model: package, per: 25, amount: "0.90"}
            """;

    final TestApplication application;

    GateWorld(Path home, String now) throws IOException {
        this(home, now, Map.of());
    }

    GateWorld(Path home, String now, Map<String, String> settings) throws IOException {
        application = new TestApplication(home, Instant.parse(now), settings, new BeanPostProcessor() {});
        prices(PRICES);
    }

    void prices(String yaml) throws IOException {
        application
                .get(PriceBooks.class)
                .importFile(Files.writeString(Files.createTempFile(application.home, "prices", ".yaml"), yaml));
    }

    /** An account with that free allowance and limit; with a card unless it says otherwise. */
    void account(String id, String free, String limit, boolean card) {
        jdbc().sql("""
                        insert into account (id, name, email, currency, monthly_limit, free_credit, created_on, country,
                                             stripe_customer, payment_method, card_brand, card_last4, card_expires)
                        values (:id, :id, :id || '@customer.example', 'USD', :limit, :free, date '2026-01-01', 'US',
                                case when :card then 'cus_' || :id end, case when :card then 'pm_' || :id end,
                                'visa', '4242', date '2030-12-31')""")
                .param("id", id)
                .param("limit", new BigDecimal(limit))
                .param("free", new BigDecimal(free))
                .param("card", card)
                .update();
    }

    /** The customer's own cap on a month. */
    BigDecimal cap(String id, BigDecimal cap) {
        jdbc().sql("update account set spending_cap = :cap where id = :id")
                .param("cap", cap)
                .param("id", id)
                .update();
        return cap;
    }

    Gate gate() {
        return application.get(Gate.class);
    }

    JdbcClient jdbc() {
        return application.jdbc();
    }

    void moveTo(String now) {
        application.moveTo(Instant.parse(now));
    }

    Decision ask(String account, String key, String product, String quantity) {
        return gate().authorize(account, key, product, new BigDecimal(quantity));
    }

    /** Items in short: {@code image 2, audio 60}. */
    static List<Asked> items(String items) {
        return Stream.of(items.split(", "))
                .map(item -> new Asked("", item.split(" ")[0], new BigDecimal(item.split(" ")[1])))
                .toList();
    }

    Decision ask(String account, String key, String items) {
        return gate().authorize(account, key, items(items), false);
    }

    /** A call of several items that is let through. */
    Authorization admitted(String account, String key, String items) {
        var decision = ask(account, key, items);
        assertThat(decision).isInstanceOf(Decision.Admitted.class);
        return ((Decision.Admitted) decision).call();
    }

    /** A call that is let through. */
    Authorization admitted(String account, String key, String product, String quantity) {
        var decision = ask(account, key, product, quantity);
        assertThat(decision).isInstanceOf(Decision.Admitted.class);
        return ((Decision.Admitted) decision).call();
    }

    /** A refused call in one line. */
    String refused(String account, String key, String product, String quantity) {
        var decision = ask(account, key, product, quantity);
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        var refused = (Decision.Refused) decision;
        return refused.cause() + " price " + plain(refused.price()) + " remaining " + plain(refused.remaining());
    }

    /** An ending in one line. */
    String settled(String account, UUID id, String quantity) {
        return told(gate().settle(account, id, new BigDecimal(quantity)));
    }

    String settledItems(String account, UUID id, String items) {
        return told(gate().settle(account, id, items(items)));
    }

    static String told(Ending ending) {
        return switch (ending) {
            case Ending.Ended(var call) ->
                call.status() + (call.status() == Authorization.Status.SETTLED ? " " + plain(call.cost()) : "");
            case Ending.EndedOtherwise(var call) -> "refused: " + call.status();
            case Ending.Unknown() -> "unknown";
            case Ending.Unusable(var field, var why) -> field + ": " + why;
        };
    }

    static String plain(BigDecimal amount) {
        return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }

    /** A call as the database is asked for it; items of audio and image cost their price, the feed nothing. */
    Call hold(String account, String key, List<String> products, String quantity, Instant at) {
        var asked = new BigDecimal(quantity);
        return Call.hold(
                account,
                products.stream()
                        .map(product -> Call.Item.held(
                                product,
                                asked,
                                switch (product) {
                                    case "feed" -> PriceCeiling.NOTHING;
                                    case "audio" -> new PriceCeiling(asked.multiply(new BigDecimal("0.001065")), true);
                                    default -> new PriceCeiling(asked.multiply(new BigDecimal("0.25")), true);
                                },
                                !product.equals("feed")))
                        .toList(),
                at,
                new Call.Hold(key, application.get(GatePrices.class).known().version(), at.plusSeconds(900)));
    }

    List<GateStore.Outcome> decided(List<Call> calls) {
        return application.get(Deciding.class).decide(calls, Duration.ofSeconds(5));
    }

    void night(LocalDate date) {
        application.moveTo(date.atTime(8, 0).toInstant(ZoneOffset.UTC));
        var run = application.get(Runs.class).nightly(date);
        assertThat(run.completed()).as("%s", run).isTrue();
    }

    void month(BillingPeriod period) {
        var run = application.get(Runs.class).monthly(period);
        assertThat(run.completed()).as("%s", run).isTrue();
    }

    void inbox(String lines) throws IOException {
        Files.writeString(application.get(Home.class).inbox().resolve(UUID.randomUUID() + ".ndjson"), lines);
    }

    String held(String account) {
        return plain(number("select held from gate_balance where account = '" + account + "'"));
    }

    String cost(String account) {
        return plain(number("select coalesce(sum(cost), 0) from monthly_cost where account = '" + account + "'"));
    }

    BigDecimal number(String sql) {
        return jdbc().sql(sql).query(BigDecimal.class).single();
    }

    void verify() {
        assertThat(application.get(Verification.class).run())
                .filteredOn(check -> !check.holds())
                .map(Check::examples)
                .isEmpty();
    }

    @Override
    public void close() {
        application.close();
    }
}
