package io.postpaid.usage.intake;

import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.mapping.Opened;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file on the disk that can be read again and again.
 *
 * @param name under which it is kept in the books
 */
record UsageFile(Path path, String name, @Nullable Mapping mapping) {
    static UsageFile of(Path path, @Nullable Mapping mapping) {
        return new UsageFile(path, String.valueOf(path.getFileName()), mapping);
    }

    Opened open() throws IOException {
        return Opened.file(path, name, mapping);
    }
}
