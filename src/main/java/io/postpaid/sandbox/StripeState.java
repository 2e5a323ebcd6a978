package io.postpaid.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the stand-in knows. The objects themselves stay in the journal and are read from there when asked for; kept in
 * memory is only where the newest version of each begins, so that 100,000 customers need no gigabytes.
 *
 * <p>One line is the effect of one request: {@code n}, the last number that an id was made from; {@code at}, the second
 * it happened; {@code objects}, each version of each object it wrote, in order; and with an idempotency key
 * {@code key}, {@code print}, {@code status} and {@code answer}, either the answer itself or which of the objects it is.
 * An event says which version it tells of by {@code of}.
 */
final class StripeState implements AutoCloseable {
    /** Stripe may forget a key after this; a stand-in that remembers longer would hide a late replay's danger. */
    private static final Duration KEY_LIFETIME = Duration.ofHours(24);

    private static final Map<String, List<String>> INDEXED = Map.of(
            "customer", List.of("email"),
            "payment_method", List.of("customer"),
            "payment_intent", List.of("customer"),
            "charge", List.of("payment_intent", "customer"),
            "refund", List.of("charge", "payment_intent"),
            "dispute", List.of("charge", "payment_intent"),
            "balance_transaction", List.of("source", "type"),
            "event", List.of("type"));

    private static final Set<String> NEEDED = Stream.concat(
                    Stream.of("id", "object"), INDEXED.values().stream().flatMap(List::stream))
            .collect(Collectors.toUnmodifiableSet());

    /** Where a piece of JSON stands in the journal. */
    private record Span(long from, int length) {}

    /** The newest version of an object; an event also has the version of the object that it tells of. */
    private record Stored(Span span, long created, @Nullable Span snapshot) {}

    /** What was answered to an idempotency key, and the fingerprint of what had been asked. */
    private record Kept(String print, int status, Span span, long at) {}

    /** A kept answer in full. */
    record Replay(String print, int status, byte[] body) {}

    private final Journal journal;
    private final Map<String, Stored> objects = new HashMap<>();
    private final Map<String, Kept> answers = new HashMap<>();
    /** Ids, oldest first, by kind, field and value. Ids are counted, so their order is that of time. */
    private final Map<String, List<String>> index = new HashMap<>();

    private long number;

    StripeState(Path file) {
        this.journal = new Journal(file, this::apply);
    }

    <T> T exclusively(Journal.Work<T> work) throws IOException {
        return journal.exclusively(work);
    }

    void append(byte[] line) throws IOException {
        journal.append(line);
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }

    long number() {
        return number;
    }

    boolean has(String id) {
        return objects.containsKey(id);
    }

    long created(String id) {
        var stored = objects.get(id);
        return stored == null ? 0 : stored.created();
    }

    @Nullable
    ObjectNode find(String id) throws IOException {
        var stored = objects.get(id);
        if (stored == null) {
            return null;
        }
        var object = Json.object(read(stored.span()));
        if (stored.snapshot() != null) {
            object.remove("of");
            object.putObject("data").set("object", Json.object(read(stored.snapshot())));
        }
        return object;
    }

    @Nullable
    Replay replay(String key, Instant now) throws IOException {
        var kept = answers.get(key);
        if (kept == null || now.getEpochSecond() >= kept.at() + KEY_LIFETIME.toSeconds()) {
            return null;
        }
        return new Replay(kept.print(), kept.status(), read(kept.span()));
    }

    /** Ids, newest first, of the objects of a kind (field and value empty) or of those that once had this value. */
    Stream<String> newestFirst(String kind, String field, String value, String startingAfter) {
        var ids = ids(kind, field, value);
        var end = startingAfter.isEmpty() ? ids.size() : firstAtOrAfter(ids, startingAfter);
        return ids.subList(0, end).reversed().stream();
    }

    /** The same the other way round, from the object after the given one on. */
    Stream<String> oldestFirst(String kind, String field, String value, String endingBefore) {
        var ids = ids(kind, field, value);
        return ids.subList(firstAtOrAfter(ids, endingBefore), ids.size()).stream()
                .filter(id -> !id.equals(endingBefore));
    }

    private List<String> ids(String kind, String field, String value) {
        return index.getOrDefault(listOf(kind, field, value), List.of());
    }

    private void index(String kind, String field, String value, String id) {
        var ids = index.computeIfAbsent(listOf(kind, field, value), list -> new ArrayList<>(1));
        var at = ids.isEmpty() || ids.getLast().compareTo(id) < 0 ? ids.size() : firstAtOrAfter(ids, id);
        if (at == ids.size() || !ids.get(at).equals(id)) {
            ids.add(at, id);
        }
    }

    private static int firstAtOrAfter(List<String> ids, String id) {
        var found = Collections.binarySearch(ids, id);
        return found < 0 ? -found - 1 : found;
    }

    private static String listOf(String kind, String field, String value) {
        return kind + '\0' + field + '\0' + value;
    }

    private byte[] read(Span span) throws IOException {
        return journal.read(span.from(), span.length());
    }

    private void apply(long position, byte[] buffer, int from, int length) {
        try (var parser = Json.MAPPER.createParser(buffer, from, length)) {
            new Line(position, parser).apply();
        }
    }

    /** Goes through one line without building trees: most of what a journal holds is never asked for again. */
    private final class Line {
        private final long position;
        private final JsonParser parser;
        private final List<Span> versions = new ArrayList<>();
        private long at;
        private String key = "";
        private String print = "";
        private int status;

        Line(long position, JsonParser parser) {
            this.position = position;
            this.parser = parser;
        }

        void apply() {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                var name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "n" -> number = parser.getLongValue();
                    case "at" -> at = parser.getLongValue();
                    case "key" -> key = parser.getString();
                    case "print" -> print = parser.getString();
                    case "status" -> status = parser.getIntValue();
                    case "objects" -> objects();
                    case "answer" -> answers.put(key, new Kept(print, status, answer(), at));
                    default -> parser.skipChildren();
                }
            }
        }

        private void objects() {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                object();
            }
        }

        private void object() {
            var from = start();
            var fields = new HashMap<String, String>();
            var created = 0L;
            Span snapshot = null;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                var name = parser.currentName();
                switch (parser.nextToken()) {
                    case VALUE_STRING -> {
                        if (NEEDED.contains(name)) {
                            fields.put(name, parser.getString());
                        }
                    }
                    case VALUE_NUMBER_INT -> {
                        if (name.equals("created")) {
                            created = parser.getLongValue();
                        } else if (name.equals("of")) {
                            snapshot = versions.get(parser.getIntValue());
                        }
                    }
                    default -> parser.skipChildren();
                }
            }
            var span = new Span(from, (int) (end() - from));
            versions.add(span);
            var id = fields.getOrDefault("id", "");
            var kind = fields.getOrDefault("object", "");
            objects.put(id, new Stored(span, created, snapshot));
            index(kind, "", "", id);
            for (var field : INDEXED.getOrDefault(kind, List.of())) {
                var value = fields.get(field);
                if (value != null) {
                    index(kind, field, value, id);
                }
            }
        }

        private Span answer() {
            if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                return versions.get(parser.getIntValue());
            }
            var from = start();
            parser.skipChildren();
            return new Span(from, (int) (end() - from));
        }

        private long start() {
            return position + parser.currentTokenLocation().getByteOffset();
        }

        private long end() {
            return position + parser.currentLocation().getByteOffset();
        }
    }
}
