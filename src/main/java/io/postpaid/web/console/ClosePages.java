package io.postpaid.web.console;

import io.postpaid.books.close.ClosedMonth;
import io.postpaid.books.close.ClosedReport;
import io.postpaid.books.close.Closing;
import io.postpaid.books.close.Tie;
import io.postpaid.books.journal.Journals;
import io.postpaid.platform.batch.RunHistory;
import io.postpaid.platform.batch.RunReport;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.web.Downloads;
import io.postpaid.web.console.CloseMonths.State;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The months whose books are closed or can be; and of one, what blocks it, what it ties to, and what was kept of it. */
@ConsolePages
class ClosePages {
    static final String ROOT = "/console/close";
    private static final int PAGE = 24;

    private final Console console;
    private final CloseMonths months;
    private final Closing closing;
    private final ClosedReport report;
    private final Journals journals;
    private final RunHistory history;
    private final Downloads downloads;

    ClosePages(
            Console console,
            CloseMonths months,
            Closing closing,
            ClosedReport report,
            Journals journals,
            RunHistory history,
            Downloads downloads) {
        this.console = console;
        this.months = months;
        this.closing = closing;
        this.report = report;
        this.journals = journals;
        this.history = history;
        this.downloads = downloads;
    }

    @GetMapping(ROOT)
    ResponseEntity<String> list(HttpServletRequest request, @RequestParam(defaultValue = "") String before) {
        var from =
                before.isBlank() ? LocalDate.of(9999, 1, 1) : months.get(before).period();
        var found = months.before(from, PAGE + 1);
        var view = new HashMap<String, @Nullable Object>();
        view.put("months", found.stream().limit(PAGE).map(CloseRows::row).toList());
        view.put("older", found.size() > PAGE ? found.get(PAGE - 1).month().toString() : null);
        return console.page(request, "close", "close", view);
    }

    /**
     * @param begun the latest run that closes it when a further one was begun: until that is there, the page looks for it
     * @param checked whether what blocks it and what it ties to is worked out, which takes a while on large books
     */
    @GetMapping(ROOT + "/{period}")
    ResponseEntity<String> month(
            HttpServletRequest request,
            @PathVariable String period,
            @RequestParam(defaultValue = "-1") long begun,
            @RequestParam(defaultValue = "") String checked) {
        var month = months.get(period);
        var run = history.latestClose(month.month());
        var open = month.state() == State.OPEN || month.state() == State.REOPENED;
        var live = run.filter(RunReport::running).isPresent()
                || open && run.map(RunReport::id).orElse(0L) == begun;
        var show = open && !live && !checked.isEmpty();
        var view = new HashMap<String, @Nullable Object>(CloseRows.row(month));
        view.put("begun", begun);
        view.put("live", live);
        view.put("run", run.map(RunRows::row).orElse(null));
        view.put(
                "steps",
                run.map(one -> RunRows.steps(one, history.stepTimes(one.job()), history.atWork(one.id())))
                        .orElse(List.of()));
        view.put("failed", !live && run.filter(one -> !one.completed()).isPresent());
        view.put("to_check", open && !live && !show);
        view.put("checked", show);
        view.putAll(checked(month.month(), show));
        view.putAll(kept(live ? Optional.empty() : closing.closed(month.month())));
        view.put(
                "journals",
                journals.of(month.month()).stream().map(CloseRows::row).toList());
        var closings = months.closings(month.month());
        // One that stands says by itself when it was closed.
        var reopened = closings.stream().anyMatch(one -> one.reopenedAt() != null);
        view.put("closings", reopened ? closings.stream().map(CloseRows::row).toList() : List.of());
        return console.page(request, "close", "close-month", view);
    }

    private Map<String, @Nullable Object> checked(BillingPeriod month, boolean now) {
        var blockers = now ? closing.blockers(month) : null;
        var view = new HashMap<String, @Nullable Object>();
        view.put(
                "blockers",
                blockers == null ? null : blockers.stream().map(CloseRows::row).toList());
        view.put("free", blockers != null && blockers.isEmpty());
        view.put("live_ties", now ? ties(closing.ties(month)) : null);
        return view;
    }

    private static Map<String, ?> ties(List<Tie> ties) {
        return Map.of("ties", ties.stream().map(CloseRows::row).toList());
    }

    private static Map<String, @Nullable Object> kept(Optional<ClosedMonth> closed) {
        var view = new HashMap<String, @Nullable Object>();
        view.put("closed", closed.isPresent());
        view.put("version", closed.map(ClosedMonth::version).orElse(null));
        view.put("kept", closed.map(month -> ties(month.ties())).orElse(null));
        view.put(
                "files",
                closed.map(month -> month.files().stream().map(CloseRows::row).toList())
                        .orElse(null));
        return view;
    }

    /** Only what the closing has kept, which is found by its name there: no name leads to another file. */
    @GetMapping(ROOT + "/{period}/files/{file}")
    void file(HttpServletResponse response, @PathVariable String period, @PathVariable String file) throws IOException {
        var month = months.get(period).month();
        var kept = closing.closed(month).stream()
                .flatMap(closed -> closed.files().stream())
                .filter(one -> one.file().equals(file))
                .findFirst()
                .orElseThrow(ConsoleErrors.NotFoundException::new);
        downloads.send(
                response,
                MediaType.APPLICATION_OCTET_STREAM,
                month + "-" + kept.file(),
                out -> report.copy(month, kept, out));
    }

    @ExceptionHandler
    ResponseEntity<String> notAsKept(HttpServletRequest request, ClosedReport.NotAsKeptException changed) {
        return console.message(
                request,
                HttpStatus.CONFLICT,
                "This is not the file that was kept",
                changed.getMessage() + ".",
                request.getRequestURI().replaceFirst("/files/.*", ""));
    }
}
