package io.postpaid.books.journal;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.template.TemplateFiles;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Writes journals as files that an accounting program imports. */
@Component
public class JournalExport {
    private final JournalStore store;
    private final TemplateFiles templates;
    private final InstantSource clock;

    JournalExport(JournalStore store, TemplateFiles templates, InstantSource clock) {
        this.store = store;
        this.templates = templates;
        this.clock = clock;
    }

    /** @param files none where the journals have nothing to book */
    public record Exported(List<Journal> journals, List<ExportFile> files) {
        public Exported {
            journals = List.copyOf(journals);
            files = List.copyOf(files);
        }
    }

    /**
     * All journals of a period, or one of them.
     *
     * @param version which one; null for all
     * @param currency only entries in it; null for all
     * @throws IllegalArgumentException which says what the program would refuse, and what to do
     */
    public Exported export(
            BillingPeriod period, JournalFormat format, @Nullable Integer version, @Nullable String currency) {
        var journals = store.journals(period).stream()
                .filter(journal -> version == null || journal.version() == version)
                .toList();
        if (journals.isEmpty()) throw new IllegalArgumentException(none(period, version));
        var chart = ChartFile.read(templates);
        chart.check(journals.getFirst().date());
        var lines = journals.stream()
                .flatMap(journal -> store.lines(journal).stream())
                .filter(line -> currency == null || line.currency().equals(currency))
                .map(line -> new BookedLine(line, chart.of(line)))
                .toList();
        if (lines.isEmpty()) return new Exported(journals, List.of());
        var inBookCurrency = journals.stream().allMatch(journal -> journal.bookCurrency() != null);
        return new Exported(journals, format.files(new Booking(period, lines, inBookCurrency, chart, clock.instant())));
    }

    private String none(BillingPeriod period, @Nullable Integer version) {
        var there = store.journals(period);
        return there.isEmpty()
                ? "%s has no journal, which closing it writes: run ./postpaid run close --period %s first"
                        .formatted(period, period)
                : "%s has no journal %s, but %s"
                        .formatted(
                                period,
                                version,
                                there.stream()
                                        .map(journal -> Integer.toString(journal.version()))
                                        .collect(Collectors.joining(" and ")));
    }
}
