package io.postpaid.usage.format;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of a file that is no text of lines, one after the other, each as a JSON object in UTF-8 on one line. */
public interface RowSource extends AutoCloseable {
    /**
     * Null at the end.
     *
     * @throws IOException where the file is broken or breaks off
     */
    byte @Nullable [] next() throws IOException;

    @Override
    void close() throws IOException;
}
