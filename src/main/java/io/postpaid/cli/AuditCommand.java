package io.postpaid.cli;

import io.postpaid.platform.audit.AuditLog;
import io.postpaid.platform.audit.AuditLog.Entry;
import java.time.LocalDate;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(name = "audit", description = "Who changed what, when, from where and why.")
final class AuditCommand implements Callable<Answer> {
    private static final int WIDEST = 60;
    private static final int WIDEST_CHANGE = 200;

    private static final Fields<Entry> ENTRIES = new Fields<Entry>()
            .field("id", Entry::id)
            .both("at", "AT", Entry::at)
            .both("who", "WHO", Entry::who)
            .field("source", Entry::source)
            .column("FROM", entry -> Table.shown(entry.source(), WIDEST))
            .both("what", "WHAT", Entry::what)
            .field("item", Entry::item)
            .column("ITEM", entry -> Table.shown(entry.item(), WIDEST))
            .both("account", "ACCOUNT", Entry::account)
            .field("change", Entry::change)
            .field("before", Entry::before)
            .field("after", Entry::after)
            .column("CHANGE", entry -> Table.shown(change(entry), WIDEST_CHANGE));

    @Autowired
    private AuditLog log;

    @Option(names = "--account", paramLabel = "ID", description = "Changes of this account only.")
    private @Nullable String account;

    @Option(names = "--from", paramLabel = "D", description = "From this UTC day on.")
    private @Nullable LocalDate from;

    @Option(names = "--to", paramLabel = "D", description = "Up to and with this UTC day.")
    private @Nullable LocalDate to;

    @Override
    public Answer call() {
        return ENTRIES.listing(each -> log.each(account, from, to, each), "Nothing was changed");
    }

    /** Of a new row without what is empty. */
    private static String change(Entry entry) {
        var names = new TreeSet<String>(entry.before().propertyNames());
        names.addAll(entry.after().propertyNames());
        return names.stream()
                .filter(name -> !text(entry.before(), name).equals(text(entry.after(), name)))
                .map(name -> "%s: %s → %s".formatted(name, text(entry.before(), name), text(entry.after(), name)))
                .collect(Collectors.joining(", "));
    }

    private static String text(JsonNode values, String name) {
        var value = values.path(name);
        var text = value.isContainer() ? value.toString() : value.asString("");
        return text.isEmpty() || text.equals("[]") ? "–" : text;
    }
}
