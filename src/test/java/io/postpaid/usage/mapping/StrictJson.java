package io.postpaid.usage.mapping;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JSON as RFC 8259 has it and no wider, read by hand: what the product reads with a library is held against this. */
final class StrictJson {
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

    /** It is not JSON, or says a thing twice. */
    static final class Odd extends RuntimeException {
        private static final long serialVersionUID = 1;

        Odd(String message) {
            super(message);
        }
    }

    sealed interface Value {
        record Text(String text) implements Value {}

        record Digits(String text) implements Value {}

        record Word(String text) implements Value {}

        record Items(List<Value> values) implements Value {}

        record Members(List<Member> members) implements Value {}
    }

    /** @param from where its name begins, and where its value does, and where that ends */
    record Member(String name, int from, int valueFrom, int to, Value value) {}

    private final String text;
    private final Set<Value> torn = Collections.newSetFromMap(new IdentityHashMap<>());
    private int at;
    /** Whether what comes before a fault is wanted. */
    private boolean goesOn;

    private boolean broken;

    private StrictJson(String text) {
        this.text = text;
    }

    static Value read(String text) {
        var reader = new StrictJson(text);
        var value = reader.value();
        reader.space();
        if (reader.at < text.length()) throw new Odd("more behind it");
        return value;
    }

    /** What is there up to the first fault, if there is one: lists and objects that it breaks off are {@code torn}. */
    record Stream(List<Value> values, boolean breaksOff, Set<Value> torn) {}

    /** Values one after the other. */
    static Stream stream(String text) {
        var reader = new StrictJson(text);
        reader.goesOn = true;
        var values = new ArrayList<Value>();
        try {
            for (reader.space(); reader.at < text.length() && !reader.broken; reader.space())
                values.add(reader.value());
        } catch (Odd e) {
            reader.broken = true;
        }
        return new Stream(values, reader.broken, reader.torn);
    }

    /** All members of it, at any depth, with where they stand. */
    static List<Member> members(Value value) {
        var all = new ArrayList<Member>();
        switch (value) {
            case Value.Members of ->
                of.members().forEach(member -> {
                    all.add(member);
                    all.addAll(members(member.value()));
                });
            case Value.Items of -> of.values().forEach(each -> all.addAll(members(each)));
            default -> {}
        }
        return all;
    }

    /** The first of this name; null where there is none. */
    static @Nullable Value first(@Nullable Value value, String name) {
        return value instanceof Value.Members of
                ? of.members().stream()
                        .filter(member -> member.name().equals(name))
                        .map(Member::value)
                        .findFirst()
                        .orElse(null)
                : null;
    }

    /** Null where there is none. */
    static @Nullable Value at(@Nullable Value value, String... names) {
        var found = value;
        for (String name : names) {
            if (!(found instanceof Value.Members of)) return null;
            var all = of.members().stream()
                    .filter(member -> member.name().equals(name))
                    .toList();
            if (all.size() > 1) throw new Odd(name + " twice");
            found = all.isEmpty() ? null : all.getFirst().value();
        }
        return found;
    }

    /** Of equal values the same text. */
    static String canonical(Value value) {
        return switch (value) {
            case Value.Text of -> quoted(of.text());
            case Value.Digits of -> of.text();
            case Value.Word of -> of.text();
            case Value.Items of ->
                "["
                        + String.join(
                                ",",
                                of.values().stream().map(StrictJson::canonical).toList()) + "]";
            case Value.Members of -> {
                var sorted = new TreeMap<String, String>();
                for (var member : of.members()) {
                    if (sorted.put(member.name(), canonical(member.value())) != null) throw new Odd("twice");
                }
                yield object(sorted);
            }
        };
    }

    /** @param members of names and JSON */
    static String object(Map<String, String> members) {
        return "{"
                + String.join(
                        ",",
                        members.entrySet().stream()
                                .map(member -> quoted(member.getKey()) + ":" + member.getValue())
                                .toList())
                + "}";
    }

    static String quoted(String text) {
        var out = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') out.append('\\').append((char) c);
            else if (c < ' ') out.append("\\u%04x".formatted(c));
            else out.append((char) c);
        });
        return out.append('"').toString();
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
    }

    private char next() {
        if (at == text.length()) throw new Odd("breaks off");
        return text.charAt(at++);
    }

    private void expect(char wanted) {
        if (next() != wanted) throw new Odd("no " + wanted);
    }

    private boolean comes(char wanted) {
        space();
        if (at == text.length() || text.charAt(at) != wanted) return false;
        at++;
        return true;
    }

    private Value value() {
        space();
        if (comes('{')) return object();
        if (comes('[')) return list();
        if (at < text.length() && text.charAt(at) == '"') return new Value.Text(string());
        for (String word : List.of("true", "false", "null")) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return ended(new Value.Word(word));
            }
        }
        var number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) throw new Odd("no value");
        at = number.end();
        return ended(new Value.Digits(number.group()));
    }

    private Value ended(Value value) {
        if (at < text.length() && " \t\r\n,]}".indexOf(text.charAt(at)) < 0) throw new Odd("more behind it");
        return value;
    }

    private Value list() {
        var values = new ArrayList<Value>();
        return whole(new Value.Items(values), () -> {
            if (comes(']')) return;
            do values.add(value());
            while (!broken && comes(','));
            if (!broken) expect(']');
        });
    }

    private Value object() {
        var members = new ArrayList<Member>();
        return whole(new Value.Members(members), () -> {
            if (comes('}')) return;
            do members.add(member());
            while (!broken && comes(','));
            if (!broken) expect('}');
        });
    }

    private Value whole(Value value, Runnable read) {
        try {
            read.run();
        } catch (Odd e) {
            if (!goesOn) throw e;
            broken = true;
        }
        if (broken) torn.add(value);
        return value;
    }

    private Member member() {
        space();
        int from = at;
        String name = string();
        space();
        expect(':');
        space();
        int valueFrom = at;
        var value = value();
        return new Member(name, from, valueFrom, at, value);
    }

    private String string() {
        expect('"');
        var out = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            if (c < ' ') throw new Odd("a control character");
            out.append(c == '\\' ? escaped() : c);
        }
        return out.toString();
    }

    private char escaped() {
        char c = next();
        int plain = "\"\\/bfnrt".indexOf(c);
        if (plain >= 0) return "\"\\/\b\f\n\r\t".charAt(plain);
        if (c != 'u') throw new Odd("no escape");
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = "0123456789abcdef".indexOf(Character.toString(next()).toLowerCase(Locale.ROOT));
            if (digit < 0) throw new Odd("no escape");
            code = code * 16 + digit;
        }
        return (char) code;
    }
}
