package io.postpaid.web.console;

import io.postpaid.platform.audit.AuditLog.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Entries of the audit log as pages show them. */
final class AuditRows {
    private static final int VALUE_MAX = 300;

    private AuditRows() {}

    static Map<String, @Nullable Object> row(Entry entry) {
        var row = new HashMap<String, @Nullable Object>();
        row.put("id", entry.id());
        row.put("at", Moments.text(entry.at()));
        row.put("who", entry.who());
        row.put("source", entry.source());
        row.put(
                "what",
                entry.what().equals("batch_job_execution")
                        ? "run"
                        : entry.what().replace('_', ' '));
        row.put("item", entry.item());
        row.put("account", entry.account());
        row.put("href", Hrefs.account(entry.account()));
        row.put(
                "change",
                switch (entry.change()) {
                    case "INSERT" -> "new";
                    case "DELETE" -> "gone";
                    default -> "changed";
                });
        row.put("changes", changes(entry));
        return row;
    }

    private static List<Map<String, String>> changes(Entry entry) {
        var changes = new ArrayList<Map<String, String>>();
        Stream.concat(entry.before().propertyNames().stream(), entry.after().propertyNames().stream())
                .distinct()
                .sorted()
                .forEach(name -> changes.add(Map.of(
                        "name", name.replace('_', ' '),
                        "before",
                                entry.change().equals("INSERT")
                                        ? ""
                                        : value(entry.before().path(name)),
                        "after", value(entry.after().path(name)))));
        return changes;
    }

    private static String value(JsonNode value) {
        var text = value.isMissingNode() || value.isNull()
                ? "–"
                : value.isValueNode() ? value.asString() : value.toString();
        return text.length() > VALUE_MAX ? text.substring(0, VALUE_MAX) + "…" : text;
    }
}
