package io.postpaid.simulation;

import static io.postpaid.simulation.PoisonedMonth.healthy;
import static io.postpaid.simulation.PoisonedMonth.healthyAnd;
import static io.postpaid.simulation.PoisonedMonth.items;
import static io.postpaid.simulation.PoisonedMonth.strings;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.books.report.Check;
import io.postpaid.books.report.Verification;
import io.postpaid.gate.Decision;
import io.postpaid.gate.Gate;
import io.postpaid.gate.UsageSummaries;
import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.intake.SentUsage;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers that no bill will ever have, but a wrong unit or price may make, beside 20 healthy accounts. */
class NumberIsolationTest {
    private static final String PRICES = """
            currency: USD
            products:
              gold: {unit: call}
              flat: {unit: call}
              graded: {unit: call}
              volumed: {unit: call}
              packed: {unit: call}
            prices:
              - {product: gold, effective_from: 2026-01-01, amount: "10000000"}
              - {product: flat, effective_from: 2026-01-01, amount: "10000000000"}
              - product: graded
                effective_from: 2026-01-01
                model: graduated
                tiers: [{up_to: 10, amount: "1"}, {amount: "10000000000"}]
              - product: volumed
                effective_from: 2026-01-01
                model: volume
                tiers: [{up_to: 10, amount: "1"}, {amount: "10000000000"}]
              - {product: packed, effective_from: 2026-01-01, model: package, per: 10, amount: "100000000000"}
            """;
    private static final String DINAR = """
            currency: KWD
            products:
              calls: {unit: call}
              video: {unit: second}
            prices:
              - {product: calls, effective_from: 2026-01-01, amount: "0.10"}
              - {product: video, effective_from: 2026-01-01, amount: "10000000.001"}
            """;
    private static final String MOST = "9999999999999999999";

    @TempDir
    private Path folder;

    private int records;

    private String record(String account, String product, String quantity, String day) {
        return """
                {"id":"n%s","account":"%s","product":"%s","quantity":"%s","occurred_at":"%sT00:00:00Z"}
                """.formatted(++records, account, product, quantity, day);
    }

