package io.postpaid.web.console;

import io.postpaid.platform.audit.AuditLog;
import io.postpaid.platform.batch.RunHistory;
import io.postpaid.platform.batch.Schedules;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** This month beside the last, the latest run, what waits for a person, and who changed what. */
@ConsolePages
class OverviewPage {
    private static final int CHANGES = 8;

    private final Console console;
    private final MonthFigures figures;
    private final Waiting waiting;
    private final RunHistory history;
    private final Schedules schedules;
    private final AuditLog audit;

    OverviewPage(
            Console console,
            MonthFigures figures,
            Waiting waiting,
            RunHistory history,
            Schedules schedules,
            AuditLog audit) {
        this.console = console;
        this.figures = figures;
        this.waiting = waiting;
        this.history = history;
        this.schedules = schedules;
        this.audit = audit;
    }

    /** @param begun the run that is begun again: until its successor is there, the page looks for it */
    @GetMapping("/console")
    ResponseEntity<String> overview(HttpServletRequest request, @RequestParam(defaultValue = "0") long begun) {
        var view = new HashMap<String, @Nullable Object>();
        view.put("tiles", figures.tiles());
        view.put("waiting", waiting.kinds());
        view.put("next", Moments.text(schedules.next()));
        var latest = history.before(Long.MAX_VALUE, 1).stream().findFirst().orElse(null);
        view.put("run", latest == null ? null : RunRows.row(latest));
        view.put("live", latest != null && (latest.running() || latest.id() == begun));
        view.put("begun", begun);
        view.put(
                "steps",
                latest == null
                        ? null
                        : RunRows.steps(latest, history.stepTimes(latest.job()), history.atWork(latest.id())));
        view.put(
                "changes",
                audit.before(Long.MAX_VALUE, null, CHANGES).stream()
                        .map(AuditRows::row)
                        .toList());
        return console.page(request, "overview", "overview", view);
    }
}
