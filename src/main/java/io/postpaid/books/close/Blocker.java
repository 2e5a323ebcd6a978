package io.postpaid.books.close;

import org.jspecify.annotations.Nullable;

/**
 * What must be settled before a month can be closed.
 *
 * @param example the first of them
 * @param command what helps, as it is typed
 * @param page of the console, which shows them
 */
public record Blocker(String what, long count, @Nullable String example, String command, String page) {

    /** In one line. */
    public String text() {
        return what + (count == 1 ? "" : " (" + count + ")") + (example == null ? "" : ": " + example);
    }
}
