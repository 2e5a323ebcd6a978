package io.postpaid.usage.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.UsageRecord;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainJsonTest {
    private static final String USUAL = """
            {"id":"01J9-1","source":"gw","account":"acme","product":"audio","quantity":"61.50",\
            "occurred_at":"2026-10-03T12:00:00.25Z","outcome":"succeeded","operation":"predict"}""";

    private static @Nullable ParsedLine quick(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return new PlainJson().read(bytes, 0, bytes.length);
    }

    private static ParsedLine slow(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return JsonLines.parseWithAllRules(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"1\",\"account\":\"a\",\"product\":\"p\",\"quantity\":0,\"occurred_at\":\"2026-02-28T00:00:00Z\"}",
                " { \"quantity\" : 10.500 , \"id\" : \"1\", \"account\":\"a\",\t\"product\":\"p\","
                        + "\"occurred_at\":\"2024-02-29T23:59:59.123456789Z\",\"outcome\":\"failed\"} \r",
                "{\"id\":\"1\",\"account\":\"a\",\"product\":\"p\",\"quantity\":\"007\",\"occurred_at\":\"2000-01-01T00:00:00Z\"}"
            })
    void readsWhatIsUsual(String line) {
        assertThat(quick(line)).isInstanceOf(UsageRecord.class).isEqualTo(slow(line));
    }

    /** Whatever it reads of a damaged line is what the rules say; mostly it reads nothing. */
    @Test
    void neverReadsOtherwiseThanTheRules() {
        assertThat(quick(USUAL)).isInstanceOf(UsageRecord.class).isEqualTo(slow(USUAL));
        var random = new Random(7);
        String alphabet = "0123456789.,:\"{}[]-+eEZzTt \\/\u0001\u007f\u00e9nulvoids";
        int read = 0;
        for (int n = 0; n < 200_000; n++) {
            var line = new StringBuilder(USUAL);
            for (int damage = random.nextInt(3); damage >= 0; damage--) {
                int at = random.nextInt(line.length());
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(4)) {
                    case 0 -> line.setCharAt(at, c);
                    case 1 -> line.insert(at, c);
                    case 2 -> line.deleteCharAt(at);
                    default -> line.delete(at, Math.min(line.length(), at + 1 + random.nextInt(30)));
                }
            }
            ParsedLine quick = quick(line.toString());
            if (quick != null) {
                read++;
                assertThat(quick).as(line.toString()).isEqualTo(slow(line.toString()));
            }
        }
        assertThat(read).isGreaterThan(10_000);
    }
}
