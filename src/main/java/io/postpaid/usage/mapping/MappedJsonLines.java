package io.postpaid.usage.mapping;

import io.postpaid.usage.format.JsonLines;
import io.postpaid.usage.format.LineParser;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Malformed;
import io.postpaid.usage.record.RecordDraft.Unfit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads a JSON object a line through a mapping. */
record MappedJsonLines(Mapping mapping, JsonCells cells) implements LineParser {
    MappedJsonLines(Mapping mapping) {
        this(mapping, new JsonCells(mapping.columns(), Required.plain(mapping.records())));
    }

    @Override
    public ParsedLine parse(byte[] bytes, int from, int length, long line, @Nullable String lineId) {
        try {
            return mapping.read(new Cells(cells.of(bytes, from, length), line, lineId));
        } catch (JacksonException e) {
            return Malformed.because(JsonLines.notJson(e));
        } catch (Unfit e) {
            return e.line();
        }
    }
}
