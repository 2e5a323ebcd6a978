package io.postpaid.usage.aggregate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Usage of a month drawn by chance, with all that may be wrong with it, in folders of files as they come one after the other. */
final class UsageMonth {
    private static final String[] ACCOUNTS = {"acme", "globex"};
    private static final String[] PRODUCTS = {"audio", "image", "text", "feed"};

    private final Random random;
    private final List<String> sent = new ArrayList<>();
    private final List<Integer> voided = new ArrayList<>();
    private int next;

    UsageMonth(long seed) {
        random = new Random(seed);
    }

    /** @param lines of each file; the third is CSV, and the last one is empty */
    void write(Path folder, int files, int lines) throws IOException {
        Files.createDirectories(folder);
        for (int n = 0; n < files; n++) {
            var text = new StringBuilder();
            for (int i = 0; i < lines; i++) text.append(line()).append('\n');
            Files.writeString(folder.resolve("part-" + n + ".ndjson"), text);
        }
        Files.writeString(folder.resolve("table.csv"), table(lines));
        Files.writeString(folder.resolve("zero.ndjson"), "");
    }

    private String line() {
        return switch (random.nextInt(40)) {
            case 0, 1 -> sent.isEmpty() ? record(next++, day()) : sent.get(random.nextInt(sent.size()));
            // The same key, and mostly another day.
            case 2 -> record(random.nextInt(next + 1), day());
            case 3 -> record(next++, "2026-06-0" + (1 + random.nextInt(9)));
            case 4 -> record(next++, "2026-11-03");
            case 5 -> record(next++, day()).substring(0, 30);
            case 6 -> record(next++, day()).replace("\"account\":\"", "\"account\":\"not-");
            case 7 -> record(next++, day()).replace("\"product\":\"", "\"product\":\"not-");
            case 8 -> record(next++, day()).replace("\"quantity\":\"", "\"quantity\":\"-");
            case 9 ->
                correction(voided.isEmpty() || random.nextInt(4) > 0 ? random.nextInt(next + 1) : voided.getFirst());
            // Of a record that may still come.
            case 10 -> correction(next + random.nextInt(20));
            case 11 -> "\u0000" + record(next++, day());
            case 12 -> record(next++, day()).replace("}", ",\"outcome\":\"failed\"}");
            default -> fresh();
        };
    }

    private String fresh() {
        var line = record(next++, day());
        sent.add(line);
        return line;
    }

    private String day() {
        return "2026-10-%02d".formatted(1 + random.nextInt(31));
    }

    private String correction(int of) {
        voided.add(of);
        return """
                {"source":"cluster","id":"void-%d-%d","type":"void","voids":"rec-%d","account":"%s","occurred_at":"2026-10-31T00:00:00Z"}""".formatted(of, random.nextInt(2), of, ACCOUNTS[of % 2]);
    }

    private String record(int id, String day) {
        return """
                {"source":"cluster","id":"rec-%d","account":"%s","product":"%s","quantity":"%d.%d","occurred_at":"%sT%02d:00:00Z"}""".formatted(
                        id,
                        ACCOUNTS[id % 2],
                        PRODUCTS[random.nextInt(4)],
                        random.nextInt(1000),
                        random.nextInt(1_000_000_000),
                        day,
                        random.nextInt(24));
    }

    private String table(int lines) {
        var text = new StringBuilder("source,id,account,product,quantity,occurred_at\n");
        for (int i = 0; i < lines / 4; i++) {
            text.append("table,%d,%s,audio,%d,%sT00:00:00Z\n"
                    .formatted(random.nextInt(lines), ACCOUNTS[random.nextInt(2)], random.nextInt(9), day()));
        }
        return text.toString();
    }
}
