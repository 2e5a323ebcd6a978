package io.postpaid.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the stand-in knows. The objects themselves stay in the journal and are read from there when asked for; kept in
 * memory is only in which line the newest version of each is, so that 100,000 customers need no gigabytes.
 *
 * <p>One line is the effect of one request: {@code n}, the last number that an id was made from; {@code at}, the second
 * it happened; {@code objects}, each version of each object it wrote, in order; and with an idempotency key
 * {@code key}, {@code print}, {@code status} and {@code answer}, either the answer itself or which of the objects it is.
 * An event says which version it tells of by {@code of}.
 */
final class StripeState implements AutoCloseable {
    /** Stripe may forget a key after this; a stand-in that remembers longer would hide a late replay's danger. */
    private static final Duration KEY_LIFETIME = Duration.ofHours(24);

    private static final Map<String, List<String>> INDEXED = Catalog.STRIPE.kinds().stream()
            .collect(Collectors.toUnmodifiableMap(Catalog.Kind::name, Catalog.Kind::indexed));

    /** A line of the journal. */
    private record Line(long from, int length) {}

    /** The newest version of an object: the line that wrote it, and which of its objects it is. */
    private record Stored(Line line, int place, long created) {}

    /** What was answered to an idempotency key, and the fingerprint of what had been asked. */
    private record Answered(String print, int status, Line line, long at) {}

    /** A kept answer in full. */
    record Replay(String print, int status, byte[] body) {}

    private final Journal journal;
    private final Map<String, Stored> objects = new HashMap<>();
    private final Map<String, Answered> answers = new HashMap<>();
    /** Ids, oldest first, by kind, field and value. Ids are counted, so their order is that of time. */
    private final Map<List<String>, List<String>> index = new HashMap<>();

    private long number;

    StripeState(Path file) {
        this.journal = new Journal(file, this::apply);
    }

    <T> T exclusively(Journal.FileWork<T> work) throws IOException {
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
    ObjectNode find(String id) {
        var stored = objects.get(id);
        if (stored == null) return null;
        var versions = read(stored.line()).path("objects");
        var object = (ObjectNode) versions.get(stored.place());
        var snapshot = object.remove("of");
        if (snapshot != null) object.putObject("data").set("object", versions.get(snapshot.intValue()));
        return object;
    }

    @Nullable
    Replay replay(String key, Instant now) {
        var kept = answers.get(key);
        if (kept == null || now.getEpochSecond() >= kept.at() + KEY_LIFETIME.toSeconds()) return null;
        var line = read(kept.line());
        var answer = line.path("answer");
        return new Replay(
                kept.print(),
                kept.status(),
                Tree.bytes(answer.isInt() ? line.path("objects").get(answer.intValue()) : answer));
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
        return index.getOrDefault(List.of(kind, field, value), List.of());
    }

    private void index(String kind, String field, String value, String id) {
        var ids = index.computeIfAbsent(List.of(kind, field, value), list -> new ArrayList<>(1));
        var at = ids.isEmpty() || ids.getLast().compareTo(id) < 0 ? ids.size() : firstAtOrAfter(ids, id);
        if (at == ids.size() || !ids.get(at).equals(id)) ids.add(at, id);
    }

    private static int firstAtOrAfter(List<String> ids, String id) {
        var found = Collections.binarySearch(ids, id);
        return found < 0 ? -found - 1 : found;
    }

    private ObjectNode read(Line line) {
        try {
            return Tree.object(journal.read(line.from(), line.length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void apply(long position, byte[] written) {
        var line = new Line(position, written.length);
        var effect = Tree.object(written);
        number = effect.path("n").longValue();
        int place = 0;
        for (var object : effect.path("objects"))
            apply(object, new Stored(line, place++, object.path("created").longValue(0)));
        if (effect.has("key")) {
            answers.put(
                    Tree.text(effect, "key"),
                    new Answered(
                            Tree.text(effect, "print"),
                            effect.path("status").intValue(),
                            line,
                            effect.path("at").longValue()));
        }
    }

    private void apply(JsonNode object, Stored stored) {
        var id = Tree.text(object, "id");
        var kind = Tree.text(object, "object");
        objects.put(id, stored);
        index(kind, "", "", id);
        for (var field : INDEXED.getOrDefault(kind, List.of())) {
            if (object.path(field).isString()) index(kind, field, Tree.text(object, field), id);
        }
    }
}
