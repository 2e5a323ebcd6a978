package io.postpaid.simulation;

import io.postpaid.account.Accounts;
import io.postpaid.platform.batch.HeldItems;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.intake.Ingestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** October 2026 of 20 healthy accounts, each with 100 calls at 0.10, and of others beside them that are poisoned. */
final class PoisonedMonth {
    static final String PRICES = """
            currency: USD
            products:
              calls: {unit: call}
              video: {unit: second}
            prices:
              - {product: calls, effective_from: 2026-01-01, amount: "0.10"}
            """;
    private static final int HEALTHY = 20;
    private static final String HEADER =
            "id,name,email,line1,line2,city,state,postal_code,country,tax_id,currency,monthly_limit,free_credit,payment_method,created_on\n";

    private PoisonedMonth() {}

    /** The healthy accounts. */
    static List<String> healthy() {
        return IntStream.rangeClosed(1, HEALTHY).mapToObj("h%02d"::formatted).toList();
    }

    /** The healthy accounts, and others. */
    static List<String> healthyAnd(String... others) {
        return Stream.concat(healthy().stream(), Stream.of(others)).toList();
    }

    /** The others of some accounts, in order. */
    static List<String> without(List<String> accounts, String one) {
        return accounts.stream().filter(id -> !id.equals(one)).sorted().toList();
    }

    static void of(TestApplication application, Path folder, List<String> accounts) throws IOException {
        application.get(PriceBooks.class).importFile(Files.writeString(folder.resolve("prices.yaml"), PRICES));
        application
                .get(Accounts.class)
                .importFile(Files.writeString(
                        folder.resolve("accounts.csv"),
                        accounts.stream()
                                .map(id -> id + "," + id + "," + id
                                        + "@books.test,1 Road,,Town,,12345,US,,USD,,0,pm_card_visa,2026-01-01\n")
                                .collect(Collectors.joining("", HEADER, ""))));
        var usage = Files.writeString(
                folder.resolve("usage.ndjson"),
                accounts.stream()
                        .map(id -> """
                                {"id":"%1$s","account":"%1$s","product":"%2$s","quantity":"%3$s","occurred_at":"2026-10-05T00:00:00Z"}
                                """.formatted(
                                        id,
                                        id.equals("unpriced") ? "video" : "calls",
                                        id.equals("huge") ? "9000000000000" : "100"))
                        .collect(Collectors.joining()));
        application.get(Ingestion.class).ingest(usage, null, _ -> {});
    }

    /** What is held now, by step, item and detail. */
    static List<String> items(TestApplication application) {
        return application.get(HeldItems.class).open().stream()
                .map(item -> item.step() + " " + item.item() + ": " + item.detail())
                .toList();
    }

    static List<String> strings(JdbcClient jdbc, String sql) {
        return jdbc.sql(sql).query(String.class).list();
    }
}
