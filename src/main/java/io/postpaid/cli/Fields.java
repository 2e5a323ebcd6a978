package io.postpaid.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How one kind of item is answered: its fields in JSON, and its columns in a table, each in the order they are added in. */
final class Fields<T> {
    private record Head<T>(String text, Function<T, ? extends @Nullable Object> value) {}

    private final List<BiConsumer<T, Map<String, @Nullable Object>>> fields = new ArrayList<>();
    private final List<Head<T>> columns = new ArrayList<>();

    /** In JSON and in the table. */
    Fields<T> both(String field, String head, Function<T, ? extends @Nullable Object> value) {
        return field(field, value).column(head, value);
    }

    Fields<T> field(String name, Function<T, ? extends @Nullable Object> value) {
        fields.add((item, json) -> json.put(name, value.apply(item)));
        return this;
    }

    /** All that another place puts into JSON. */
    Fields<T> fields(Function<T, ? extends Map<String, ? extends @Nullable Object>> all) {
        fields.add((item, json) -> json.putAll(all.apply(item)));
        return this;
    }

    /** What is null is an empty cell. */
    Fields<T> column(String head, Function<T, ? extends @Nullable Object> value) {
        columns.add(new Head<>(head, value));
        return this;
    }

    /** All fields and columns of another. */
    Fields<T> all(Fields<T> other) {
        fields.addAll(other.fields);
        columns.addAll(other.columns);
        return this;
    }

    Map<String, @Nullable Object> json(T item) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        fields.forEach(field -> field.accept(item, json));
        return json;
    }

    List<Map<String, @Nullable Object>> json(Collection<T> items) {
        return items.stream().map(this::json).toList();
    }

    Table table() {
        return new Table(columns.stream().map(Head::text).toList());
    }

    Table table(Collection<T> items) {
        var table = table();
        items.forEach(item -> table.row(cells(item)));
        return table;
    }

    Object[] cells(T item) {
        return columns.stream()
                .map(column -> Objects.requireNonNullElse(column.value.apply(item), ""))
                .toArray();
    }

    /** @param none the text where there is no item */
    Answer list(Collection<T> items, String none) {
        return Answer.of(json(items), table(items).orElse(none));
    }

    /** The same of a list that may be too long for the memory. */
    Answer listing(Consumer<Consumer<T>> items, String none) {
        return Answer.of(new Listing<>(items, this, none));
    }
}
