package io.postpaid.usage.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.usage.format.UnreadableUsage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mappings that somebody mistyped, or made to do harm: each is read, or refused at once with its file, its line and what is
 * wrong. {@code -Dseeds=N} tries many; {@code -Dseed=N} tries one again.
 */
class DamagedMappingsTest {
    private static final int SEEDS = Integer.getInteger("seeds", 6_000);
    private static final int MOST_FAULTS = 20;
    private static final Pattern TOLD = Pattern.compile("m\\.yaml line [1-9][0-9]*: .*", Pattern.DOTALL);
    private static final List<String> WORDS = List.of(
            "null",
            "~",
            "true",
            "0",
            "-1",
            "1e999999",
            "99999999999999",
            "[]",
            "{}",
            "[[]]",
            "\"\"",
            "' '",
            "[a",
            "{a: b",
            "*a",
            "&a x",
            "!!int x",
            "!!java.lang.String x",
            "%",
            "@",
            "`",
            "- a",
            "a: b",
            "? a",
            "<<: *a",
            "|",
            ">",
            "'",
            "\"",
            "\t",
            "\0",
            "\u0085",
            "\ufeff",
            "\ud800",
            "(",
            "(a{1000}){1000}",
            "\\",
            "(?P<a",
            "[^",
            "yyyy",
            "''",
            "'",
            "epoch_seconds",
            "UTF-16",
            "UTF-7",
            "Mars",
            "P1D",
            "P99999999999D",
            "..",
            ".",
            "^",
            "^.^",
            "a[b=c]",
            "a[",
            "a]",
            "[b=c]",
            ".a",
            "a.");

    /** All keys of the language, some way or other. */
    private static final String RICH = """
            format: csv
            source: gateway
            timezone: Europe/Berlin
            time_format: [iso, dd/MM/yyyy HH:mm]
            charset: windows-1252
            delimiter: ";"
            skip_lines: 2
            decimal: ","
            thousands: "."
            round: 9
            where:
              - {column: kind, in: [call, ""], out: [test]}
              - {first_of: [a, b], present: true, like: '^c', unlike: x$}
            fields:
              id:          {join: [source, {column: id, default: "-"}], with: /}
              account:     {column: meta, json: customer.id}
              product:     {column: path, match: '^/v1/([a-z]+)', map: {a: b}}
              quantity:    {sum: [a, {column: b, empty: 0}], times: {column: unit, only: {h: 3600}}}
              occurred_at: {column: at, shift: PT1H}
              outcome:     {column: ok, only: {"true": succeeded, "false": failed}}
              operation:   {value: call}
              metadata:    {columns: [model, region]}
            """;

    @Test
    @Timeout(3_600)
    void aMappingIsReadOrRefusedWithItsLine() throws IOException {
        var texts = new ArrayList<String>(List.of(RICH));
        for (String file : BuiltInMappingsTest.files()) {
            texts.add(BuiltInMappingsTest.mapping(file).text());
        }
        var faults = new ArrayList<String>();
        var only = Long.getLong("seed");
        int read = 0;
        for (long seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
            String text = damaged(texts.get((int) (seed % texts.size())), new Random(seed));
            long begun = System.nanoTime();
            String fault = fault(text);
            if (fault == null) read++;
            if (System.nanoTime() - begun > 2_000_000_000L) fault = "it took longer than two seconds";
            if (fault != null && !TOLD.matcher(fault).matches())
                faults.add("-Dseed=%d: %s%n%s".formatted(seed, fault, text));
        }
        assertThat(faults.stream().limit(MOST_FAULTS))
                .as("%d faults", faults.size())
                .isEmpty();
        if (only == null) assertThat(read).isBetween(SEEDS / 10, SEEDS * 9 / 10);
    }

    /** Also of what comes to light when a file is read by it; null where nothing is wrong. */
    private static @Nullable String fault(String text) {
        try {
            var mapping = Mapping.parse("m.yaml", text);
            if (mapping.format() != Mapping.Format.PARQUET) read(mapping);
            return null;
        } catch (UnreadableUsage e) {
            return e.getMessage();
        } catch (RuntimeException | IOException | StackOverflowError e) {
            return e.toString();
        }
    }

