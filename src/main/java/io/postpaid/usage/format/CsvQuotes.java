package io.postpaid.usage.format;

/** Where quotes begin and end in CSV: at the beginning of a cell, and before the delimiter or the line break after it. */
public final class CsvQuotes {
    private CsvQuotes() {}

    public enum State {
        BEGIN,
        PLAIN,
        INSIDE,
        /** Behind a quote that closes the cell, unless another follows at once: two are one that is meant. */
        CLOSED;

        State after(byte next, char delimiter) {
            return switch (this) {
                case INSIDE -> next == '"' ? CLOSED : INSIDE;
                case CLOSED -> next == '"' ? INSIDE : next == delimiter ? BEGIN : PLAIN;
                case BEGIN -> next == '"' ? INSIDE : next == delimiter ? BEGIN : PLAIN;
                case PLAIN -> next == delimiter ? BEGIN : PLAIN;
            };
        }
    }

    /** Whether these bytes end within a quoted cell. */
    public static boolean open(byte[] bytes, int from, int to, char delimiter) {
        int first = from;
        while (first < to && bytes[first] != '"') {
            first++;
        }
        if (first == to) {
            return false;
        }
        var state = State.BEGIN;
        for (int i = from; i < to; i++) {
            state = state.after(bytes[i], delimiter);
        }
        return state == State.INSIDE;
    }
}
