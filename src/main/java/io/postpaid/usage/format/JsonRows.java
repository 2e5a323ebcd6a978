package io.postpaid.usage.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the rows of JSON documents of any length: the values at the end of a path of names, each element by itself where there is a
 * list on the way. A row also has what its mapping names of the objects around it, under {@code ^}, and under {@code ^} in that
 * of those around these.
 */
public final class JsonRows implements RowSource {
    /** How much is kept until what a row needs of an object around it has come, which may stand behind the rows. */
    private static final long WAITING_BYTES = 8 << 20;

    /** One row that is too deep, or has too long a name or number, is for whoever reads the row to refuse, and no other row with it. */
    private static final int DEEPEST = 100_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build();

    /** What a row takes beside its text. */
    private static final int ROW_BYTES = 100;

    private static final byte[] NOTHING = {'{', '}'};

    /** An object on the way, with what is kept of it; level 1 is the one that the rows stand in. */
    private static final class Around {
        private final int level;
        private final Set<String> wanted;
        private final Map<String, byte[]> found = new HashMap<>();
        private final @Nullable Around outer;
        /** Whether it has what leads on to the rows. */
        private boolean leadsOn;

        private boolean closed;

        Around(int level, Set<String> wanted, @Nullable Around outer) {
            this.level = level;
            this.wanted = wanted;
            this.outer = outer;
        }

        boolean isKnown() {
            return (closed || found.size() == wanted.size()) && (outer == null || outer.isKnown());
        }
    }

    private record Row(byte[] bytes, @Nullable Around around) {}

    private final JsonParser json;
    private final List<String> path;
    private final List<Set<String>> wanted;
    private final ArrayDeque<Row> rows = new ArrayDeque<>();
    /** Where the reader is: an object on the way, or null for a list. */
    private final ArrayDeque<Step> steps = new ArrayDeque<>();

    private long waiting;
    private boolean pathSeen;
    private boolean listBegun;
    private boolean ended;

    /** @param depth how many names of the path lead to what is in it */
    private record Step(int depth, @Nullable Around object) {}

    /**
     * @param path the names that lead to the rows; none for the document itself
     * @param wanted what is kept of the objects around a row, from the one that it stands in outwards
     */
    public JsonRows(InputStream stream, List<String> path, List<Set<String>> wanted) throws IOException {
        try {
            this.json = JSON.createParser(ObjectReadContext.empty(), text(stream));
        } catch (JacksonException e) {
            throw broken(e);
        }
        this.path = path;
        this.wanted = wanted;
    }

    private static InputStream text(InputStream stream) throws IOException {
        return new JsonText(Transcoded.of(Unpacked.of(stream), null));
    }

    @Override
    public byte @Nullable [] next() throws IOException {
        try {
            while (true) {
                var first = pathSeen ? rows.peek() : null;
                if (first != null && (first.around() == null || first.around().isKnown() || ended)) {
                    rows.remove();
                    waiting -= first.bytes().length + ROW_BYTES;
                    return whole(first);
                }
                if (ended) return null;
                if (waiting > WAITING_BYTES) {
                    if (!pathSeen) throw noRows();
                    throw new IOException("what is named of the objects around the rows does not come within "
                            + (WAITING_BYTES >> 20) + " MB of them");
                }
                step();
            }
        } catch (JacksonException e) {
            throw broken(e);
        }
    }

    private static IOException broken(JacksonException e) {
        if (e.getCause() instanceof IOException cause) return cause;
        var at = e.getLocation();
        return new IOException(
                JsonLines.notJson(e).replace("a JSON object", "JSON")
                        + (at == null ? "" : ", in line " + at.getLineNr() + " column " + at.getColumnNr()),
                e);
    }