    private static void read(Mapping mapping) throws IOException {
        String text = "{\"id\":\"1\",\"at\":\"2026-10-03\"}\n[1]\na;b;c\n1;2;3\n";
        try (var opened =
                Opened.stream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "f", mapping)) {
            var parser = opened.layout().parser();
            for (var batch = opened.lines().next(10);
                    batch != null;
                    batch = opened.lines().next(10)) {
                for (int i = 0; i < batch.size(); i++) batch.parse(i, parser);
            }
        } catch (UnreadableUsage e) {
            // The file is none that it is for.
        }
    }

    private static String damaged(String text, Random random) {
        var damaged = text;
        for (int i = 1 + random.nextInt(3); i > 0; i--) damaged = once(damaged, random);
        return damaged;
    }

    private static String once(String text, Random random) {
        var lines = new ArrayList<>(List.of(text.split("(?<=\n)")));
        int at = random.nextInt(lines.size());
        String line = lines.get(at);
        int place = random.nextInt(line.length() + 1);
        String word = WORDS.get(random.nextInt(WORDS.size()));
        switch (random.nextInt(11)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(at, line);
            case 2 -> lines.set(at, "  " + line);
            case 3 -> lines.set(at, line.stripLeading());
            case 4 -> lines.set(at, line.substring(0, place) + word + line.substring(place));
            case 5 ->
                lines.set(
                        at,
                        line.replaceFirst(
                                ": .*",
                                ": "
                                        + Pattern.quote(word)
                                                .replace("\\Q", "")
                                                .replace("\\E", "")
                                                .replace("\\", "\\\\")));
            case 6 -> lines.set(at, line.replaceFirst("\\b\\w+\\b", word.replace("\\", "\\\\")));
            case 7 -> lines.set(at, line.substring(0, place));
            case 8 ->
                lines.set(at, place == line.length() ? line : line.substring(0, place) + line.substring(place + 1));
            case 9 ->
                lines.set(
                        at,
                        place == line.length()
                                ? line
                                : line.substring(0, place)
                                        + (char) (line.charAt(place) ^ 1 << random.nextInt(7))
                                        + line.substring(place + 1));
            default -> lines.add(random.nextInt(lines.size()), lines.remove(at));
        }
        return lines.isEmpty() ? "\n" : String.join("", lines);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a{1000}){1000}",
                "((((((a{10}){10}){10}){10}){10}){10}){10}",
                "(?:(?:x{1000}){1000}){1000}",
                "a{1001}"
            })
    @Timeout(10)
    void aPatternWithoutBoundsIsRefusedAtOnce(String pattern) {
        assertThatThrownBy(() -> Mapping.parse("m.yaml", RICH.replace("^/v1/([a-z]+)", pattern)))
                .isInstanceOf(UnreadableUsage.class)
                .hasMessageMatching("m.yaml line 17: fields.product.match is not a pattern: .*");
    }

    @Test
    @Timeout(10)
    void aLongPatternIsRefusedOrRead() {
        for (String part : List.of("(a|b)", "a{1000}", "(", "[a-z]{1,1000}", "(?:", "a*", "\\pL{500}")) {
            for (int count : List.of(1_000, 20_000)) {
                String told = fault(RICH.replace(
                        "^/v1/([a-z]+)",
                        part.repeat(count) + ")".repeat(part.endsWith("(") || part.endsWith("(?:") ? count : 0)));
                if (told != null) assertThat(told).startsWith("m.yaml line 17: ");
            }
        }
    }

    @Test
    @Timeout(20)
    void deepNestingIsRefusedAtOnce() {
        for (int depth : List.of(1_000, 100_000)) {
            for (String text : List.of(
                    "a: " + "[".repeat(depth),
                    "a: " + "[".repeat(depth) + "]".repeat(depth),
                    "a: " + "{b: ".repeat(depth),
                    "- ".repeat(depth) + "x",
                    "? ".repeat(depth))) {
                assertThat(fault(text)).startsWith("m.yaml");
            }
        }
    }

    /** Each name stands for ten of the one before. */
    @Test
    @Timeout(10)
    void whatGrowsByItsNamesIsRefusedAtOnce() {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1)));
        }
        assertThat(fault(bomb + RICH)).startsWith("m.yaml");
        assertThat(fault("a".repeat(40_000) + ": [" + "x,".repeat(400_000) + "x]"))
                .startsWith("m.yaml line 1: ");
        assertThat(fault("[".repeat(400) + "x,".repeat(400_000) + "x" + "]".repeat(400)))
                .startsWith("m.yaml line 1: ");
        assertThat(fault("x".repeat(50_000_000))).startsWith("m.yaml line 1: ");
        assertThat(fault("a: &a [*a]\n" + RICH)).startsWith("m.yaml");
        assertThat(fault(RICH.replace("source: gateway", "source: &s gateway") + "  type: *s\n"))
                .startsWith("m.yaml");
    }

    @Test
    void whatIsNoMappingIsRefused() {
        for (String text : List.of(
                "",
                "\n",
                "# nothing",
                "---\n...",
                "a",
                "[]",
                "null",
                "{}",
                "--- {}\n--- {}",
                "\ufeff",
                "\0",
                "\ud800",
                "%YAML 9.9\n---\n")) {
            assertThat(fault(text)).as(text).startsWith("m.yaml");
        }
    }
}
