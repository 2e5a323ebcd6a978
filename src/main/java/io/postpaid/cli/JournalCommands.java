package io.postpaid.cli;

import io.postpaid.books.journal.ExportFile;
import io.postpaid.books.journal.Journal;
import io.postpaid.books.journal.JournalExport;
import io.postpaid.books.journal.JournalFormat;
import io.postpaid.books.journal.Journals;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.WholeFile;
import io.postpaid.platform.money.Amounts;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "journal", description = "Journals of closed months, and files of them for accounting programs.")
final class JournalCommands {
    private static final Fields<Journal> JOURNALS = new Fields<Journal>()
            .both("period", "PERIOD", journal -> journal.period().toString())
            .both("journal", "JOURNAL", Journal::version)
            .both("written_at", "WRITTEN AT", Journal::writtenAt)
            .both("entries", "ENTRIES", Journal::entries)
            .both("lines", "LINES", Journal::lines)
            .field("sums", journal -> amounts(journal.sums()))
            .column("DEBIT = CREDIT", journal -> inWords(journal.sums()));

    @Autowired
    private Journals journals;

    @Autowired
    private JournalExport export;

    @Autowired
    private Terminal terminal;

    @ParentCommand
    private @Nullable PostpaidCommand postpaid;

    @Command(name = "list", description = "Lists the journals of closed months, the oldest first.")
    Answer list() {
        return JOURNALS.list(
                journals.all(), "There are no journals: ./postpaid run close --period P writes one for each month");
    }

    @Command(
            name = "export",
            description = "Writes the journal entries of a month as an accounting program imports them.")
    Answer export(
            @Option(names = "--period", required = true, paramLabel = "P", description = "A month such as 2026-10.")
                    BillingPeriod period,
            @Option(
                            names = "--format",
                            required = true,
                            paramLabel = "F",
                            description = "csv, xero, quickbooks, netsuite or datev.")
                    JournalFormat format,
            @Option(
                            names = "--journal",
                            paramLabel = "N",
                            description = "Only this one, such as 2 for what closing again has changed. Default: all.")
                    @Nullable
                    Integer version,
            @Option(names = "--currency", paramLabel = "C", description = "Only entries in it. Default: all.") @Nullable
                    String currency,
            @Option(names = "--out", paramLabel = "FILE", description = "Default: standard output.") @Nullable Path out)
            throws IOException {
        var exported = export.export(period, format, version, currency);
        var files = exported.files();
        var told = told(period, exported);
        var names = out == null ? List.<Path>of() : names(out, files.size());
        for (int i = 0; i < names.size(); i++) {
            WholeFile.write(names.get(i).toAbsolutePath(), files.get(i).bytes());
        }
        var isJson = postpaid != null && postpaid.json();
        if (out == null && !isJson) return printed(files, told);
        var json = new ArrayList<Json>();
        for (int i = 0; i < files.size(); i++) {
            var file = files.get(i);
            json.add(new Json()
                    .with("file", out == null ? null : names.get(i).toString())
                    .with("entries", file.entries())
                    .with("lines", file.lines())
                    .with("sums", amounts(file.sums())));
            if (out == null) json.getLast().put("text", file.text());
        }
        return Answer.of(
                new Json()
                        .with("period", period.toString())
                        .with("format", format.name().toLowerCase(Locale.ROOT))
                        .with(
                                "journals",
                                exported.journals().stream()
                                        .map(Journal::version)
                                        .toList())
                        .with("files", json),
                names.isEmpty()
                        ? told
                        : told + ": " + names.stream().map(Path::toString).collect(Collectors.joining(", ")));
    }

    private Answer printed(List<ExportFile> files, String told) {
        if (files.size() > 1) {
            throw new IllegalArgumentException(
                    "This is %d files, since the program takes no more lines in one: name them with --out FILE, and they are numbered"
                            .formatted(files.size()));
        }
        for (var file : files) terminal.out().writeBytes(file.bytes());
        terminal.out().flush();
        terminal.err().println(told);
        return Answer.given(0);
    }

    /** The name itself for one file; with numbers, for several: {@code october-1.csv}. */
    private static List<Path> names(Path out, int count) {
        if (count < 2) return count == 0 ? List.of() : List.of(out);
        var name = out.getFileName().toString();
        int dot = name.lastIndexOf('.') < 1 ? name.length() : name.lastIndexOf('.');
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> out.resolveSibling(name.substring(0, dot) + "-" + n + name.substring(dot)))
                .toList();
    }

    private static String told(BillingPeriod period, JournalExport.Exported exported) {
        var journals = exported.journals();
        var versions = journals.stream().map(JournalCommands::inWords).collect(Collectors.joining(", "));
        var said = (journals.size() == 1 ? "The journal of " : "The journals of ") + period + ": " + versions;
        if (exported.files().isEmpty()) return said + ". Nothing is to be booked, and no file was written";
        if (journals.size() == 1) return said;
        return said + ". Which of them the program has already, leave out: --journal "
                + journals.getLast().version();
    }

    private static String inWords(Journal journal) {
        return "%d of %s with %d entries, %s"
                .formatted(
                        journal.version(),
                        journal.writtenAt(),
                        journal.entries(),
                        journal.lines() == 0 ? "no difference" : inWords(journal.sums()));
    }

    private static String inWords(Map<String, BigDecimal> sums) {
        return sums.entrySet().stream()
                .map(sum -> Amounts.text(sum.getValue(), sum.getKey()))
                .collect(Collectors.joining(" and "));
    }

    private static List<Json> amounts(Map<String, BigDecimal> sums) {
        return sums.entrySet().stream()
                .map(sum -> new Json()
                        .with("currency", sum.getKey())
                        .with("amount", Amounts.plain(sum.getValue(), sum.getKey())))
                .toList();
    }
}