    private void step() throws IOException {
        var token = json.nextToken();
        if (token == null) {
            ended = true;
            if (!pathSeen && !path.isEmpty()) throw noRows();
            return;
        }
        // A list without elements has no rows, and this can be said of it.
        pathSeen |= listBegun && token == JsonToken.END_ARRAY;
        listBegun = false;
        var step = steps.peek();
        switch (token) {
            case END_OBJECT, END_ARRAY -> {
                var object = steps.pop().object();
                if (object != null) close(object);
            }
            case PROPERTY_NAME -> member(step, json.currentName(), json.nextToken());
            default -> value(token, step == null ? 0 : step.depth());
        }
    }

    private IOException noRows() {
        return new IOException(
                "the document has no " + String.join(".", path) + ", where the mapping says the rows are");
    }

    private void member(@Nullable Step in, String name, JsonToken value) throws IOException {
        if (in == null || in.object() == null) throw new IllegalStateException("a name outside of an object");
        if (name.equals(path.get(in.depth()))) {
            if (in.object().leadsOn) throw new IOException(name + " is given twice");
            in.object().leadsOn = true;
            value(value, in.depth() + 1);
        } else if (in.object().wanted.contains(name)) {
            if (in.object().found.put(name, copy()) != null) throw new IOException(name + " is given twice");
        } else {
            json.skipChildren();
        }
    }

    /** What should lead to rows and does not is a row itself, which the mapping finds nothing in: none of a file is passed over. */
    private void close(Around object) {
        object.closed = true;
        if (!object.leadsOn) add(new Row(NOTHING, object));
    }

    private void value(JsonToken token, int depth) throws IOException {
        pathSeen |= depth == path.size();
        if (token == JsonToken.START_ARRAY) {
            steps.push(new Step(depth, null));
            listBegun = true;
        } else if (depth == path.size() || token != JsonToken.START_OBJECT) {
            add(new Row(copy(), around()));
        } else {
            int level = path.size() - depth;
            var names = level <= wanted.size() ? wanted.get(level - 1) : Set.<String>of();
            steps.push(new Step(depth, new Around(level, names, around())));
        }
    }

    private void add(Row row) {
        waiting += row.bytes().length + ROW_BYTES;
        rows.add(row);
    }

    private @Nullable Around around() {
        for (var step : steps) {
            if (step.object() != null) return step.object();
        }
        return null;
    }

    /** The row with what is kept of the objects around it. */
    private byte[] whole(Row row) {
        var out = new ByteArrayOutputStream(row.bytes().length + 64);
        int end = row.bytes().length - 1;
        if (wanted.isEmpty() || row.around() == null || row.bytes()[end] != '}') return row.bytes();
        out.write(row.bytes(), 0, end);
        if (end > 1) out.write(',');
        write(row.around(), out);
        out.write('}');
        return out.toByteArray();
    }

    private void write(Around around, ByteArrayOutputStream out) {
        out.writeBytes("\"^\":{".getBytes(StandardCharsets.UTF_8));
        boolean more = false;
        for (String name : around.wanted) {
            byte[] value = around.found.get(name);
            if (value == null) continue;
            if (more) out.write(',');
            more = true;
            out.writeBytes(JsonLines.quoted(name).getBytes(StandardCharsets.UTF_8));
            out.write(':');
            out.writeBytes(value);
        }
        if (around.outer != null && around.level < wanted.size()) {
            if (more) out.write(',');
            write(around.outer, out);
        }
        out.write('}');
    }

    /** The value where the reader is, without white space; of one that is longer than a line may be, its beginning. */
    private byte[] copy() {
        var out = new ByteArrayOutputStream(512);
        try (JsonGenerator copy = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            int depth = 0;
            do {
                if (out.size() <= RawLines.LINE_LIMIT) copy(copy);
                var token = json.currentToken();
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            } while (depth > 0 && json.nextToken() != null);
        }
        return out.toByteArray();
    }

    private void copy(JsonGenerator copy) {
        switch (json.currentToken()) {
            // Numbers as they were written.
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> copy.writeNumber(json.getString());
            default -> copy.copyCurrentEvent(json);
        }
    }

    @Override
    public void close() {
        json.close();
    }
}
