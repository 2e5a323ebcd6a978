package io.postpaid.usage.mapping;

import io.postpaid.usage.format.LineParser;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Malformed;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads lines of text through the named groups of a mapping's pattern, which must match the whole line. */
final class TextLines implements LineParser {
    private final Mapping mapping;
    private final LinearPattern pattern;
    private final int[] groups;

    TextLines(Mapping mapping, LinearPattern pattern) {
        this.mapping = mapping;
        this.pattern = pattern;
        this.groups = mapping.columns().stream()
                .mapToInt(column -> pattern.namedGroups().get(column))
                .toArray();
    }

    @Override
    public ParsedLine parse(byte[] bytes, int from, int length, long line, @Nullable String lineId) {
        var cells = pattern.groups(new String(bytes, from, length, StandardCharsets.UTF_8), true, groups);
        if (cells == null) {
            return Malformed.because("the line is not as the pattern says (line %d of the mapping)"
                    .formatted(mapping.input().patternLine()));
        }
        return mapping.read(new Cells(cells, line, lineId));
    }
}
