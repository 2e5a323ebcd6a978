package io.postpaid.web.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.postpaid.platform.file.CsvText;
import io.postpaid.usage.intake.Quarantine;
import io.postpaid.usage.record.Reason;
import io.postpaid.web.Downloads;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The lines that could not be billed: why, what to mend, and trying them again. */
@ConsolePages
class QuarantinePages {
    private static final String ROOT = "/console/quarantine";
    private static final int CSV_PAGE = 1_000;

    private final Console console;
    private final QuarantineList list;
    private final Quarantine quarantine;
    private final Downloads downloads;

    QuarantinePages(Console console, QuarantineList list, Quarantine quarantine, Downloads downloads) {
        this.console = console;
        this.list = list;
        this.quarantine = quarantine;
        this.downloads = downloads;
    }

    @GetMapping(ROOT)
    ResponseEntity<String> groups(
            HttpServletRequest request,
            @RequestParam(required = false) @Nullable Reason reason,
            @RequestParam(required = false) @Nullable Reason behind,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) long before) {
        var counts = list.counts();
        var found = list.groups(reason, behind, before, QuarantineList.GROUPS + 1);
        var shown = found.stream().limit(QuarantineList.GROUPS).toList();
        var view = new HashMap<String, @Nullable Object>();
        view.put("counts", counts.stream().map(count -> count(count, reason)).toList());
        view.put("reason", reason);
        view.put("words", reason == null ? null : QuarantineRows.words(reason));
        view.put("mend", reason == null ? null : Mending.of(reason));
        view.put("groups", shown.stream().map(QuarantineRows::group).toList());
        view.put("too_late", counts.stream().anyMatch(count -> count.reason() == Reason.TOO_LATE));
        view.put(
                "next",
                found.size() > shown.size()
                        ? Map.of(
                                "behind", shown.getLast().reason(),
                                "before", shown.getLast().file())
                        : null);
        return console.page(request, "quarantine", "quarantine", view);
    }

    private static Map<String, ?> count(QuarantineList.Count count, @Nullable Reason chosen) {
        return Map.of(
                "reason", count.reason(),
                "words", QuarantineRows.words(count.reason()),
                "lines", QuarantineRows.counted(count.lines()),
                "chosen", count.reason() == chosen);
    }

    @GetMapping(ROOT + "/lines")
    ResponseEntity<String> lines(
            HttpServletRequest request,
            @RequestParam(required = false) @Nullable Reason reason,
            @RequestParam(defaultValue = "0") long file,
            @RequestParam(defaultValue = "") String account,
            @RequestParam(defaultValue = "0") long after) {
        var found = list.lines(reason, file, account, after, QuarantineList.LINES + 1);
        var shown = found.stream().limit(QuarantineList.LINES).toList();
        var group = account.isEmpty() ? reason : null;
        var view = new HashMap<String, @Nullable Object>();
        view.put("lines", shown.stream().map(QuarantineRows::line).toList());
        view.put("account", account);
        view.put("account_in_url", Hrefs.parameter(account));
        view.put("group", group != null);
        view.put("reason", reason == null ? "" : reason);
        view.put("file", file);
        view.put("name", group != null && !shown.isEmpty() ? shown.getFirst().name() : "");
        view.put("words", group != null ? QuarantineRows.words(group) : "");
        view.put("mend", group != null ? Mending.of(group) : "");
        view.put("too_late", reason == Reason.TOO_LATE);
        view.put("next", found.size() > shown.size() ? shown.getLast().id() : null);
        return console.page(request, "quarantine", "quarantine-lines", view);
    }

    @GetMapping(ROOT + ".csv")
    void csv(
            HttpServletResponse response,
            @RequestParam(required = false) @Nullable Reason reason,
            @RequestParam(defaultValue = "0") long file,
            @RequestParam(defaultValue = "") String account)
            throws IOException {
        downloads.send(
                response,
                new MediaType("text", "csv", UTF_8),
                "quarantine.csv",
                out -> write(reason, file, account, out));
    }

    private void write(@Nullable Reason reason, long file, String account, OutputStream out) throws IOException {
        var csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(new OutputStreamWriter(out, UTF_8));
        csv.writeRecord("id", "file", "line", "came_at", "reason", "detail", "account", "begins_with");
        long after = 0;
        List<QuarantineList.Line> page;
        do {
            page = list.lines(reason, file, account, after, CSV_PAGE);
            for (var line : page) {
                csv.writeRecord(
                        Long.toString(line.id()),
                        CsvText.cell(line.name()),
                        Long.toString(line.line()),
                        line.cameAt().toString(),
                        line.reason().name(),
                        CsvText.cell(line.detail()),
                        CsvText.cell(line.account()),
                        CsvText.cell(line.raw()));
                after = line.id();
            }
        } while (page.size() == CSV_PAGE);
        csv.flush();
    }

    @GetMapping(ROOT + "/{id}")
    ResponseEntity<String> line(HttpServletRequest request, @PathVariable long id) {
        var line = list.find(id).orElseThrow(ConsoleErrors.NotFoundException::new);
        return console.page(request, "quarantine", "quarantine-line", QuarantineRows.whole(line));
    }

    @PostMapping(ROOT + "/{id}/release")
    ResponseEntity<String> releaseOne(HttpServletRequest request, @PathVariable long id) {
        var line = list.find(id).orElseThrow(ConsoleErrors.NotFoundException::new);
        if (line.releasedAt() != null) throw new IllegalArgumentException("Line " + id + " was released before.");
        return released(request, quarantine.release(List.of(id)), 0, ROOT + "/" + id);
    }

    /** All of a file that is held for a reason. */
    @PostMapping(ROOT + "/release")
    ResponseEntity<String> release(HttpServletRequest request, @RequestParam Reason reason, @RequestParam long file) {
        return released(request, quarantine.release(reason, file), 0, ROOT);
    }

    @PostMapping(ROOT + "/release-all")
    ResponseEntity<String> releaseAll(HttpServletRequest request) {
        return released(request, quarantine.release(List.of()), quarantine.tooLate(), ROOT);
    }

    private ResponseEntity<String> released(
            HttpServletRequest request, Quarantine.Released released, long tooLate, String back) {
        var told = String.format(
                Locale.ROOT,
                "%,d accepted, %,d known already, %,d still in quarantine.",
                released.accepted(),
                released.duplicates(),
                released.stillOpen());
        var rest = tooLate == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        " %,d came too late and stay: release those that are to be billed by themselves or by their group.",
                        tooLate);
        var next = released.accepted() == 0 ? "" : " What was accepted is billed by the next nightly run.";
        return console.message(request, HttpStatus.OK, "Tried again", told + next + rest, back);
    }
}