    @Test
    void aNumberThatCannotBeKeptHoldsItsAccountOnly() throws Exception {
        var held = List.of("flat", "graded", "packed", "spread", "summed", "volumed");
        var accounts = healthyAnd("flat", "graded", "packed", "spread", "summed", "volumed", "nights", "edge", "dinar");
        try (var application = new TestApplication(folder.resolve("home"), Instant.parse("2026-10-20T08:00:00Z"))) {
            PoisonedMonth.of(application, folder, accounts);
            var jdbc = application.jdbc();
            jdbc.sql("update account set currency = 'KWD' where id = 'dinar'").update();
            var books = application.get(PriceBooks.class);
            books.importFile(Files.writeString(folder.resolve("numbers.yaml"), PRICES));
            books.importFile(Files.writeString(folder.resolve("dinar.yaml"), DINAR));
            var sent = application.get(SentUsage.class);
            sent.take(
                    Stream.of(
                                    Stream.of("flat", "graded", "packed", "volumed")
                                            .map(id -> record(id, id, MOST, "2026-10-05")),
                                    // Each day can be kept, but not the sum of the records, days or nights.
                                    IntStream.range(0, 30).mapToObj(i -> record("summed", "gold", MOST, "2026-10-05")),
                                    Stream.of("2026-10-05", "2026-10-06")
                                            .map(day -> record("spread", "gold", MOST, day)),
                                    Stream.of(
                                            record("nights", "gold", MOST, "2026-10-05"),
                                            record("edge", "gold", MOST, "2026-10-05"),
                                            record("edge", "gold", "1" + "0".repeat(19), "2026-10-06"),
                                            record("dinar", "video", "999999999999999999.999999999", "2026-10-05")))
                            .flatMap(lines -> lines)
                            .collect(Collectors.joining())
                            .getBytes(UTF_8),
                    "api/1",
                    null);
            assertThat(strings(jdbc, "select account || ' ' || reason from usage_quarantine"))
                    .containsExactly("edge BAD_QUANTITY");
            var runs = application.get(Runs.class);

            var night = runs.nightly(LocalDate.of(2026, 10, 20));
            assertThat(night.completed()).isTrue();
            assertThat(night.held()).isEqualTo(6);
            assertThat(items(application)).containsExactlyInAnyOrderElementsOf(tooLarge(held));
            sent.take(record("nights", "gold", MOST, "2026-10-06").getBytes(UTF_8), "api/2", null);
            application.moveTo(Instant.parse("2026-11-01T08:00:00Z"));
            assertThat(runs.nightly(LocalDate.of(2026, 11, 1)).held()).isEqualTo(7);
            assertThat(items(application)).containsAll(tooLarge(List.of("nights")));

            // A call is priced and refused, and what has arrived is shown.
            var priced = application.get(Gate.class).authorize("flat", "k", "flat", new BigDecimal(MOST));
            assertThat(priced)
                    .isInstanceOfSatisfying(
                            Decision.Refused.class,
                            refused -> assertThat(Amounts.exact(refused.price(), "USD"))
                                    .isEqualTo(MOST + "0".repeat(10) + ".00"));
            assertThat(new BigDecimal(
                            application.get(UsageSummaries.class).of("summed").cost()))
                    .isEqualByComparingTo(new BigDecimal(MOST)
                            .multiply(BigDecimal.valueOf(300_000_000))
                            .add(BigDecimal.TEN));

            var month = runs.monthly(BillingPeriod.parse("2026-10"));
            assertThat(month.completed()).isTrue();
            assertThat(month.held()).isEqualTo(3);
            assertThat(application.get(HeldItems.class).open().stream()
                            .filter(item -> item.step().equals("draft-invoices"))
                            .map(item -> item.account() + " " + item.reason()))
                    .containsExactlyInAnyOrder("nights ABOVE_CEILING", "edge ABOVE_CEILING", "dinar ABOVE_CEILING");
            assertThat(items(application)).anyMatch(item -> item.contains("KWD 10000000001000000000000009.990"));
            assertThat(strings(jdbc, "select account from invoice where status = 'PAID' order by account"))
                    .isEqualTo(healthy());
            assertThat(application.get(Verification.class).run()).allMatch(Check::holds);
            try (var sheets = Files.newDirectoryStream(application.home.resolve("reports/2026-10"), "*.csv")) {
                for (var sheet : sheets) {
                    assertThat(Files.readString(sheet)).as("%s", sheet).doesNotContainPattern("[0-9]E[+-]?[0-9]");
                }
            }

            // Voided, an account is billed by the night after.
            var wrong = strings(jdbc, """
                    select id from usage_record where account in ('edge', 'flat') and quantity > 1000 order by account""");
            sent.take("""
                    {"id":"v1","type":"void","voids":"%s","account":"edge","occurred_at":"2026-10-05T00:00:00Z"}
                    {"id":"v2","type":"void","voids":"%s","account":"flat","occurred_at":"2026-10-05T00:00:00Z"}
                    """.formatted(wrong.toArray()).getBytes(UTF_8), "api/3", null);
            application.moveTo(Instant.parse("2026-11-02T08:00:00Z"));
            assertThat(runs.nightly(LocalDate.of(2026, 11, 2)).completed()).isTrue();
            assertThat(items(application)).doesNotContainAnyElementsOf(tooLarge(List.of("flat")));

            // What is voided of a held month lowers that month, so that nothing of it is left for the next one.
            application.moveTo(Instant.parse("2026-12-01T08:00:00Z"));
            assertThat(runs.nightly(LocalDate.of(2026, 12, 1)).completed()).isTrue();
            assertThat(runs.monthly(BillingPeriod.parse("2026-11")).completed()).isTrue();
            assertThat(items(application)).noneMatch(item -> item.contains("edge"));
            assertThat(strings(jdbc, "select account from invoice where account = 'edge' and period = '2026-10-01'"))
                    .containsExactly("edge");
            assertThat(strings(jdbc, "select number from invoice where total < -1000"))
                    .isEmpty();
        }
    }

    private static List<String> tooLarge(List<String> accounts) {
        return accounts.stream()
                .map(id -> "meter-and-rate account " + id + ": an amount or a sum has more digits than can be kept:"
                        + " void the usage that is wrong, or correct its price")
                .toList();
    }
}
