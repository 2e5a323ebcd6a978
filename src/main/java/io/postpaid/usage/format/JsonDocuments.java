package io.postpaid.usage.format;

import java.io.ByteArrayOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** Cuts JSON as programs send it into the lines that files have: an array's elements, or values one after the other. */
public final class JsonDocuments {
    private JsonDocuments() {}

    /** The body is not JSON, so that nobody could say which records it has. */
    public static final class NotJson extends RuntimeException {
        NotJson(String message) {
            super(message, null, false, false);
        }
    }

    /** @throws NotJson where the body is broken */
    public static byte[] lines(byte[] body) {
        // The parser would read UTF-16 and UTF-32 too, and count its characters where bytes are cut.
        for (byte one : body) {
            if (one == 0) throw new NotJson("The body is not JSON in UTF-8");
        }
        var lines = new ByteArrayOutputStream(body.length + 16);
        try (JsonParser json = JsonLines.JSON.createParser(ObjectReadContext.empty(), body)) {
            boolean array = false;
            for (var token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.END_ARRAY) {
                    array = false;
                } else if (token == JsonToken.START_ARRAY && !array) {
                    array = true;
                } else {
                    int from = (int) json.currentTokenLocation().getByteOffset();
                    json.skipChildren();
                    // Scalars are read to their end only when asked for.
                    json.getString();
                    int to = (int) json.currentLocation().getByteOffset();
                    line(body, from, to, lines);
                }
            }
            return lines.toByteArray();
        } catch (JacksonException e) {
            throw new NotJson("The body is " + JsonLines.notJson(e).replace("a JSON object", "JSON"));
        }
    }

    /** JSON has line breaks between its tokens only, where a space does as well. */
    private static void line(byte[] body, int from, int to, ByteArrayOutputStream lines) {
        for (int i = from; i < to; i++) lines.write(body[i] == '\n' || body[i] == '\r' ? ' ' : body[i]);
        lines.write('\n');
    }
}
