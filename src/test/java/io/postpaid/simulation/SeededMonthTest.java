package io.postpaid.simulation;

import static java.math.BigDecimal.ZERO;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A month of usage with everything that goes wrong, billed through the command line and by a second, plain calculation. */
class SeededMonthTest {
    private static final int ACCOUNTS = 200;
    private static final int RECORDS = 60_000;
    private static final Instant FROM = Instant.parse("2026-10-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant CHANGE = Instant.parse("2026-10-15T00:00:00Z");

    private static final String PRICES = """
            currency: USD
            products:
              audio: {unit: second, listed_per: 60, listed_unit: minute}
              image: {unit: image}
              text:  {unit: word}
              feed:  {unit: call, billable: false}
            prices:
              - {product: audio, effective_from: 2026-01-01, amount: "0.0639", per: 60}
              - {product: audio, effective_from: 2026-10-15, amount: "0.071", per: 60}
              - {product: image, effective_from: 2026-01-01, amount: "0.00204"}
              - product: text
                effective_from: 2026-01-01
                model: graduated
                tiers: [{up_to: 20000, amount: "0.00024"}, {up_to: 50000, amount: "0.00021"}, {amount: "0.00018"}]
              - {product: audio, account: a0007, effective_from: 2026-10-15, amount: "0.05", per: 60}
            """;

    @TempDir
    private Path folder;

    /** One usage that counts, and what the plain calculation needs of it. */
    private record Used(Instant at, BigDecimal quantity) {}

    private record Expected(String subtotal, String credits, String total, String due) {}

    private final Map<String, Map<String, List<Used>>> used = new TreeMap<>();
    private final List<String> lines = new ArrayList<>();
    private int accepted;
    private int duplicates;
    private int quarantined;

    @Test
    void everyInvoiceEqualsAnIndependentCalculation() throws IOException {
        generate(new Random(20261101));
        Files.writeString(folder.resolve("prices.yaml"), PRICES);
        Files.writeString(folder.resolve("accounts.csv"), accounts());
        var files = usageFiles();

        var postpaid = new CommandLine(folder.resolve("home")).at("2026-11-01T08:30:00Z");
        postpaid.must("prices", "import", folder.resolve("prices.yaml").toString());
        postpaid.must("accounts", "import", folder.resolve("accounts.csv").toString());
        var arguments = new ArrayList<>(List.of("usage", "ingest", "--json"));
        arguments.addAll(files);
        var ingested = postpaid.must(arguments.toArray(String[]::new)).json();
        postpaid.must("run", "nightly", "--date", "2026-11-01");
        postpaid.must("run", "monthly", "--period", "2026-10");

        assertThat(sum(ingested, "lines")).isEqualTo(lines.size());
        assertThat(sum(ingested, "accepted")).isEqualTo(accepted);
        assertThat(sum(ingested, "duplicates")).isEqualTo(duplicates);
        assertThat(sum(ingested, "quarantined")).isEqualTo(quarantined);

        var expected = new TreeMap<String, Expected>();
        used.forEach((account, products) -> expected.put(account, expected(account, products)));
        var actual = new TreeMap<String, Expected>();
        postpaid.must("invoices", "list", "--period", "2026-10", "--json")
                .json()
                .forEach(invoice -> actual.put(
                        invoice.get("account").asString(),
                        new Expected(
                                invoice.get("subtotal").asString(),
                                invoice.get("credits").asString(),
                                invoice.get("total").asString(),
                                invoice.get("amount_due").asString())));
        assertThat(actual).hasSizeGreaterThan(150).isEqualTo(expected);
        postpaid.must("verify");
    }

    private static long sum(Iterable<tools.jackson.databind.JsonNode> files, String field) {
        return StreamSupport.stream(files.spliterator(), false)
                .mapToLong(file -> file.get(field).asLong())
                .sum();
    }

    private static String id(int account) {
        return "a%04d".formatted(account);
    }

    private static String accounts() {
        return IntStream.range(0, ACCOUNTS)
                .mapToObj(n -> "%s,Customer %d,c%d@example.com,US,USD,%s,%s"
                        .formatted(id(n), n, n, n % 5 == 0 ? "0" : "", n % 3 == 0 ? "" : "pm_card_visa"))
                .collect(joining("\n", "id,name,email,country,currency,free_credit,payment_method\n", "\n"));
    }

    private List<String> usageFiles() throws IOException {
        var files = new ArrayList<String>();
        int part = lines.size() / 4 + 1;
        for (int n = 0; n < 4; n++) {
            var text = String.join("\n", lines.subList(n * part, Math.min(lines.size(), (n + 1) * part)));
            var file = folder.resolve("usage-" + n + (n % 2 == 0 ? ".ndjson" : ".ndjson.gz"));
            try (var out = n % 2 == 0
                            ? Files.newOutputStream(file)
                            : new GZIPOutputStream(Files.newOutputStream(file));
                    var writer = new OutputStreamWriter(out, UTF_8)) {
                writer.write(text);
            }
            files.add(file.toString());
        }
        return files;
    }

    private void generate(Random random) {
        var products = List.of("audio", "image", "text", "feed");
        var earlier = new ArrayList<String[]>();
        for (int n = 0; n < RECORDS; n++) {
            int kind = random.nextInt(100);
            if (kind < 3 && !earlier.isEmpty()) {
                lines.add(line(earlier.get(random.nextInt(earlier.size()))));
                duplicates++;
                continue;
            }
            if (kind < 4 && !earlier.isEmpty()) {
                var other = earlier.get(random.nextInt(earlier.size())).clone();
                other[3] = new BigDecimal(other[3]).add(BigDecimal.ONE).toPlainString();
                lines.add(line(other));
                quarantined++;
                continue;
            }
            var product = products.get(random.nextInt(products.size()));
            // Some accounts use a lot, some almost nothing, some nothing at all.
            int account = (int) (ACCOUNTS * Math.pow(random.nextDouble(), 3));
            var at = instant(random);
            var quantity = product.equals("audio")
                    ? BigDecimal.valueOf(random.nextLong(1, 900_000), 3)
                    : BigDecimal.valueOf(random.nextLong(1, product.equals("text") ? 4_000 : 12));
            boolean failed = random.nextInt(20) == 0;
            var record = new String[] {
                "r" + n, id(account), product, quantity.toPlainString(), at.toString(), failed ? "failed" : "succeeded"
            };
            if (kind < 6) {
                var torn = line(record);
                lines.add(torn.substring(0, random.nextInt(1, torn.length())));
                quarantined++;
                continue;
            }
            if (kind < 7) {
                record[random.nextBoolean() ? 1 : 2] = "nobody";
                lines.add(line(record));
                quarantined++;
                continue;
            }
            lines.add(line(record));
            earlier.add(record);
            accepted++;
            if (!failed && !product.equals("feed") && at.isBefore(TO)) {
                used.computeIfAbsent(id(account), key -> new TreeMap<>())
                        .computeIfAbsent(product, key -> new ArrayList<>())
                        .add(new Used(at, quantity));
            }
        }
    }

    private static Instant instant(Random random) {
        return switch (random.nextInt(50)) {
            case 0 -> FROM;
            case 1 -> TO.minusNanos(1000);
            case 2 -> TO;
            case 3 -> CHANGE;
            case 4 -> CHANGE.minusMillis(1);
            default -> FROM.plusMillis(random.nextLong(TO.toEpochMilli() - FROM.toEpochMilli()));
        };
    }

    private static String line(String[] record) {
        return """
                {"id":"%s","account":"%s","product":"%s","quantity":"%s","occurred_at":"%s","outcome":"%s"}""".formatted((Object[]) record);
    }

    // ---- the plain calculation

    private static Expected expected(String account, Map<String, List<Used>> products) {
        var subtotal = ZERO;
        var exact = ZERO;
        for (var product : products.entrySet()) {
            var quantities = new TreeMap<String, BigDecimal>();
            var seen = ZERO;
            var ordered = product.getValue().stream()
                    .sorted(Comparator.comparing(Used::at))
                    .toList();
            for (var use : ordered) {
                var left = use.quantity();
                while (left.signum() > 0) {
                    var price = price(account, product.getKey(), use.at(), seen);
                    var taken =
                            price.upTo() == null ? left : left.min(price.upTo().subtract(seen));
                    quantities.merge(price.amount() + "/" + price.per(), taken, BigDecimal::add);
                    seen = seen.add(taken);
                    left = left.subtract(taken);
                }
            }
            for (var line : quantities.entrySet()) {
                var price = line.getKey().split("/");
                var cost = line.getValue().multiply(new BigDecimal(price[0]));
                subtotal = subtotal.add(cost.divide(new BigDecimal(price[1]), 2, RoundingMode.HALF_UP));
                exact = exact.add(cost.divide(new BigDecimal(price[1]), MathContext.DECIMAL128));
            }
        }
        var free = Integer.parseInt(account.substring(1)) % 5 == 0 ? ZERO : new BigDecimal("20.00");
        var credits = exact.compareTo(free) <= 0 ? subtotal : free;
        var total = subtotal.subtract(credits);
        boolean tooLittle = total.compareTo(new BigDecimal("0.50")) < 0;
        return new Expected(text(subtotal), text(credits), text(total), tooLittle ? "0.00" : text(total));
    }

    private record Listed(String amount, String per, BigDecimal upTo) {}

    private static Listed price(String account, String product, Instant at, BigDecimal seen) {
        boolean changed = !at.isBefore(CHANGE);
        return switch (product) {
            case "audio" -> new Listed(changed ? account.equals("a0007") ? "0.05" : "0.071" : "0.0639", "60", null);
            case "image" -> new Listed("0.00204", "1", null);
            default ->
                seen.compareTo(new BigDecimal(20_000)) < 0
                        ? new Listed("0.00024", "1", new BigDecimal(20_000))
                        : seen.compareTo(new BigDecimal(50_000)) < 0
                                ? new Listed("0.00021", "1", new BigDecimal(50_000))
                                : new Listed("0.00018", "1", null);
        };
    }

    private static String text(BigDecimal amount) {
        return amount.setScale(2).toPlainString();
    }
}
