package io.postpaid.demo;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.WholeFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the demo's accounts use, day by day: most of it made up from a seed, a part of it a real trace. */
final class SampleUsage {
    private static final int SECONDS_A_DAY = 86_400;
    /** The day on which the real trace was recorded; it is moved to the middle of the demo's month. */
    private static final LocalDate TRACE_DAY = LocalDate.of(2023, 11, 16);

    /** How many calls of each product an account makes on a usual day. */
    private static final Map<String, Map<String, Integer>> HABITS = Map.ofEntries(
            Map.entry("demo-atlas", Map.of("audio", 1, "image", 3)),
            Map.entry("demo-brightwave", Map.of("audio", 14, "video", 6, "image", 20, "text", 4, "feed", 3)),
            Map.entry("demo-cobalt", Map.of("video", 7, "image", 5)),
            Map.entry("demo-dunes", Map.of("audio", 12, "video", 11, "text", 5)),
            Map.entry("demo-ember", Map.of("audio", 6, "text", 3)),
            Map.entry("demo-fjord", Map.of("audio", 6, "text", 4)),
            Map.entry("demo-helio", Map.of("text", 2)),
            Map.entry("demo-iris", Map.of("audio", 9, "image", 8)),
            Map.entry("demo-lodz", Map.of("audio", 8, "video", 3, "text", 2)),
            Map.entry("demo-polar", Map.of("image", 30, "text", 8)),
            Map.entry("demo-quill", Map.of("text", 9)),
            Map.entry("demo-tiny", Map.of("image", 1)));

    /** Customers whose names need other letters. They come last each day, so that they leave the others' usage as it is. */
    private static final Map<String, Map<String, Integer>> OTHER_LETTERS =
            Map.of("demo-noor", Map.of("audio", 7), "demo-sakura", Map.of("image", 40));

    /** Customers whom tax treats in different ways. */
    private static final Map<String, Map<String, Integer>> OTHER_TAXES = Map.of(
            "demo-alpenton", Map.of("audio", 10),
            "demo-klangwerk", Map.of("audio", 12, "image", 9),
            "demo-satama", Map.of("audio", 11, "text", 6),
            "demo-savelkerho", Map.of("audio", 8),
            "demo-traboule", Map.of("audio", 9));

    private final BillingPeriod period;
    private final int more;

    /** @param more accounts beside those with a story */
    SampleUsage(BillingPeriod period, int more) {
        this.period = period;
        this.more = more;
    }

    static String more(int n) {
        return "demo-%04d".formatted(n);
    }

    /** Puts the file of one day into the inbox. */
    void writeDay(LocalDate day, Path inbox) throws IOException {
        var random = new Random(day.toEpochDay());
        var lines = new ArrayList<String>();
        accounts()
                .forEach(account -> new TreeMap<>(habits(account))
                        .forEach((product, calls) -> IntStream.range(0, 1 + random.nextInt(2 * calls))
                                .forEach(n -> lines.add(line(account, product, day, n, random)))));
        if (day.getDayOfMonth() % 10 == 3) addMishaps(lines, day);
        write(inbox.resolve("usage-" + day + ".ndjson"), lines);
    }

    private Stream<String> accounts() {
        return Stream.of(
                        HABITS.keySet().stream().sorted(),
                        IntStream.rangeClosed(1, more).mapToObj(SampleUsage::more),
                        OTHER_LETTERS.keySet().stream().sorted(),
                        OTHER_TAXES.keySet().stream().sorted())
                .flatMap(Function.identity());
    }

    private static Map<String, Integer> habits(String account) {
        return Stream.of(HABITS, OTHER_LETTERS, OTHER_TAXES)
                .map(habits -> habits.get(account))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Map.of("audio", 4, "image", 4, "text", 1));
    }

    private static String line(String account, String product, LocalDate day, int n, Random random) {
        return line(
                account,
                product,
                "%s-%s-%s-%d".formatted(day, account, product, n),
                quantity(account, product, random),
                day.atStartOfDay()
                        .plusSeconds(random.nextInt(SECONDS_A_DAY))
                        .toInstant(ZoneOffset.UTC)
                        .toString(),
                random.nextInt(40) == 0 ? "failed" : "succeeded");
    }

    private static String line(
            String account, String product, String id, BigDecimal quantity, String at, String outcome) {
        return """
                {"id":"%s","account":"%s","product":"%s","quantity":"%s","occurred_at":"%s","outcome":"%s","operation":"predict"}""".formatted(id, account, product, quantity.toPlainString(), at, outcome);
    }

    private static BigDecimal quantity(String account, String product, Random random) {
        boolean little = account.equals("demo-tiny") || account.equals("demo-atlas");
        return switch (product) {
            case "audio", "video" -> BigDecimal.valueOf(random.nextInt(5_000, little ? 60_000 : 300_000), 3);
            case "text" -> BigDecimal.valueOf(random.nextInt(40, 4_000));
            default -> BigDecimal.valueOf(random.nextInt(1, little ? 8 : 12));
        };
    }

    /** What every log has: a resend, a resend with other content, a torn line, an account nobody knows. */
    private static void addMishaps(List<String> lines, LocalDate day) {
        var sent = lines.getFirst();
        lines.add(sent);
        lines.add(sent.replaceFirst("\"quantity\":\"", "\"quantity\":\"1"));
        lines.add(sent.substring(0, sent.length() / 2));
        lines.add(line("demo-nobody", "audio", day + "-lost", BigDecimal.TEN, day + "T12:00:00Z", "succeeded"));
    }

    /** The real requests of an hour, one account's after the other's, moved into the month. */
    void writeTrace(Path inbox) throws IOException {
        var trace = inbox.resolve("llm-gateway.csv.gz");
        Files.writeString(inbox.resolve("llm-gateway.csv.gz.mapping.yaml"), """
                format: csv
                source: llm-gateway
                timezone: UTC
                fields:
                  id:          {line: true}
                  account:     {rotate: [demo-helio, demo-helio, demo-brightwave]}
                  product:     {value: llm}
                  quantity:    {sum: [ContextTokens, GeneratedTokens]}
                  occurred_at: {column: TIMESTAMP, shift: P%dD}
                """.formatted(
                        ChronoUnit.DAYS.between(TRACE_DAY, traceDay())));
        try (var data = Objects.requireNonNull(
                SampleUsage.class.getResourceAsStream("/demo/AzureLLMInferenceTrace_conv.csv.gz"))) {
            Files.copy(data, trace, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    LocalDate traceDay() {
        return period.month().atDay(16);
    }

    /** Usage of the month that is received when its invoices are out. */
    void writeLate(Path inbox) throws IOException {
        var day = period.month().atEndOfMonth();
        write(
                inbox.resolve("usage-late.ndjson"),
                List.of(
                        line("demo-fjord", "audio", "late-1", new BigDecimal("612.5"), day + "T23:10:00Z", "succeeded"),
                        line("demo-fjord", "text", "late-2", new BigDecimal("4200"), day + "T23:40:00Z", "succeeded")));
    }

    private static void write(Path file, List<String> lines) throws IOException {
        var unfinished = WholeFile.unfinished(file);
        Files.write(unfinished, lines);
        WholeFile.finish(unfinished, file);
    }
}
