package io.postpaid.usage.mapping;

import io.postpaid.usage.format.JsonLines;
import io.postpaid.usage.format.LineParser;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Malformed;
import io.postpaid.usage.record.RecordDraft.Unfit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/** Reads a JSON object a line through a mapping; members of nested objects are named with dots. */
record MappedJsonLines(Mapping mapping) implements LineParser {

    @Override
    public ParsedLine parse(byte[] bytes, int from, int length, long line, @Nullable String lineId) {
        try (JsonParser json = JsonLines.object(bytes, from, length)) {
            var values = new HashMap<String, String>();
            members(json, "", values);
            JsonLines.end(json);
            return mapping.read(values::get, line, lineId);
        } catch (JacksonException e) {
            return Malformed.because(JsonLines.notJson(e));
        } catch (Unfit e) {
            return e.line();
        }
    }

    private static void members(JsonParser json, String prefix, Map<String, String> values) {
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            switch (json.nextToken()) {
                case START_OBJECT -> members(json, prefix + name + ".", values);
                case START_ARRAY -> json.skipChildren();
                case VALUE_NULL -> {}
                case null, default -> {
                    if (values.put(prefix + name, json.getString()) != null) {
                        throw new Unfit(prefix + name + " is given twice");
                    }
                }
            }
        }
    }
}
