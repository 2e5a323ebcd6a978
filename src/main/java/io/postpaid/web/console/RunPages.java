package io.postpaid.web.console;

import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.batch.HeldItems.HeldItem;
import io.postpaid.platform.batch.RunFailedException;
import io.postpaid.platform.batch.RunHistory;
import io.postpaid.platform.batch.RunReport;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.batch.Schedules;
import io.postpaid.web.WebActor;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What was run, what runs, and running again what failed. */
@ConsolePages
class RunPages {
    private static final int PAGE = 50;
    private static final int HELD = 200;

    private final Console console;
    private final RunHistory history;
    private final HeldItems held;
    private final Runs runs;
    private final Schedules schedules;

    RunPages(Console console, RunHistory history, HeldItems held, Runs runs, Schedules schedules) {
        this.console = console;
        this.history = history;
        this.held = held;
        this.runs = runs;
        this.schedules = schedules;
    }

    @GetMapping("/console/runs")
    ResponseEntity<String> list(
            HttpServletRequest request,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) long before,
            @RequestParam(defaultValue = "") String failed) {
        var found = failed.isEmpty() ? history.before(before, PAGE + 1) : history.failed();
        var view = new HashMap<String, @Nullable Object>();
        view.put("runs", found.stream().limit(PAGE).map(RunRows::row).toList());
        view.put("failed", !failed.isEmpty());
        view.put("older", found.size() > PAGE ? found.get(PAGE - 1).id() : null);
        return console.page(request, "runs", "runs", view);
    }

    @GetMapping("/console/runs/{id}")
    ResponseEntity<String> run(HttpServletRequest request, @PathVariable long id) {
        var run = history.find(id).orElseThrow(ConsoleErrors.NotFoundException::new);
        var view = new HashMap<String, @Nullable Object>(RunRows.row(run));
        view.put("steps", RunRows.steps(run, history.stepTimes(run.job()), history.atWork(id)));
        var left = heldBy(id);
        view.put("items", left.stream().limit(HELD).map(RunPages::held).toList());
        view.put("more_items", Math.max(0, left.size() - HELD));
        view.put("may_rerun", mayRerun(run));
        return console.page(request, "runs", "run", view);
    }

    private boolean mayRerun(RunReport run) {
        return history.failed().stream().anyMatch(failed -> failed.id() == run.id());
    }

    private List<HeldItem> heldBy(long run) {
        var items = new ArrayList<HeldItem>();
        held.eachOfRun(run, items::add);
        return items;
    }

    private static Map<String, ?> held(HeldItem item) {
        var row = new HashMap<String, @Nullable Object>();
        row.put("step", item.step());
        row.put("item", item.item());
        row.put("account", item.account());
        row.put("href", Hrefs.account(item.account()));
        row.put("reason", item.reason());
        row.put("detail", item.detail());
        row.put("resolved", item.resolvedAt() == null ? null : Moments.text(item.resolvedAt()));
        return row;
    }

    /** Goes on where the run stopped. The page that follows shows how it goes. */
    @PostMapping("/console/runs/{id}/rerun")
    ResponseEntity<String> rerun(HttpServletRequest request, @PathVariable long id) {
        var run = history.find(id).orElseThrow(ConsoleErrors.NotFoundException::new);
        var page = "/console/runs/" + id;
        if (!mayRerun(run)) {
            throw new IllegalArgumentException(
                    "Run " + id + " need not be run again: it is done, or was run again since.");
        }
        if (history.isInProgress()) {
            return console.message(
                    request,
                    HttpStatus.CONFLICT,
                    "Another run is in progress",
                    "Wait for it to end, then run this one again.",
                    page);
        }
        try {
            schedules.rerun(id, WebActor.of(request));
        } catch (RunFailedException refused) {
            throw new IllegalArgumentException(refused.getMessage(), refused);
        }
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create("/console?begun=" + id))
                .build();
    }

    /** Stops behind the chunk that is at work; running it again goes on from there. */
    @PostMapping("/console/runs/{id}/stop")
    ResponseEntity<String> stop(HttpServletRequest request, @PathVariable long id) {
        if (history.find(id).filter(RunReport::running).isEmpty()) {
            throw new IllegalArgumentException("Run " + id + " is not in progress.");
        }
        runs.stop();
        return console.message(
                request,
                HttpStatus.OK,
                "The run stops",
                "It ends behind the chunk that is at work. Run it again to go on from there.",
                "/console/runs/" + id);
    }
}
