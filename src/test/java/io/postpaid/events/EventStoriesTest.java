package io.postpaid.events;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import io.postpaid.account.Accounts;
import io.postpaid.books.report.Verification;
import io.postpaid.credit.CreditLedger;
import io.postpaid.gate.access.Access;
import io.postpaid.payments.charging.Cards;
import io.postpaid.payments.settlement.Adjustments;
import io.postpaid.payments.settlement.Refunds;
import io.postpaid.payments.settlement.Transfers;
import io.postpaid.payments.topup.TopUps;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import tools.jackson.databind.JsonNode;

/** What happened, and every event that left of it, as the seller's server gets it. */
class EventStoriesTest {
    private static final BillingPeriod OCTOBER = BillingPeriod.parse("2026-10");

    private static final String PRICES = """
            currency: USD
            products:
              calls: {unit: call}
            prices:
              - {product: calls, effective_from: 2026-01-01, amount: "0.10"}
            """;

    private final EventReceiver receiver = new EventReceiver();

    @TempDir
    private Path home;

    private TestApplication application;
    private int files;

    @BeforeEach
    void start() throws IOException {
        application = new TestApplication(
                home.resolve("home"),
                Instant.parse("2026-10-01T08:00:00Z"),
                Map.of("POSTPAID_EVENTS_URL", receiver.url(), "POSTPAID_EVENTS_SECRET", EventReceiver.SECRET),
                new BeanPostProcessor() {});
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), PRICES));
    }

    @AfterEach
    void stop() {
        application.close();
        receiver.close();
    }

    @Test
    void aMonthWithFailuresLeavesTheseEventsOfEachAccount() throws IOException {
        account("paying", "100", "5.00", "pm_card_visa");
        account("failing", "100", "0", "pm_card_visa_chargeDeclinedInsufficientFunds");
        account("cardless", "100", "3.00", "");
        deliver();
        usage("paying", 300, "2026-10-05T10:00:00Z");
        usage("failing", 850, "2026-10-05T10:00:00Z");
        usage("cardless", 40, "2026-10-05T10:00:00Z");
        nightly("2026-10-06");
        deliver();
        usage("failing", 200, "2026-10-07T10:00:00Z");
        nightly("2026-10-08");
        deliver();
        bill(OCTOBER);
        deliver();
        for (int day = 2; day <= 9; day++) nightly("2026-11-0" + day);
        deliver();
        at("2026-11-10T10:00:00Z");
        application.get(Transfers.class).record(number("failing"), new BigDecimal("110.00"), "bank-1", null);
        deliver();
        application.get(Access.class).setLimit("failing", new BigDecimal("250"), "asked for");
        deliver();
        application.get(Accounts.class).pause("paying", "Asks by phone");
        deliver();
        application.get(Accounts.class).pause("paying", "Asks by mail");
        application.get(Accounts.class).pause("paying", "");
        deliver();
        application.get(Adjustments.class).credit(number("paying"), new BigDecimal("5.00"), "An outage", given -> {});
        application.get(Adjustments.class).writeOff(number("cardless"), "Gone", given -> {});
        deliver();

        assertThat(told("paying")).isEqualTo("""
                account.created currency=USD monthly_limit=100.00
                credit.granted amount=5.00 currency=USD expires_on=null kind=FREE → ALLOWED
                credit.used_up currency=USD
                card.changed brand=visa card=true expires=2034-12 last4=4242
                invoice.issued amount_due=25.00 currency=USD due_on=2026-11-08 invoice=2026-000003 issued_on=2026-11-01 period=2026-10 status=OPEN total=25.00
                payment.received amount=25.00 currency=USD invoice=2026-000003 method=CARD reference=pi
                invoice.paid amount_due=25.00 currency=USD due_on=2026-11-08 invoice=2026-000003 issued_on=2026-11-01 period=2026-10 status=PAID total=25.00
                account.paused reason=Asks by phone → ACCOUNT_SUSPENDED
                account.resumed → ALLOWED
                credit_note.issued amount=5.00 credit_note=CN-2026-000001 currency=USD invoice=2026-000003 reason=An outage
                balance.changed balance=5.00 currency=USD owed=0.00
                """);
        assertThat(told("failing")).isEqualTo("""
                account.created currency=USD monthly_limit=100.00 → ALLOWED
                limit.reached accrued=85.00 amount=100.00 currency=USD of=monthly_limit percent=50 period=2026-10
                limit.reached accrued=85.00 amount=100.00 currency=USD of=monthly_limit percent=80 period=2026-10
                card.changed brand=visa card=true expires=2034-12 last4=9995
                limit.reached accrued=105.00 amount=100.00 currency=USD of=monthly_limit percent=100 period=2026-10 → MONTHLY_LIMIT_REACHED
                invoice.issued amount_due=105.00 currency=USD due_on=2026-11-08 invoice=2026-000002 issued_on=2026-11-01 period=2026-10 status=OPEN total=105.00
                payment.failed amount=105.00 currency=USD decline_code=insufficient_funds invoice=2026-000002 outcome=DECLINED_RETRYABLE
                access.changed → ALLOWED
                payment.failed amount=105.00 currency=USD decline_code=insufficient_funds invoice=2026-000002 outcome=DECLINED_RETRYABLE
                payment.failed amount=105.00 currency=USD decline_code=insufficient_funds invoice=2026-000002 outcome=DECLINED_RETRYABLE
                payment.failed amount=105.00 currency=USD decline_code=insufficient_funds invoice=2026-000002 outcome=DECLINED_RETRYABLE
                account.suspended → ACCOUNT_SUSPENDED
                payment.received amount=105.00 currency=USD invoice=2026-000002 method=TRANSFER reference=bank-1
                invoice.paid amount_due=105.00 currency=USD due_on=2026-11-08 invoice=2026-000002 issued_on=2026-11-01 period=2026-10 status=PAID total=105.00
                payment.received amount=5.00 currency=USD invoice=2026-000002 method=TRANSFER reference=bank-1
                balance.changed balance=5.00 currency=USD owed=0.00
                account.reactivated → ALLOWED
                limit.changed currency=USD monthly_limit=250.00 spending_cap=null
                """);
        assertThat(told("cardless")).isEqualTo("""
                account.created currency=USD monthly_limit=100.00
                credit.granted amount=3.00 currency=USD expires_on=null kind=FREE → ALLOWED
                credit.used_up currency=USD → PAYMENT_METHOD_REQUIRED
                invoice.issued amount_due=1.00 currency=USD due_on=2026-11-08 invoice=2026-000001 issued_on=2026-11-01 period=2026-10 status=OPEN total=1.00
                account.suspended → ACCOUNT_SUSPENDED
                invoice.written_off amount_due=1.00 currency=USD due_on=2026-11-08 invoice=2026-000001 issued_on=2026-11-01 period=2026-10 status=UNCOLLECTIBLE total=1.00
                account.reactivated → PAYMENT_METHOD_REQUIRED
                """);
        everyDeliveryIsSigned();
        theFeedHasTheSame();
        theLastAccessIsWhatAnAccountIsAnswered();
        assertThat(application.get(Verification.class).run())
                .filteredOn(check -> !check.holds())
                .isEmpty();
    }

    @Test
    void moneyThatComesInAdvanceAndGoesBackLeavesTheseEvents() throws IOException, StripeException {
        account("buying", "100", "0", "pm_card_visa");
        account("disputed", "100", "0", "pm_card_createDispute");
        application.get(Cards.class).attach("buying");
        var topUps = application.get(TopUps.class);
        topUps.buy("buying", new BigDecimal("20"), "first");
        topUps.buy("buying", new BigDecimal("20"), "first");
        application.get(Refunds.class).refundTopUp("buying", "first", new BigDecimal("15"), "Too much", given -> {});
        usage("buying", 60, "2026-10-05T10:00:00Z");
        usage("disputed", 100, "2026-10-05T10:00:00Z");
        bill(OCTOBER);
        deliver();
        application.get(Refunds.class).refund(number("buying"), new BigDecimal("1.00"), "Sorry", given -> {});
        nightly("2026-11-02");
        deliver();
        var dispute = application
                .jdbc()
                .sql("select id from dispute")
                .query(String.class)
                .single();
        StripeClient.builder()
                .setApiKey("sk_test_sandbox")
                .setApiBase(application.sandbox().stripeBase())
                .build()
                .v1()
                .disputes()
                .close(dispute);
        nightly("2026-11-03");
        deliver();

        assertThat(told("buying")).isEqualTo("""
                account.created currency=USD monthly_limit=100.00
                card.changed brand=visa card=true expires=2034-12 last4=4242
                credit.granted amount=20.00 currency=USD expires_on=null kind=TOP_UP
                top_up.succeeded amount=20.00 automatic=false currency=USD decline_code=null invoice=TU-2026-000001 outcome=SUCCEEDED reference=first tax=0.00 total=20.00
                refund.succeeded amount=15.00 currency=USD invoice=null reason=Too much top_up=first
                credit.used_up currency=USD → ALLOWED
                invoice.issued amount_due=1.00 currency=USD due_on=2026-11-08 invoice=2026-000001 issued_on=2026-11-01 period=2026-10 status=OPEN total=1.00
                payment.received amount=1.00 currency=USD invoice=2026-000001 method=CARD reference=pi
                invoice.paid amount_due=1.00 currency=USD due_on=2026-11-08 invoice=2026-000001 issued_on=2026-11-01 period=2026-10 status=PAID total=1.00
                credit_note.issued amount=1.00 credit_note=CN-2026-000001 currency=USD invoice=2026-000001 reason=Sorry
                balance.changed balance=1.00 currency=USD owed=0.00
                balance.changed balance=0.00 currency=USD owed=0.00
                refund.succeeded amount=1.00 currency=USD invoice=2026-000001 reason=Sorry top_up=null
                """);
        assertThat(told("disputed")).isEqualTo("""
                account.created currency=USD monthly_limit=100.00
                card.changed brand=visa card=true expires=2034-12 last4=0259 → ALLOWED
                invoice.issued amount_due=10.00 currency=USD due_on=2026-11-08 invoice=2026-000002 issued_on=2026-11-01 period=2026-10 status=OPEN total=10.00
                payment.received amount=10.00 currency=USD invoice=2026-000002 method=CARD reference=pi
                invoice.paid amount_due=10.00 currency=USD due_on=2026-11-08 invoice=2026-000002 issued_on=2026-11-01 period=2026-10 status=PAID total=10.00
                dispute.opened amount=10.00 currency=USD invoice=2026-000002 reason=fraudulent top_up=null
                dispute.lost amount=10.00 currency=USD invoice=2026-000002 reason=fraudulent top_up=null
                """);
        theFeedHasTheSame();
        theLastAccessIsWhatAnAccountIsAnswered();
        assertThat(application.get(Verification.class).run())
                .filteredOn(check -> !check.holds())
                .isEmpty();
    }

    private void bill(BillingPeriod period) {
        nightly(period.issuedOn().toString());
        application.get(Runs.class).monthly(period);
    }

    private String told(String account) {
        return receiver.taken().stream()
                .map(EventReceiver.Got::json)
                .filter(event -> event.get("account").asString().equals(account))
                .map(event -> line(event) + "\n")
                .collect(joining());
    }

    private static String line(JsonNode event) {
        var data = new TreeMap<String, String>();
        event.get("data")
                .propertyNames()
                .forEach(name -> data.put(name, event.at("/data/" + name).asString("null")));
        // As the sandbox counts them.
        data.remove("dispute");
        if (data.getOrDefault("reference", "").startsWith("pi_")) data.put("reference", "pi");
        var access = event.get("access");
        if (access == null) return event.get("type").asString() + words(data);
        assertThat(access.get("allowed").asBoolean())
                .isEqualTo(access.get("code").isNull());
        return event.get("type").asString() + words(data) + " → "
                + access.get("code").asString("ALLOWED");
    }

    private static String words(Map<String, String> data) {
        return data.entrySet().stream().map(entry -> " " + entry).collect(joining());
    }

    private void everyDeliveryIsSigned() {
        for (var got : receiver.got()) {
            assertThat(got.signature()).isEqualTo("v1," + hmac(got.id() + "." + got.timestamp() + "." + got.body()));
            assertThat(got.json().get("id").asString()).isEqualTo(got.id());
        }
    }

    /** As a receiver does it: what is behind whsec_ is the key. */
    private static String hmac(String signed) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            var key = Base64.getDecoder().decode(EventReceiver.SECRET.substring("whsec_".length()));
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void theFeedHasTheSame() {
        var feed = application.get(Events.class).after(0, null, 1_000);
        assertThat(feed.stream().map(Event::position))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, feed.size()).boxed().toList());
        assertThat(receiver.taken().stream().map(EventReceiver.Got::id))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        feed.stream().map(Event::id).toList());
        for (var got : receiver.taken()) {
            var event = feed.get(got.json().get("position").asInt() - 1);
            assertThat(got.body()).isEqualTo(new String(event.body(), StandardCharsets.UTF_8));
        }
    }

    private void theLastAccessIsWhatAnAccountIsAnswered() {
        for (var account : application.get(Accounts.class).list()) {
            var last = application.get(Events.class).after(0, account.id(), 1_000).stream()
                    .flatMap(event -> Optional.ofNullable(event.access()).stream())
                    .reduce((earlier, later) -> later);
            assertThat(last)
                    .contains(application
                            .get(Access.class)
                            .standing(account.id())
                            .access()
                            .name());
        }
    }

    private void deliver() {
        application.get(Events.class).deliver();
    }

    private void account(String id, String limit, String freeCredit, String card) throws IOException {
        application.get(Accounts.class).importFile(Files.writeString(home.resolve(id + ".csv"), """
                id,name,email,country,currency,monthly_limit,free_credit,payment_method,created_on
                %s,%s Inc.,%s@example.com,US,USD,%s,%s,%s,2026-01-01
                """.formatted(
                        id, id, id, limit, freeCredit, card)));
        application.get(CreditLedger.class).grantAllowances();
    }

    private void usage(String account, int calls, String at) throws IOException {
        Files.writeString(application.get(Home.class).inbox().resolve("usage-" + ++files + ".ndjson"), """
                {"id":"r%d","account":"%s","product":"calls","quantity":"%d","occurred_at":"%s","outcome":"succeeded"}
                """.formatted(
                        files, account, calls, at));
    }

    private String number(String account) {
        return application
                .jdbc()
                .sql("select number from invoice where account = :account")
                .param("account", account)
                .query(String.class)
                .single();
    }

    private void nightly(String date) {
        at(date + "T08:00:00Z");
        application.get(Runs.class).nightly(LocalDate.parse(date));
    }

    private void at(String instant) {
        application.moveTo(Instant.parse(instant));
    }
}
