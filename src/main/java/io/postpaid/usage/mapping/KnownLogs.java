package io.postpaid.usage.mapping;

import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.mapping.Mapping.Format;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Fact;
import io.postpaid.usage.record.ParsedLine.Several;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Which of the built-in mappings can read a file that was given without one. */
final class KnownLogs {
    /** Listed, since not everybody who reads logs can list what is within a jar; a test holds it to the folder. */
    static final Set<String> NAMES = Set.of(
            "aws-cur",
            "azure-cost",
            "cloudflare-ai-gateway",
            "focus",
            "kong-http-log",
            "litellm-spend",
            "nginx-combined",
            "openai-usage-page",
            "openmeter-cloudevents",
            "stripe-meter-events",
            "tokens-cached",
            "whisper-verbose");

    private KnownLogs() {}

    /** They are read when the first file is met that is not the product's own. */
    private static final class BuiltIn {
        static final Map<String, Mapping> BY_NAME = read();

        private static Map<String, Mapping> read() {
            var mappings = new TreeMap<String, Mapping>();
            for (String name : NAMES) mappings.put(name, Mapping.parse(name, text(name)));
            return mappings;
        }

        private static String text(String name) {
            try (var file = KnownLogs.class.getResourceAsStream("/mappings/" + name + ".yaml")) {
                return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** @param beginning with at least the first record of the file, unpacked */
    static Optional<String> of(byte[] beginning) {
        return named(mapping -> {
            try (var opened = Opened.stream(new ByteArrayInputStream(beginning), "", mapping)) {
                var first = opened.lines().next(1);
                return first != null && isUsage(first.parse(0, opened.layout().parser()));
            } catch (IOException | UnreadableUsage e) {
                return false;
            }
        });
    }

    /** @param row the first one of a Parquet file */
    static Optional<String> ofRow(byte[] row) {
        return named(mapping -> mapping.format() == Format.CSV
                && isUsage(new MappedJsonLines(mapping).parse(row, 0, row.length, 1, "")));
    }

    private static Optional<String> named(Predicate<Mapping> reads) {
        return BuiltIn.BY_NAME.entrySet().stream()
                .filter(mapping -> reads.test(mapping.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean isUsage(ParsedLine line) {
        return line instanceof Fact || line instanceof Several;
    }
}
