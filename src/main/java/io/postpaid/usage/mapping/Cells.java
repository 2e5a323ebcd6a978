package io.postpaid.usage.mapping;

import org.jspecify.annotations.Nullable;

/** A line that was taken apart, in the order of the mapping's columns. */
@SuppressWarnings("ArrayRecordComponent")
record Cells(@Nullable String[] cells, long line, @Nullable String lineId) implements Row {
    @Override
    public @Nullable String cell(int column) {
        return cells[column];
    }
}
