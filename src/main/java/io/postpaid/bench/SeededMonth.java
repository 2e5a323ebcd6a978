package io.postpaid.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Random;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/** Usage of many accounts, made up from a seed and written as it is made. */
final class SeededMonth {
    static final String PRICES = """
            currency: USD
            products:
              audio: {unit: second, listed_per: 60, listed_unit: minute}
              image: {unit: image}
              text:  {unit: word}
            prices:
              - {product: audio, effective_from: 2025-01-01, amount: "0.0639", per: 60}
              - {product: image, effective_from: 2025-01-01, amount: "0.00204"}
              - product: text
                effective_from: 2025-01-01
                model: graduated
                tiers: [{up_to: 1000000, amount: "0.00024"}, {amount: "0.00018"}]
            """;
    static final String[] PRODUCTS = {"audio", "image", "text"};
    private static final int SECONDS_A_DAY = 86_400;

    private SeededMonth() {}

    static String account(long n) {
        return "bench-%05d".formatted(n);
    }

    /** A call with what is billed of it. */
    record Call(String id, String account, String product, String quantity, LocalDateTime at) {}

    /** How a log begins, writes each call, and ends. */
    record Form(String begin, Function<Call, String> line, String between, String end) {}

    static final Form OWN_NAMES =
            lines(call -> """
                    {"id":"%s","account":"%s","product":"%s","quantity":"%s","occurred_at":"%tFT%<tTZ","outcome":"succeeded","operation":"predict"}""".formatted(call.id(), call.account(), call.product(), call.quantity(), call.at()));

    static Form lines(Function<Call, String> line) {
        return new Form("", line, "\n", "\n");
    }

    /** Writes records of some days in the order of time. */
    static void write(Path file, Form form, long records, int accounts, LocalDate first, int days) throws IOException {
        var random = new Random(first.toEpochDay());
        try (var out = new BufferedWriter(
                new OutputStreamWriter(
                        new GZIPOutputStream(Files.newOutputStream(file), 1 << 16), StandardCharsets.UTF_8),
                1 << 16)) {
            out.write(form.begin());
            for (long n = 0; n < records; n++) {
                if (n > 0) out.write(form.between());
                var call = new Call(
                        first + "-" + n,
                        account(random.nextInt(accounts)),
                        PRODUCTS[random.nextInt(PRODUCTS.length)],
                        random.nextInt(1, 60) + "." + random.nextInt(1, 10),
                        first.atStartOfDay().plusSeconds(n * days * SECONDS_A_DAY / records));
                out.write(form.line().apply(call));
            }
            out.write(form.end());
        }
    }
}
