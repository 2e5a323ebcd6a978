package io.postpaid.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command answers.
 *
 * @param json records, lists and maps of them, whose names become snake_case, or a {@link Listing}; money is text already
 * @param text the same for a reader
 */
record Answer(Object json, String text, int exitCode) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    static Answer of(Object json, String text) {
        return new Answer(json, text, 0);
    }

    /** @param well whether the command was carried out and found nothing wrong */
    static Answer of(Object json, String text, boolean well) {
        return new Answer(json, text, well ? 0 : 1);
    }

    /** The command has printed its answer itself, because it may be too long for the memory. */
    static Answer given(int exitCode) {
        return new Answer("", "", exitCode);
    }

    static Answer of(Listing<?> listing) {
        return new Answer(listing, "", 0);
    }

    void print(PrintStream out, boolean asJson) {
        if (json instanceof Listing<?> listing) {
            if (asJson) listing.printJson(out, JSON);
            else listing.print(out);
        } else if (!json.equals("")) {
            // XML says that it is UTF-8, whatever the terminal's locale is.
            new PrintStream(out, true, StandardCharsets.UTF_8).println(asJson ? toJson() : Terminal.typed(text));
        }
    }

    String toJson() {
        return JSON.writeValueAsString(json);
    }
}
