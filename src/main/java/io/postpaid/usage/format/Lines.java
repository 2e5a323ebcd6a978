package io.postpaid.usage.format;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The lines of a file, in batches, with memory for one batch whatever the file's length. */
public sealed interface Lines extends AutoCloseable permits RawLines, DocumentLines {
    /** Null at the end. */
    @Nullable
    LineBatch next(int maxLines);

    /** Why the file broke off, if it did: all whole lines before that were given out. */
    @Nullable
    IOException torn();

    /** Whether the last line that was given out is not ended as lines are: the file may be cut off within it. */
    default boolean endsOpen() {
        return false;
    }

    @Override
    void close();
}
