package io.postpaid.keeping;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.Charge;
import com.stripe.param.ChargeListParams;
import com.stripe.param.PaymentIntentCreateParams;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.sandbox.Sandbox;
import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * An installation is backed up, goes on for a month, and is lost. Another one is made of the backup, in an empty place, with the
 * same provider, who knows what the first one did.
 */
@EnabledIfSystemProperty(named = "lives", matches = "2", disabledReason = "Many commands: a part of -Pdeep")
class TwoLivesTest {
    private static final String PRICES = """
            currency: USD
            products: {calls: {unit: call}}
            prices: [{product: calls, effective_from: 2026-01-01, amount: "0.10"}]
            """;

    private static final String ACCOUNTS = """
            id,name,email,country,monthly_limit,free_credit,payment_method
            acme,Acme,billing@acme.test,US,1000,0,pm_card_visa
            beta,Beta,billing@beta.test,US,1000,0,pm_card_visa_chargeDeclinedInsufficientFunds
            gamma,Gamma,billing@gamma.test,US,1000,0,pm_card_visa
            """;

    @TempDir
    private Path folder;

    private BillingClock clock;
    private Sandbox provider;

    @BeforeEach
    void start() {
        clock = new BillingClock(Instant.parse("2026-10-01T08:00:00Z"));
        provider = Sandbox.start(folder.resolve("provider"), clock);
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void eachCardIsChargedOnceAMonthAndNoNumberIsGivenTwice() throws Exception {
        var first = life("first");
        october(first);
        var backup = folder.resolve("backup");
        first.must("backup", backup.toString());

        // What the backup does not know: a payment of an invoice that it has, one that was given back, and a month.
        at(first, "2026-11-02T08:00:00Z");
        first.must("accounts", "card", "beta", "pm_card_visa");
        first.must("payments", "refund", "2026-000001", "5", "--reason", "An outage");
        november(first, "2026-12-01T08:00:00Z");
        assertThat(numbers(first)).hasSize(6);
        var unpaid = topUpThatWaitsForItsBank();

        var second = life("second");
        at(second, "2026-12-03T08:00:00Z");
        var restored = second.must("restore", backup.toString());
        assertThat(restored.out()).contains("invariants hold", "Nothing is numbered, charged or mailed");
        assertThat(numbers(second)).containsExactly("2026-000001", "2026-000002", "2026-000003");
        held(second);

        var matched = second.run("match", "--json");
        assertThat(matched.exitCode()).isEqualTo(1);
        assertThat(matched.json().get("unknown").findValuesAsString("paid"))
                .containsExactlyInAnyOrder("2026-000004", "2026-000005", "2026-000006");
        assertThat(matched.json().get("next_numbers").toString()).isEqualTo("[\"2026-000007\"]");
        assertThat(strings(second, "select status from invoice"))
                .as("beta has paid")
                .containsOnly("PAID");

        refused(second, "--next-number 2026-000007", "match", "--lift", "--accept");
        refused(second, "--next-number 2026-000007", "match", "--lift", "--accept", "--next-number", "2026-000004");
        // The mails of two more invoices were found, which no card was charged for.
        var lift = List.of("match", "--lift", "--next-number", "2026-000009", "--next-number", "CN-2026-000002");
        assertThat(second.run(lift.toArray(String[]::new)).exitCode()).isEqualTo(1);
        held(second);
        second.must("match", "--lift", "--accept");
        assertThat(stripe().v1().paymentIntents().retrieve(unpaid).getStatus())
                .as("nobody pays for a top-up that is lost")
                .isEqualTo("canceled");
        assertThat(second.run("match").err()).contains("nothing is held");

        november(second, "2026-12-03T09:00:00Z");
        assertThat(numbers(second))
                .containsExactly(
                        "2026-000001", "2026-000002", "2026-000003", "2026-000009", "2026-000010", "2026-000011");
        assertThat(chargesByAccount())
                .containsOnlyKeys("acme", "beta", "gamma")
                .containsValue(2L)
                .doesNotContainValue(3L);
        second.must("verify");
        second.must("reconcile", "--period", "2026-11");
        second.must("reconcile", "--period", "2026-12");
        assertThat(second.must("audit", "--json").out()).contains("\"restored\"", "\"lost_number\"");
    }

    private CommandLine life(String name) {
        return new CommandLine(folder.resolve(name))
                .with("STRIPE_API_KEY", "sk_test_sandbox")
                .with("STRIPE_API_BASE", provider.stripeBase())
                .with("spring.mail.host", "127.0.0.1")
                .with("spring.mail.port", Integer.toString(provider.smtpPort()))
                .with("POSTPAID_MAIL_STARTTLS", "optional");
    }

    private void at(CommandLine life, String now) {
        clock.setTo(Instant.parse(now));
        life.at(now);
    }

    private void october(CommandLine life) throws IOException {
        at(life, "2026-10-02T08:00:00Z");
        life.must("prices", "import", file("prices.yaml", PRICES));
        life.must("accounts", "import", file("accounts.csv", ACCOUNTS));
        life.must("usage", "ingest", usage("2026-10-01"));
        at(life, "2026-11-01T08:00:00Z");
        life.must("run", "nightly", "--date", "2026-11-01");
        life.must("run", "monthly", "--period", "2026-10");
    }

    private void november(CommandLine life, String now) throws IOException {
        at(life, now);
        life.must("usage", "ingest", usage("2026-11-20"));
        life.must("run", "nightly", "--date", now.substring(0, 10));
        life.must("run", "monthly", "--period", "2026-11");
    }

    private String usage(String day) throws IOException {
        var lines = List.of("acme", "beta", "gamma").stream()
                .map(account -> """
                        {"id":"%s-%s","account":"%s","product":"calls","quantity":"500","occurred_at":"%sT12:00:00Z"}
                        """.formatted(account, day, account, day))
                .collect(Collectors.joining());
        return file("usage-" + day + ".ndjson", lines);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static void held(CommandLine life) {
        refused(life, "restored from a backup", "run", "nightly", "--date", "2026-12-01");
        refused(life, "restored from a backup", "credits", "top-up", "acme", "20", "--reference", "T1");
        refused(life, "restored from a backup", "payments", "refund", "2026-000001", "5", "--reason", "Twice");
    }

    private static void refused(CommandLine life, String why, String... command) {
        var result = life.run(command);
        assertThat(result.exitCode()).as(result.out()).isEqualTo(1);
        assertThat(result.err()).contains(why);
    }

    private static List<String> numbers(CommandLine life) {
        return strings(life, "select number from invoice order by id");
    }

    private static List<String> strings(CommandLine life, String sql) {
        return JdbcClient.create(new DriverManagerDataSource(life.database(), "postgres", ""))
                .sql(sql)
                .query(String.class)
                .list();
    }

    private StripeClient stripe() {
        return StripeClient.builder()
                .setApiKey("sk_test_sandbox")
                .setApiBase(provider.stripeBase())
                .build();
    }

    private List<Charge> charges() throws StripeException {
        return stripe().v1()
                .charges()
                .list(ChargeListParams.builder().setLimit(100L).build())
                .getData();
    }

    /** As the first life makes one behind the backup: with what its payments say of the installation. */
    private String topUpThatWaitsForItsBank() throws StripeException {
        var other = charges().getFirst();
        var metadata = new HashMap<>(other.getMetadata());
        metadata.keySet().removeIf(name -> name.startsWith("invoice") || name.equals("intent"));
        metadata.put("top_up", "7");
        return stripe().v1()
                .paymentIntents()
                .create(PaymentIntentCreateParams.builder()
                        .setAmount(2000L)
                        .setCurrency("usd")
                        .setCustomer(other.getCustomer())
                        .putAllMetadata(metadata)
                        .build())
                .getId();
    }

    /** Those that succeeded, at the provider. */
    private Map<String, Long> chargesByAccount() throws StripeException {
        return charges().stream()
                .filter(charge -> "succeeded".equals(charge.getStatus()))
                .map(Charge::getMetadata)
                .collect(Collectors.groupingBy(metadata -> metadata.get("account"), Collectors.counting()));
    }
}
