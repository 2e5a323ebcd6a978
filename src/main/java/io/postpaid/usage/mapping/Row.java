package io.postpaid.usage.mapping;

import org.jspecify.annotations.Nullable;

/** What one line of a log has in the columns that the mapping names. */
interface Row {
    /** Null where the line has no such column, empty where nothing or null stands in it. */
    @Nullable
    String cell(int column);

    /** Counted from 1 in the file. */
    long line();

    /** What stands for the line where it has no id of its own; null where the mapping asks for none. */
    @Nullable
    String lineId();
}
